"""A folder with an app's data, brought into an app of ours, in pieces that are whole or not there."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from parlance.core.actions.catalogue import Actions
from parlance.core.model.moving import MovedConversation
from parlance.importer.leancloud.archives import unpack
from parlance.importer.leancloud.carrier import (
    AT_ONCE,
    Brought,
    Carrier,
    Item,
    Object,
    Place,
    Sum,
    Watching,
    Wished,
    line_of,
    pieces,
)
from parlance.importer.leancloud.complaints import Complaint, Report
from parlance.importer.leancloud.folder import Folder
from parlance.importer.leancloud.histories import Histories
from parlance.importer.leancloud.moving import About, Conversations, Listed, person
from parlance.importer.leancloud.rehoming import NowhereError, SavedFile, addresses_in, name_of, row_rehomed
from parlance.importer.leancloud.restricted import CALLS
from parlance.importer.leancloud.sources import (
    BadRow,
    Row,
    any_data,
    files_of_class,
    files_of_restricted,
    files_of_subscribers,
    object_in,
)
from parlance.kernel.faults import Fault, FaultCode

__all__ = ["Complaint", "Watching", "bring"]


class Bringing:
    """One going through a folder: people, files and conversations; what was said is another's business."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._actions = carrier.actions
        self._watching = carrier.watching

    def look_around(self) -> None:
        """Unpack what is packed, and tell what lies there and cannot be read."""
        root = self._carrier.root
        problems = [*unpack(root)]
        for problem in problems:
            self._carrier.complain(None, Place(problem.file, problem.line), problem.reason)
        if not problems and not any_data(root):
            self._carrier.complain(None, Place(".", 0), "nothing lies here that could be brought in")

    async def people(self, total: Sum) -> None:
        """Those of `_User`."""
        carrier = self._carrier
        self._watching.begins("people", None)
        for some in pieces(carrier.objects("_User", total), AT_ONCE):
            rows = await self._rehomed(some)
            read = self._read(rows, total, lambda row: person(row, carrier.clients))
            taken = await self._actions.take_over_people(carrier.caller, [each for _, each in read])
            carrier.count(total, taken, [place for place, _ in read])
            self._watching.advanced(len(some))

    async def files(self, total: Sum) -> None:
        """Those that were saved with the folder."""
        carrier = self._carrier
        saved = {each.about: each for each in carrier.saved.values() if each.kind == "files" and each.about}
        if not saved:
            return
        if not carrier.wished.public_url:
            raise NowhereError
        names = {
            row["url"]: str(row["name"])
            for _, row in carrier.objects("_File", Sum())
            if row.get("url") in saved and row.get("name")
        }
        self._watching.begins("files", len(saved))
        for some in pieces(saved, AT_ONCE):
            known = await self._actions.take_over_files.keys(carrier.caller, some)
            total.known += len(known)
            self._watching.advanced(len(known))
            for address in some:
                if address not in known:
                    await self._file(total, address, carrier.root / saved[address].path, names.get(address))
                    self._watching.advanced(1)

    async def _file(self, total: Sum, address: str, path: Path, name: str | None) -> None:
        try:
            upload = SavedFile(path, name_of(address, name))
        except OSError as error:
            self._carrier.complain(total, Place(self._carrier.named(path), 0), f"{address}: {error.strerror}")
            return
        try:
            await self._actions.take_over_files(self._carrier.caller, address, upload)
        except Fault as fault:
            if fault.code is FaultCode.UNAVAILABLE:
                raise
            self._carrier.complain(total, Place(self._carrier.named(path), 0), f"{address}: {fault.sentence}")
        else:
            total.added += 1
        finally:
            upload.close()

    async def conversations(self, total: Sum) -> None:
        """Those of `_Conversation`, with what other rows say about them."""
        carrier = self._carrier
        self._watching.begins("conversations", None)
        conversations = Conversations(carrier.app, self._about(), carrier.clients)
        for some in pieces(carrier.objects("_Conversation", total), AT_ONCE):
            moved = list[tuple[Place, MovedConversation]]()
            for place, row in await self._rehomed(some):
                odd: list[str] = []
                moved += self._read([(place, row)], total, partial(conversations.moved, complaints=odd))
                for reason in odd:
                    carrier.complain(None, place, reason)
            taken = await self._actions.take_over_conversations(carrier.caller, [each for _, each in moved])
            carrier.count(total, taken, [place for place, _ in moved])
            self._watching.advanced(len(some))

    async def _rehomed(self, rows: list[tuple[Place, Object]]) -> list[tuple[Place, Object]]:
        """The rows, pointing to files here as far as they are here."""
        homes = await self._carrier.homes.of(each for _, row in rows for each in addresses_in(row))
        return [(place, row_rehomed(row, homes)) for place, row in rows] if homes else rows

    def _read(
        self, rows: Iterable[tuple[Place, Object]], total: Sum, read: Callable[[Object], Item]
    ) -> list[tuple[Place, Item]]:
        """What the rows are, without those that make no sense."""
        found = []
        for place, row in rows:
            try:
                found.append((place, read(row)))
            except BadRow as error:
                self._carrier.complain(total, place, str(error))
        return found

    def _about(self) -> About:
        return About(
            self._roles(),
            self._listed(files_of_subscribers(self._carrier.root), "subscriber").get,
            *(self._restricted(restraint) for restraint in CALLS),
        )

    def _roles(self) -> dict[str, dict[str, str]] | None:
        if not files_of_class(self._carrier.root, "_ConversationMemberInfo"):
            return None
        roles: dict[str, dict[str, str]] = {}
        for _, row in self._carrier.objects("_ConversationMemberInfo", Sum()):
            conversation, client, role = row.get("cid"), row.get("clientId"), row.get("role")
            if isinstance(conversation, str) and isinstance(client, str) and isinstance(role, str):
                roles.setdefault(conversation, {})[client] = role
        return roles

    def _restricted(self, restraint: str) -> Listed:
        """By conversation; of those whose list is not there, nobody where all lists were asked for."""
        named = self._listed(files_of_restricted(self._carrier.root, restraint))
        manifest, folder = self._carrier.manifest, Folder(self._carrier.root)
        if manifest is None or restraint not in manifest.restrictions:
            return named.get
        missing = {problem.path for problem in manifest.problems}

        def listed(conversation: str) -> list[str] | None:
            path = folder.relative(folder.restricted_in(restraint, conversation))
            return None if path in missing else named.get(conversation, [])

        return listed

    def _listed(self, files: list[Path], column: str = "client_id") -> dict[str, list[str]]:
        """Clients by their conversations."""
        found: dict[str, list[str]] = {}
        for path in files:
            for place, row in self._carrier.rows(path):
                try:
                    listed = object_in(Row(row.place, line_of(row)))
                except BadRow as error:
                    self._carrier.complain(None, place, str(error))
                    continue
                found.setdefault(str(listed.get("conv_id")), []).append(str(listed.get(column)))
        return found


async def bring(
    root: Path, app_id: str, actions: Actions, watching: Watching, report: Report, wished: Wished
) -> Brought:
    """Bring a folder into the app of that id. Raises UNKNOWN_APP, NowhereError, UNAVAILABLE or OSError."""
    app = await actions.find_apps.one(app_id)
    carrier = Carrier(root, actions, app, report, watching, wished)
    bringing, brought = Bringing(carrier), Brought(Sum(), Sum(), Sum(), Sum())
    bringing.look_around()
    # What is said about people and in messages points to files; messages stand in conversations.
    if wished.files:
        await bringing.files(brought.files)
    if wished.people:
        await bringing.people(brought.people)
    await bringing.conversations(brought.conversations)
    histories = Histories(carrier, brought.messages)
    await histories.bring()
    await histories.bring_talks()
    return brought
