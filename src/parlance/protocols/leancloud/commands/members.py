"""People in conversations: `conv` with `add`, `remove`, roles and shut-ups, and `blacklist`."""

from typing import Annotated, Final, final

import msgspec
from msgspec import field

from parlance.protocols.leancloud.commands.command import ClientId, Command, Signable, clamped

LISTED_UNLESS_SAID: Final = 10
MOST_LISTED: Final = 100
Somebody = Annotated[list[ClientId], msgspec.Meta(min_length=1)]


@final
class AddMembers(Signable, kw_only=True):
    """`conv/add`: others, or oneself (wire: leancloud#membership)."""

    cid: str
    members: Somebody = field(name="m")


@final
class RemoveMembers(Signable, kw_only=True):
    """`conv/remove`: others, or oneself (wire: leancloud#membership)."""

    cid: str
    members: Somebody = field(name="m")


class MemberInfo(msgspec.Struct, gc=False, kw_only=True):
    """Who shall have which role."""

    pid: str | None = None
    role: str | None = None


@final
class UpdateMemberInfo(Command, kw_only=True):
    """`conv/member_info_update` (wire: leancloud#roles)."""

    cid: str
    target_client_id: str | None = None
    info: MemberInfo

    @property
    def target(self) -> str | None:
        """Whose role it is about."""
        return self.target_client_id or self.info.pid


class _Listed(Command, kw_only=True):
    limit: int | None = None
    next: str | None = None

    @property
    def page(self) -> int:
        """How many are answered at most."""
        return clamped(self.limit, LISTED_UNLESS_SAID, MOST_LISTED)


@final
class ShutUpMembers(Command, kw_only=True):
    """`conv/add_shutup` (wire: leancloud#shutup)."""

    cid: str
    members: Somebody = field(name="m")


@final
class LetMembersSpeak(Command, kw_only=True):
    """`conv/remove_shutup` (wire: leancloud#shutup)."""

    cid: str
    members: Somebody = field(name="m")


@final
class QueryShutUp(_Listed, kw_only=True):
    """`conv/query_shutup`: who may not speak (wire: leancloud#shutup)."""

    cid: str


@final
class CheckShutUp(Command, kw_only=True):
    """`conv/check_shutup`: who of these may not speak (wire: leancloud#shutup)."""

    cid: str
    members: list[ClientId] = field(default_factory=list, name="m")


@final
class BlockMembers(Signable, kw_only=True):
    """`blacklist/block` (wire: leancloud#blacklist)."""

    src_cid: str
    to_pids: Somebody


@final
class UnblockMembers(Signable, kw_only=True):
    """`blacklist/unblock` (wire: leancloud#blacklist)."""

    src_cid: str
    to_pids: Somebody


@final
class QueryBlocked(_Listed, kw_only=True):
    """`blacklist/query`: who is blocked (wire: leancloud#blacklist)."""

    src_cid: str


@final
class CheckBlocked(Command, kw_only=True):
    """`blacklist/check_block`: who of these is blocked (wire: leancloud#blacklist)."""

    src_cid: str
    to_pids: list[ClientId] = field(default_factory=list)
