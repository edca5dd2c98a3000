"""Conversations themselves: `conv` with `start`, `update`, `query` and the like."""

from typing import Any, Final, final

from msgspec import field

from parlance.protocols.leancloud.commands.command import ClientId, Command, JsonObject, Signable, clamped

MEMBERS_AT_ONCE: Final = 50
QUERIED_UNLESS_SAID: Final = 10
MOST_QUERIED: Final = 1000
_COMPACT: Final = 1
_WITH_LAST_MESSAGE: Final = 2


@final
class StartConversation(Signable, kw_only=True):
    """`conv/start` (wire: leancloud#conv-start). `transient` wins over `temp_conv`, and that over `unique`."""

    members: list[ClientId] = field(default_factory=list, name="m")
    attr: JsonObject | None = None
    transient: bool = False
    unique: bool = False
    temp_conv: bool = False
    temp_conv_ttl: int | None = field(default=None, name="tempConvTTL")


@final
class UpdateConversation(Command, kw_only=True):
    """`conv/update`: keys to set, dotted ones among them, and operations (wire: leancloud#conv-update)."""

    cid: str
    attr: JsonObject


@final
class MuteConversation(Command, kw_only=True):
    """`conv/mute`: no pushes to me while I am offline (wire: leancloud#conv-mute)."""

    cid: str


@final
class UnmuteConversation(Command, kw_only=True):
    """`conv/unmute` (wire: leancloud#conv-mute)."""

    cid: str


@final
class CountMembers(Command, kw_only=True):
    """`conv/count` (wire: leancloud#conv-count)."""

    cid: str


@final
class ListMembers(Command, kw_only=True):
    """`conv/members` (wire: leancloud#conv-members)."""

    cid: str
    limit: int | None = None

    @property
    def page(self) -> int:
        """How many are answered at most."""
        return clamped(self.limit, MEMBERS_AT_ONCE, MEMBERS_AT_ONCE)


@final
class AskMembership(Command, kw_only=True):
    """`conv/is_member`: in which of these I am (wire: leancloud#conv-is-member)."""

    cids: list[str] = field(default_factory=list)


@final
class AskMaxRead(Command, kw_only=True):
    """`conv/max_read`: how far the others have come (wire: leancloud#conv-max-read)."""

    cid: str
    query_all_members: bool = False


@final
class QueryConversations(Command, kw_only=True):
    """`conv/query` (wire: leancloud#conv-query)."""

    where: JsonObject | None = None
    sort: str | None = None
    limit: int | None = None
    skip: int = 0
    flag: int = 0
    temp_conv_ids: list[str] = field(default_factory=list)

    @property
    def conditions(self) -> dict[str, Any] | None:
        """What is looked for; None stands for the client's own conversations."""
        return self.where or None

    @property
    def page(self) -> int:
        """How many rows are answered at most."""
        return clamped(self.limit, QUERIED_UNLESS_SAID, MOST_QUERIED)

    @property
    def skipped(self) -> int:
        """How many rows are left out before."""
        return max(0, self.skip)

    @property
    def compact(self) -> bool:
        """Rows without their members."""
        return bool(self.flag & _COMPACT)

    @property
    def with_last_message(self) -> bool:
        """Rows with their last message."""
        return bool(self.flag & _WITH_LAST_MESSAGE)
