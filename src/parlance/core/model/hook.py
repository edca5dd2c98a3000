"""What an app is asked before, and told after, things happen: LeanCloud's thirteen hooks.

Before: the app may refuse, or change what is said. After: it is told, and that is all.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from parlance.kernel.clock import SECOND
from parlance.kernel.faults import bad_format

LONGEST_ADDRESS = 2048


class Hook(StrEnum):
    """By the names of LeanCloud's cloud functions."""

    MESSAGE_RECEIVED = "_messageReceived"
    RECEIVERS_OFFLINE = "_receiversOffline"
    MESSAGE_SENT = "_messageSent"
    MESSAGE_UPDATE = "_messageUpdate"
    CONVERSATION_START = "_conversationStart"
    CONVERSATION_STARTED = "_conversationStarted"
    CONVERSATION_ADD = "_conversationAdd"
    CONVERSATION_ADDED = "_conversationAdded"
    CONVERSATION_REMOVE = "_conversationRemove"
    CONVERSATION_REMOVED = "_conversationRemoved"
    CONVERSATION_UPDATE = "_conversationUpdate"
    CLIENT_ONLINE = "_clientOnline"
    CLIENT_OFFLINE = "_clientOffline"


BEFORE = frozenset(
    {
        Hook.MESSAGE_RECEIVED,
        Hook.MESSAGE_UPDATE,
        Hook.CONVERSATION_START,
        Hook.CONVERSATION_ADD,
        Hook.CONVERSATION_REMOVE,
        Hook.CONVERSATION_UPDATE,
    }
)
"""Those whose answer is waited for."""


class HookAddress(msgspec.Struct, frozen=True):
    """Where an app's hooks are, and how they are called; `wait` in milliseconds.

    `names` are those that are there. `refuses`: what cannot be asked is not allowed.
    """

    url: str = ""
    key: str = ""
    names: frozenset[Hook] = frozenset(Hook)
    wait: int = 3 * SECOND
    refuses: bool = False

    def has(self, hook: Hook) -> bool:
        """Whether the app has it."""
        return bool(self.url) and hook in self.names


class HookAnswer(msgspec.Struct, rename="camel"):
    """What a hook may answer: fields that are not there leave all as it is."""

    drop: bool = False
    reject: bool = False
    code: int | None = None
    detail: str | None = None
    content: str | None = None
    bin: bool = False
    attr: Mapping[str, Any] | None = None
    mute: bool | None = None

    @property
    def refuses(self) -> bool:
        """Whether the app does not want it."""
        return self.drop or self.reject


def hook_names(words: str) -> frozenset[Hook]:
    """The hooks named with commas between; "" means all. Raises BAD_FORMAT."""
    named = [word.strip() for word in words.split(",") if word.strip()]
    try:
        return frozenset(map(Hook, named)) if named else frozenset(Hook)
    except ValueError:
        raise bad_format("hook_names", f"hooks are {', '.join(Hook)}") from None


def judge_hook_address(url: str) -> None:
    """Refuse what is no address of a web server: BAD_FORMAT."""
    if url and (len(url) > LONGEST_ADDRESS or not url.startswith(("http://", "https://")) or not url.isprintable()):
        raise bad_format("hook_url", "an address begins with http:// or https://")
