"""What is answered when something was changed for several clients at once: some of it may have been refused."""

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.faults import shown
from parlance.apis.leancloud.ids import iso
from parlance.core.model.conversation import Conversation
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.kernel.faults import Fault


class Failed(msgspec.Struct):
    """To whom it was refused, and why, as on the socket."""

    code: int
    reason: str
    pids: list[str]


class Done(msgspec.Struct, rename="camel"):
    """Done, save for those it names."""

    failed_pids: list[Failed] | UnsetType = UNSET


DONE = Done()


class ConversationChanged(msgspec.Struct, rename="camel"):
    """When the conversation last changed."""

    updated_at: str
    object_id: str
    failed_pids: list[Failed] | UnsetType = UNSET


def changed(change: MembershipChange) -> ConversationChanged:
    """The conversation afterwards. Refuses if nothing was done."""
    return ConversationChanged(iso(change.changed_at), change.conversation.conv_id, failed(change))


def done(change: MembershipChange) -> Done:
    """That it is done. Refuses if nothing was."""
    return Done(failed(change))


def failed(change: MembershipChange) -> list[Failed] | UnsetType:
    """Those for whom it was not done; raises the first of the reasons if it was done for nobody."""
    if not change.refused:
        return UNSET
    if not change.allowed:
        raise Fault(change.refused[0].code)
    return [_failed(refusal) for refusal in change.refused]


def updated_at(conversation: Conversation) -> str:
    """When something was last said about it."""
    return iso(conversation.updated_at or conversation.created_at)


def _failed(refusal: Refusal) -> Failed:
    how = shown(refusal.code)
    return Failed(int(how.code), how.words, list(refusal.clients))
