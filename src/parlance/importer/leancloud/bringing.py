"""A folder with an app's data, brought into an app of ours, in pieces that are whole or not there."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.moving import MovedConversation, MovedHistory, MovedMessage, MovedPerson, TakenOver
from parlance.importer.leancloud.moving import Clients, Conversations, message, person, said_in
from parlance.importer.leancloud.sources import (
    BadRow,
    Row,
    Unreadable,
    files_of_class,
    files_of_messages,
    files_of_subscribers,
    object_in,
    rows_in,
)
from parlance.kernel.ids import ConvId

AT_ONCE = 500
"""Conversations or people in one transaction."""
MESSAGES_AT_ONCE = 5_000

Item = TypeVar("Item")


class Complaint(msgspec.Struct, frozen=True):
    """What was not taken in, or not wholly: where it stands, and why."""

    file: str
    line: int
    reason: str


class Sum(msgspec.Struct):
    """What became of the rows of a kind."""

    added: int = 0
    known: int = 0
    refused: int = 0


class Brought(msgspec.Struct):
    """What became of everything."""

    people: Sum
    conversations: Sum
    messages: Sum
    complaints: list[Complaint]


class Watching(Protocol):
    """Who looks on."""

    def begins(self, what: str, total: int | None) -> None:
        """Of this, so many are to come, if anybody knows."""

    def advanced(self, items: int, rows: int = 0) -> None:
        """So much is done."""


class Bringing:
    """One going through a folder. Whatever an earlier one has brought stays as it is."""

    def __init__(self, root: Path, actions: Actions, app: App, watching: Watching) -> None:
        self._root = root
        self._actions = actions
        self._app = app
        self._caller = Caller(app)
        self._watching = watching
        self._clients = Clients()
        self._brought = Brought(Sum(), Sum(), Sum(), [])

    async def run(self, *, people: bool) -> Brought:
        """Bring people (if wanted), conversations, messages, in this order."""
        if people:
            await self._people()
        await self._conversations()
        await self._messages()
        return self._brought

    async def _people(self) -> None:
        self._watching.begins("people", None)
        rows = self._objects("_User", self._brought.people, lambda row, _: person(row, self._clients))
        for some in _pieces(rows, AT_ONCE):
            people: list[MovedPerson] = [each for _, each in some]
            taken = await self._actions.take_over_people(self._caller, people)
            self._count(self._brought.people, taken, [place for place, _ in some])
            self._watching.advanced(len(some), len(some))

    async def _conversations(self) -> None:
        self._watching.begins("conversations", None)
        conversations = Conversations(self._app, self._roles(), self._subscribers(), self._clients)

        def moved(row: dict[str, Any], place: Complaint) -> MovedConversation:
            complaints: list[str] = []
            found = conversations.moved(row, complaints)
            self._brought.complaints += [msgspec.structs.replace(place, reason=each) for each in complaints]
            return found

        rows = self._objects("_Conversation", self._brought.conversations, moved)
        for some in _pieces(rows, AT_ONCE):
            taken = await self._actions.take_over_conversations(self._caller, [each for _, each in some])
            self._count(self._brought.conversations, taken, [place for place, _ in some])
            self._watching.advanced(len(some), len(some))

    async def _messages(self) -> None:
        files = files_of_messages(self._root)
        self._watching.begins("histories", len(files))
        waiting: dict[str, list[tuple[Complaint, MovedMessage]]] = {}
        gathered = 0
        for path in files:
            for conv_id, place, moved in self._said(path):
                waiting.setdefault(conv_id, []).append((place, moved))
                gathered += 1
                if gathered >= MESSAGES_AT_ONCE:
                    await self._take_over(waiting)
                    waiting, gathered = {}, 0
            self._watching.advanced(1)
        await self._take_over(waiting)

    async def _take_over(self, waiting: dict[str, list[tuple[Complaint, MovedMessage]]]) -> None:
        histories = [MovedHistory(ConvId(conv_id), [each for _, each in said]) for conv_id, said in waiting.items()]
        taken = await self._actions.take_over_messages(self._caller, histories)
        for said, each in zip(waiting.values(), taken, strict=True):
            self._count(self._brought.messages, each, [place for place, _ in said])
            self._watching.advanced(0, len(said))

    def _said(self, path: Path) -> Iterator[tuple[str, Complaint, MovedMessage]]:
        """The messages of a file with the ids of their conversations."""
        name, clients = self._named(path), self._clients
        for row in rows_in(path):
            place = Complaint(name, row.place, "")
            try:
                said = said_in(_line(row))
                yield said.conv_id, place, message(said, clients)
            except BadRow as error:
                self._complain(self._brought.messages, place, str(error))

    def _objects(
        self, name: str, total: Sum, read: Callable[[dict[str, Any], Complaint], Item]
    ) -> Iterator[tuple[Complaint, Item]]:
        """What `read` makes of the rows of a class."""
        for path in files_of_class(self._root, name):
            file = self._named(path)
            for row in rows_in(path):
                place = Complaint(file, row.place, "")
                try:
                    yield place, read(object_in(Row(row.place, _line(row))), place)
                except BadRow as error:
                    self._complain(total, place, str(error))

    def _roles(self) -> dict[str, dict[str, str]]:
        """By conversation and client."""
        roles: dict[str, dict[str, str]] = {}
        for _, row in self._objects("_ConversationMemberInfo", Sum(), lambda row, _: row):
            conversation, client, role = row.get("cid"), row.get("clientId"), row.get("role")
            if isinstance(conversation, str) and isinstance(client, str) and isinstance(role, str):
                roles.setdefault(conversation, {})[client] = role
        return roles

    def _subscribers(self) -> dict[str, list[str]]:
        """By service conversation."""
        found: dict[str, list[str]] = {}
        for path in files_of_subscribers(self._root):
            for row in rows_in(path):
                try:
                    subscription = object_in(Row(row.place, _line(row)))
                except BadRow as error:
                    self._complain(Sum(), Complaint(self._named(path), row.place, ""), str(error))
                    continue
                found.setdefault(str(subscription.get("conv_id")), []).append(str(subscription.get("subscriber")))
        return found

    def _count(self, total: Sum, taken: TakenOver, places: list[Complaint]) -> None:
        total.added += taken.added
        total.known += taken.known
        for refusal in taken.refused:
            self._complain(total, places[refusal.index], refusal.reason)

    def _complain(self, total: Sum, place: Complaint, reason: str) -> None:
        total.refused += 1
        self._brought.complaints.append(msgspec.structs.replace(place, reason=reason))

    def _named(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


async def bring(root: Path, app_id: str, actions: Actions, watching: Watching, *, people: bool) -> Brought:
    """Bring a folder into the app of that id. Raises UNKNOWN_APP, or OSError."""
    app = await actions.find_apps.one(app_id)
    return await Bringing(root, actions, app, watching).run(people=people)


def _line(row: Row | Unreadable) -> bytes:
    if isinstance(row, Unreadable):
        raise BadRow(row.reason)
    return row.line


def _pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    piece: list[Item] = []
    for item in items:
        piece.append(item)
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece
