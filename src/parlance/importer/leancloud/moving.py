"""LeanCloud's rows in our terms."""

import base64
import binascii
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from parlance.core.model.app import App
from parlance.core.model.columns import said_by
from parlance.core.model.conversation import Kind, NewConversation, pair, unique_id_of
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.core.model.moving import MovedConversation, MovedMessage, MovedPerson
from parlance.core.model.typed_message import read
from parlance.core.model.user import Profile, client_id
from parlance.importer.leancloud.sources import BadRow
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault
from parlance.kernel.ids import ClientId, ConvId

RECALLED = -127
LONGEST_NAME = 64
"""Characters of a message's or conversation's id."""
LATEST = 1 << 42
"""Times beyond it (in ms) do not fit in a message's number; it is the year 2109."""
MOST_MEMBERS = 10_000
"""Of a conversation, whatever its app allows to those that are made here."""
_UNLIMITED = (1 << 31) - 1
_ROLES = {"manager": Standing(role=Role.ADMIN), "owner": OWNER}
_NOBODY_ELSES = frozenset(
    {
        *(
            "objectId",
            "createdAt",
            "updatedAt",
            "ACL",
            "username",
            "nickname",
            "avatar",
            "authData",
            "password",
            "salt",
        ),
        *("sessionToken", "email", "emailVerified", "mobilePhoneNumber", "mobilePhoneVerified", "_r", "_w"),
    }
)
"""Columns of a user that are said elsewhere in its profile, or are nobody else's business."""

Object = Mapping[str, Any]


class Said(msgspec.Struct, gc=False):
    """A row of history."""

    timestamp: int
    name: str = msgspec.field(name="msg-id")
    data: str
    sender: str = msgspec.field(name="from")
    conv_id: str = msgspec.field(name="conv-id")
    is_binary: bool = msgspec.field(name="bin", default=False)


_said = msgspec.json.Decoder(Said, strict=False)


class Clients:
    """Client ids, each judged once."""

    def __init__(self) -> None:
        self._known: dict[str, ClientId] = {}

    def __call__(self, raw: Any) -> ClientId:
        """The id. Raises BadRow."""
        known = self._known.get(raw) if isinstance(raw, str) else None
        if known is not None:
            return known
        if not isinstance(raw, str | int):
            raise BadRow(f"{raw!r} is no client id")
        try:
            known = self._known[str(raw)] = client_id(raw)
        except Fault as fault:
            raise BadRow(f"{raw!r}: {fault.sentence}") from None
        return known


def said_in(line: bytes) -> Said:
    """A row of history. Raises BadRow."""
    try:
        said = _said.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRow(f"no row of history: {error}") from None
    return _judged(said)


def _judged(said: Said) -> Said:
    if not 0 < said.timestamp < LATEST:
        raise BadRow(f"{said.timestamp} is no time")
    if not 1 <= len(said.name) <= LONGEST_NAME or "\x00" in said.name:
        raise BadRow(f"a message's id has 1 to {LONGEST_NAME} characters")
    return said


def message(said: Said, clients: Clients, readers: Collection[str] = ()) -> MovedMessage:
    """The message that a row is, for everybody or for some. Raises BadRow."""
    payload: str | bytes = said.data
    if said.is_binary:
        try:
            payload = base64.b64decode(said.data, validate=True)
        except (binascii.Error, ValueError):
            raise BadRow("its bytes are no base64") from None
    content = read(payload)
    return MovedMessage(
        said.name,
        clients(said.sender),
        said.timestamp,
        content,
        content.type == RECALLED,
        tuple(map(clients, readers)) if readers else (),
    )


def said_to_app(row: Object) -> Said:
    """What somebody said to a service conversation, as a row of `_SysMessage` has it. Raises BadRow."""
    conversation, name = row.get("conv"), row.get("msgId") or row.get("objectId")
    if isinstance(conversation, dict):
        conversation = conversation.get("objectId")
    at = moment(row.get("timestamp")) or moment(row.get("createdAt"))
    data, sender = row.get("data"), row.get("from")
    if at is None or not (isinstance(name, str) and isinstance(data, str) and isinstance(sender, str)):
        raise BadRow("no message: it lacks msgId, data, from or timestamp")
    return _judged(Said(at, name, data, sender, str(conversation), row.get("bin") is True))


Listed = Callable[[str], Collection[str] | None]
"""Clients by the conversation's id; None: nobody has said."""


def _nobody_says(_: str) -> None:
    return None


class About(NamedTuple):
    """What is said about conversations besides their rows, by their ids."""

    roles: Mapping[str, Mapping[str, str]] | None = None
    """By client; None: nobody has said."""
    subscribers: Listed = _nobody_says
    silenced: Listed = _nobody_says
    blocked: Listed = _nobody_says


class Conversations:
    """Rows of `_Conversation`, with what is said about them elsewhere."""

    def __init__(self, app: App, about: About, clients: Clients) -> None:
        self._app = app
        self._about = about
        self._clients = clients

    def moved(self, row: Object, complaints: list[str]) -> MovedConversation:
        """The conversation that a row is; who cannot be in it is complained of. Raises BadRow."""
        conv_id = row.get("objectId")
        if not isinstance(conv_id, str) or not 1 <= len(conv_id) <= LONGEST_NAME or "\x00" in conv_id:
            raise BadRow("it has no objectId")
        created_at = moment(row.get("createdAt"))
        if created_at is None:
            raise BadRow("it has no createdAt")
        kind = _kind(row)
        people = self._people(row, complaints) if kind is Kind.GROUP else []
        creator = self._creator(row, complaints)
        unique = kind is Kind.GROUP and row.get("unique") is True and bool(people)
        direct = pair(*people) if unique and len(people) == 2 and not any(" " in each for each in people) else None
        try:
            said = said_by(row)
        except Fault as fault:
            raise BadRow(fault.sentence) from None
        if kind is Kind.SERVICE:
            people = self._several(self._about.subscribers(conv_id) or (), complaints)
        if len(people) > MOST_MEMBERS and kind is Kind.GROUP:
            raise BadRow(f"{len(people)} members; a conversation takes {MOST_MEMBERS} at most")
        new = NewConversation(
            self._app.app_id,
            ConvId(conv_id),
            kind if direct is None else Kind.DIRECT,
            creator,
            created_at,
            self._capacity(kind, people) if direct is None else len(direct),
            said.ext,
            direct=direct,
            name=said.name,
            columns=said.columns,
            unique_id=_unique_id(row, people) if unique else None,
            open_door=True,
        )
        roles = (self._about.roles or {}).get(conv_id, {})
        members = {each: _ROLES.get(roles.get(each, "").lower(), PLAIN) for each in people}
        if creator in members and kind is Kind.GROUP:
            members[creator] = OWNER
        muted = tuple(each for each in self._several(row.get("mu") or (), complaints) if each in members)
        return MovedConversation(
            new,
            members,
            muted,
            moment(row.get("updatedAt")),
            self._named(self._about.silenced(conv_id), complaints),
            self._named(self._about.blocked(conv_id), complaints),
            has_members=kind is not Kind.SERVICE or self._about.subscribers(conv_id) is not None,
            has_roles=self._about.roles is not None,
        )

    def _named(self, raws: Collection[str] | None, complaints: list[str]) -> tuple[ClientId, ...] | None:
        return None if raws is None else tuple(self._several(raws, complaints))

    def _people(self, row: Object, complaints: list[str]) -> list[ClientId]:
        return self._several(row.get("m") or (), complaints)

    def _several(self, raws: Any, complaints: list[str]) -> list[ClientId]:
        if not isinstance(raws, Collection) or isinstance(raws, str | bytes):
            complaints.append(f"{raws!r:.100} is no list of clients")
            return []
        found: dict[ClientId, None] = {}
        for raw in raws:
            try:
                found[self._clients(raw)] = None
            except BadRow as error:
                complaints.append(f"not in it: {error}")
        return list(found)

    def _creator(self, row: Object, complaints: list[str]) -> ClientId:
        if not row.get("c"):
            return ClientId("")
        try:
            return self._clients(row["c"])
        except BadRow as error:
            complaints.append(f"made by nobody: {error}")
            return ClientId("")

    def _capacity(self, kind: Kind, people: Collection[ClientId]) -> int:
        return _UNLIMITED if kind is Kind.SERVICE else max(self._app.settings.group_capacity, len(people))


def person(row: Object, clients: Clients) -> MovedPerson:
    """The user that a row of `_User` is; clients that log in as users have their object ids. Raises BadRow."""
    if "objectId" not in row:
        raise BadRow("it has no objectId")
    rest = {name: value for name, value in row.items() if name not in _NOBODY_ELSES and value is not None}
    profile = Profile(
        nickname=_text(row.get("nickname")),
        avatar=_text(row.get("avatar")) or _url(row.get("avatar")),
        username=_text(row.get("username")),
        ext=msgspec.json.encode(rest).decode() if rest else None,
    )
    return MovedPerson(clients(row["objectId"]), profile, moment(row.get("createdAt")) or 0)


def moment(raw: Any) -> int | None:
    """A time (ms), however it is written; None if it is none."""
    if isinstance(raw, dict):
        raw = raw.get("iso", raw.get("$date"))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return int(raw) if 0 < raw < LATEST else None
    if not isinstance(raw, str):
        return None
    try:
        read_time = datetime.fromisoformat(raw)
        return round(read_time.timestamp() * SECOND) if read_time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _kind(row: Object) -> Kind:
    if row.get("tr") or row.get("conv_type") == 2:
        return Kind.ROOM
    return Kind.SERVICE if row.get("sys") or row.get("conv_type") == 3 else Kind.GROUP


def _unique_id(row: Object, people: Collection[ClientId]) -> str:
    given = row.get("uniqueId")
    return given if isinstance(given, str) and 0 < len(given) <= LONGEST_NAME else unique_id_of(people)


def _text(value: Any) -> str | None:
    return value.replace("\x00", "") if isinstance(value, str) else None


def _url(value: Any) -> str | None:
    return _text(value.get("url")) if isinstance(value, dict) else None
