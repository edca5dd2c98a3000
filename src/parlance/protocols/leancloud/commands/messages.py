"""What is said, and what becomes of it: `direct`, `ack`, `read`, `logs`, `patch`."""

from enum import IntEnum
from typing import ClassVar, Final, final

import msgspec
from msgspec import field

from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands.command import Command, clamped

LOGGED_UNLESS_SAID: Final = 20
MOST_LOGGED: Final = 100


class Direction(IntEnum):
    """Which way history is read."""

    OLD = 1
    NEW = 2


@final
class SendMessage(Command, kw_only=True):
    """`direct` (wire: leancloud#direct): `msg` or `binary_msg`, never neither."""

    header: ClassVar[tuple[str, ...]] = ("priority",)

    cid: str
    msg: str | None = None
    binary_msg: bytes | None = None
    receipt: bool = field(default=False, name="r")
    transient: bool = False
    dt: str | None = None
    push_data: str | None = None
    will: bool = False
    mention_pids: list[str] = field(default_factory=list)
    mention_all: bool = False
    priority: int | None = None

    @property
    def size(self) -> int:
        """What it weighs, in bytes."""
        said = len((self.msg or "").encode()) + len(self.binary_msg or b"")
        return said + len((self.push_data or "").encode())


@final
class UnsendableMessage(Command, kw_only=True):
    """A `direct` that is no message, or too long: to be answered by `answers.message_refused`.

    It comes out as a command because even such an answer has a message id and a time, which only others have.
    """

    cid: str | None
    code: ErrorCode
    detail: str


@final
class AckMessages(Command, kw_only=True):
    """`ack`: what has arrived, by id or as a range that is closed at both ends (wire: leancloud#ack)."""

    cid: str | None = None
    mid: str | None = None
    fromts: int | None = None
    tots: int | None = None
    ids: list[str] = field(default_factory=list)
    """Of what was pushed to an installation."""


class ReadTuple(msgspec.Struct, gc=False, kw_only=True):
    """How far one conversation was read."""

    cid: str
    timestamp: int | None = None
    mid: str | None = None


@final
class ReadMessages(Command, kw_only=True):
    """`read` (wire: leancloud#read)."""

    cid: str | None = None
    cids: list[str] = field(default_factory=list)
    convs: list[ReadTuple] = field(default_factory=list)

    @property
    def marks(self) -> list[ReadTuple]:
        """Each conversation that was read; without a time, all of it."""
        whole = self.cids if self.cid is None else [self.cid, *self.cids]
        return [*self.convs, *(ReadTuple(cid=cid) for cid in whole)]


@final
class QueryHistory(Command, kw_only=True):
    """`logs` (wire: leancloud#logs)."""

    cid: str
    l: int | None = None  # noqa: E741 - the wire's name
    limit: int | None = None
    t: int | None = None
    mid: str | None = None
    t_included: bool = False
    tt: int | None = None
    tmid: str | None = None
    tt_included: bool = False
    direction: Direction = Direction.OLD
    lctype: int | None = None

    @property
    def page(self) -> int:
        """How many messages are answered at most."""
        return clamped(self.limit if self.l is None else self.l, LOGGED_UNLESS_SAID, MOST_LOGGED)


class PatchItem(msgspec.Struct, gc=False, kw_only=True, rename="camel"):
    """What one message shall say from now on, or that it is taken back."""

    cid: str
    mid: str
    timestamp: int = 0
    recall: bool = False
    data: str | None = None
    binary_msg: bytes | None = None
    mention_all: bool = False
    mention_pids: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """What it weighs, in bytes."""
        return len((self.data or "").encode()) + len(self.binary_msg or b"")


@final
class PatchMessages(Command, kw_only=True):
    """`patch/modify` (wire: leancloud#patch)."""

    patches: list[PatchItem]
    last_patch_time: int = 0
