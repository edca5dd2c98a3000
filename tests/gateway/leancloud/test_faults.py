"""Every fault has its code, whatever the command (wire: leancloud#error-codes)."""

import pytest

from parlance.gateway.leancloud.faults import CODES, code_of, detail_of
from parlance.gateway.leancloud.handlers import HANDLERS
from parlance.kernel.faults import Fault, FaultCode
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands import conversations, members, messages, sessions
from parlance.protocols.leancloud.reader import COMMANDS

BY_THE_VISIT = {
    sessions.OpenSession,
    sessions.CloseSession,
    sessions.Login,
    sessions.Logout,
    sessions.Echo,
    messages.SendMessage,
}
"""What needs more than an answer, or none of the app's actions."""


def test_the_table_is_whole() -> None:
    """A fault that is new breaks this first."""
    assert set(FaultCode) == set(CODES)


def test_every_command_is_carried_out() -> None:
    """By a handler, or by the visit itself."""
    assert set(COMMANDS) == set(HANDLERS) | BY_THE_VISIT


@pytest.mark.parametrize("command", sorted(COMMANDS, key=str))
def test_every_fault_has_a_code_for_every_command(command: type) -> None:
    """One of those that are documented."""
    assert all(isinstance(code_of(fault, command), ErrorCode) for fault in FaultCode)


@pytest.mark.parametrize(
    ("fault", "command", "code"),
    [
        (FaultCode.NOT_A_MEMBER, messages.SendMessage, 4401),
        (FaultCode.NOT_A_MEMBER, messages.QueryHistory, 4312),
        (FaultCode.NOT_A_MEMBER, conversations.UpdateConversation, 4309),
        (FaultCode.NOT_A_MEMBER, members.AddMembers, 4317),
        (FaultCode.REJECTED_BY_APP, conversations.StartConversation, 4305),
        (FaultCode.REJECTED_BY_APP, messages.SendMessage, 4402),
        (FaultCode.REJECTED_BY_APP, messages.PatchMessages, 4405),
        (FaultCode.WRONG_SIGNATURE, sessions.OpenSession, 4102),
        (FaultCode.WRONG_SIGNATURE, conversations.StartConversation, 4302),
        (FaultCode.WRONG_SIGNATURE, members.BlockMembers, 4546),
        (FaultCode.RATE_LIMITED, messages.SendMessage, 4116),
        (FaultCode.RATE_LIMITED, conversations.QueryConversations, 4318),
        (FaultCode.FULL, members.AddMembers, 4304),
        (FaultCode.FULL, members.BlockMembers, 4543),
        (FaultCode.FULL, members.ShutUpMembers, 4561),
        (FaultCode.INTERNAL, messages.SendMessage, 4200),
    ],
)
def test_some_commands_have_words_of_their_own(fault: FaultCode, command: type, code: int) -> None:
    """As the rules say."""
    assert code == code_of(fault, command)


def test_details_are_for_what_the_code_does_not_say() -> None:
    """A fault without a word of its own has none."""
    assert detail_of(Fault(FaultCode.FULL)) is None
    assert "m: too many" == detail_of(Fault(FaultCode.FULL, "too many", field="m"))
