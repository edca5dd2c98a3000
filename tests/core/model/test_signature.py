"""Signatures: the worked examples that LeanCloud's own clients agree with, and what may be signed."""

import pytest

from core.world import refused
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.signature import (
    Permission,
    SignedAction,
    joined_client_ids,
    moment_of,
    plain_client_id,
    signature_of,
    signs,
)
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId

APP = App(AppId("demoAppId0001"), "", "public", "demoMasterKey_0123456789", "secret", Policy.TOKEN, AppSettings(), 0, 0)
MOMENT = 1767225600000
NONCE = "a1b2c3d4"
CONVERSATION = "66aabbccddeeff0011223344"


def members(*names: str) -> tuple[ClientId, ...]:
    """Some clients."""
    return tuple(map(ClientId, names))


TOM = ClientId("tom")
EXAMPLES = [
    (Permission(TOM), "demoAppId0001:tom::1767225600000:a1b2c3d4", "0a1ece52a633b4232f0f211c2f536314318c2b6b"),
    (
        Permission(TOM, members("tom", "jerry", "bob")),
        "demoAppId0001:tom:bob:jerry:tom:1767225600000:a1b2c3d4",
        "e9b8bc327c7a4e5bc5df261ba4816b537a47d94f",
    ),
    (
        Permission(TOM, members("mary", "alice"), CONVERSATION, SignedAction.INVITE),
        f"demoAppId0001:tom:{CONVERSATION}:alice:mary:1767225600000:a1b2c3d4:invite",
        "62e8ec1eafe5c925bd70fdd1e4a6091977012fc2",
    ),
    (
        Permission(TOM, members("bob"), CONVERSATION, SignedAction.KICK),
        f"demoAppId0001:tom:{CONVERSATION}:bob:1767225600000:a1b2c3d4:kick",
        "4321bd48e537ed5184f3f09cf5b2322e704bc907",
    ),
    (
        Permission(ClientId("mary"), members("mary"), CONVERSATION, SignedAction.INVITE),
        f"demoAppId0001:mary:{CONVERSATION}:mary:1767225600000:a1b2c3d4:invite",
        "2ad8fe80c2195a6770a6a0c40f1712b16afe735e",
    ),
    (
        Permission(ClientId("mary"), members("mary"), CONVERSATION, SignedAction.KICK),
        f"demoAppId0001:mary:{CONVERSATION}:mary:1767225600000:a1b2c3d4:kick",
        "365aa8ab31a69ee084c1e9e28a1dd22b308f33b1",
    ),
    (
        Permission(TOM, members("bob"), CONVERSATION, SignedAction.BLOCK),
        f"demoAppId0001:tom:{CONVERSATION}:bob:1767225600000:a1b2c3d4:conversation-block-clients",
        "706b6a10321eca27573b41f87e54b51f4dd5c7ab",
    ),
    (
        Permission(TOM, members("bob"), CONVERSATION, SignedAction.UNBLOCK),
        f"demoAppId0001:tom:{CONVERSATION}:bob:1767225600000:a1b2c3d4:conversation-unblock-clients",
        "ed97f95ac5aded1b2fa68cc78159d2f9f4ce99a8",
    ),
    (
        Permission(TOM, (), CONVERSATION, SignedAction.CLIENT_BLOCKS),
        f"demoAppId0001:tom:{CONVERSATION}::1767225600000:a1b2c3d4:client-block-conversations",
        "37b7b05298c67096660558ad68b87ed712046e0c",
    ),
    (
        Permission(TOM, conv_id=CONVERSATION, history=True),
        f"demoAppId0001:tom:{CONVERSATION}:a1b2c3d4:1767225600000",
        "8d6e09e373a2991d08a1f979af4943cb173c4537",
    ),
]
DEMO_ORDER = "6748f32983a054926bd5a5e3ccec72e86c9e9bee"
"""Of history, as LeanCloud's examples sign it."""


@pytest.mark.parametrize(("permission", "text", "signature"), EXAMPLES)
def test_the_worked_examples(permission: Permission, text: str, signature: str) -> None:
    """The text that is signed, and 40 hex digits, are what every client computes."""
    assert text == permission.text(APP.app_id, MOMENT, NONCE)
    assert signature == signature_of(APP, permission, MOMENT, NONCE)
    for shown in (signature, signature.upper()):
        assert signs(APP, permission, MOMENT, NONCE, shown)
    for wrong in ("", signature[:-1], signature + "0", "ü" * 40, DEMO_ORDER[::-1]):
        assert not signs(APP, permission, MOMENT, NONCE, wrong)
    assert not signs(APP, permission, MOMENT + 1, NONCE, signature)
    assert not signs(APP, permission, MOMENT, NONCE + "x", signature)


def test_history_is_signed_in_two_orders() -> None:
    """As the document has it, and as LeanCloud's examples have it."""
    assert signs(APP, Permission(TOM, conv_id=CONVERSATION, history=True), MOMENT, NONCE, DEMO_ORDER)


def test_who_comes_in_by_itself_is_named_or_not() -> None:
    """Both are the same permission; in everything else the list must be right."""
    mary = ClientId("mary")
    unnamed, named = (Permission(mary, who, CONVERSATION, SignedAction.INVITE) for who in ((), (mary,)))
    for asked, signed in ((unnamed, named), (named, unnamed)):
        assert signs(APP, asked, MOMENT, NONCE, signature_of(APP, signed, MOMENT, NONCE))
    out = Permission(mary, (mary,), CONVERSATION, SignedAction.KICK)
    nobody = Permission(mary, (), CONVERSATION, SignedAction.KICK)
    assert not signs(APP, out, MOMENT, NONCE, signature_of(APP, nobody, MOMENT, NONCE))


def test_seconds_and_milliseconds() -> None:
    """What is too low for milliseconds of our time are seconds."""
    assert [MOMENT, MOMENT, 0] == [moment_of(MOMENT), moment_of(MOMENT // 1000), moment_of(0)]


def test_nobody_is_an_empty_text_between_colons() -> None:
    """Joining by oneself names nobody."""
    permission = Permission(TOM, (), CONVERSATION, SignedAction.INVITE)
    assert f"a:tom:{CONVERSATION}::5:n:invite" == permission.text("a", 5, "n")


def test_members_are_sorted_by_code_point() -> None:
    """Digits before capitals before small letters before everything else; shorter before longer."""
    permission = Permission(TOM, members("ä", "b", "B", "10", "9", "b1", "小"))
    assert "10:9:B:b:b1:ä:小" == permission.sorted_members


def test_a_joined_list() -> None:
    """Is read as it stands; nothing in it is nobody."""
    assert members("c2", "c1", "c2") == joined_client_ids("c2:c1:c2", "ids")
    assert () == joined_client_ids("", "ids")
    for wrong in (":", "a:", ":a", "a::b", "a b", "x" * 65, "a:\x00"):
        assert FaultCode.BAD_FORMAT is refused(lambda wrong=wrong: joined_client_ids(wrong, "ids"))  # type: ignore[misc]


def test_no_colon_in_a_client_id() -> None:
    """It would be two in a list. Numbers are fine."""
    assert ClientId("565") == plain_client_id(565, "client_id")
    assert FaultCode.BAD_FORMAT is refused(lambda: plain_client_id("a:b", "client_id"))
