"""What was said, brought in: conversation by conversation, in its order, some thousands of messages at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from parlance.core.model.moving import MovedHistory, MovedMessage
from parlance.importer.leancloud.carrier import Carrier, Place, Sum, line_of, pieces
from parlance.importer.leancloud.moving import Said, message, said_in, said_to_app
from parlance.importer.leancloud.ordering import Ordered, Placed
from parlance.importer.leancloud.rehoming import address_in, rehomed
from parlance.importer.leancloud.sources import BadRow, files_of_messages, files_of_talks
from parlance.kernel.ids import ConvId

AT_ONCE = 5_000
"""Messages in one transaction."""


class Histories:
    """What was said in conversations, and between the app and its subscribers."""

    def __init__(self, carrier: Carrier, total: Sum) -> None:
        self._carrier = carrier
        self._total = total
        self._begun: dict[str, bool] = {}

    async def bring(self) -> None:
        """All of it."""
        carrier = self._carrier
        files = files_of_messages(carrier.root)
        carrier.watching.begins("histories", len(files))
        # An export has a file for each conversation. Nobody knows how others have spread theirs.
        sets = [[path] for path in files] if carrier.manifest is not None or not files else [files]
        waiting: list[Placed] = []
        for each in sets:
            if not await self._is_old(each):
                for placed in self._in_order((path, ()) for path in each):
                    if await self._is_wanted(placed.said):
                        waiting.append(placed)
                    if len(waiting) >= AT_ONCE:
                        await self._take_over(waiting)
                        waiting = []
            carrier.watching.advanced(len(each))
        await self._take_over(waiting)

    async def bring_talks(self) -> None:
        """What was said by the app's service conversations, and to them."""
        carrier = self._carrier
        files = files_of_talks(carrier.root)
        carrier.watching.begins("talks with subscribers", len(files))
        for some in pieces(self._in_order(((path, self._reader(path)) for path in files), to_app=True), AT_ONCE):
            await self._take_over([each for each in some if await self._is_wanted(each.said)])
        carrier.watching.advanced(len(files))

    def _in_order(self, files: Iterable[tuple[Path, tuple[str, ...]]], *, to_app: bool = False) -> Iterator[Placed]:
        ordered = Ordered()
        for path, readers in files:
            for place, row in self._carrier.rows(path):
                try:
                    ordered.add(Placed(said_in(line_of(row)), *place, readers))
                except BadRow as error:
                    self._carrier.complain(self._total, place, str(error))
        for place, found in self._carrier.objects("_SysMessage", self._total) if to_app else ():
            try:
                said = said_to_app(found)
                ordered.add(Placed(said, *place, (said.sender,)))
            except BadRow as error:
                self._carrier.complain(self._total, place, str(error))
        self._total.known += ordered.again
        for complaint in ordered.others:
            self._carrier.complain(self._total, Place(complaint.file, complaint.line), complaint.reason)
        return iter(ordered)

    async def _take_over(self, waiting: list[Placed]) -> None:
        homes = await self._carrier.homes.of(url for each in waiting if (url := address_in(each.said.data)))
        brought: dict[str, list[tuple[Place, MovedMessage]]] = {}
        for said, file, line, readers in waiting:
            place = Place(file, line)
            try:
                if homes:
                    said.data = rehomed(said.data, homes)
                moved = message(said, self._carrier.clients, readers)
            except BadRow as error:
                self._carrier.complain(self._total, place, str(error))
            else:
                brought.setdefault(said.conv_id, []).append((place, moved))
        histories = [MovedHistory(ConvId(conv_id), [each for _, each in said]) for conv_id, said in brought.items()]
        late = self._carrier.wished.late
        taken = await self._carrier.actions.take_over_messages(self._carrier.caller, histories, late=late)
        for placed, each in zip(brought.values(), taken, strict=True):
            self._carrier.count(self._total, each, [place for place, _ in placed])
            self._carrier.watching.advanced(0, len(placed))

    async def _is_old(self, files: list[Path]) -> bool:
        """Whether all that a file has is from before what is wanted."""
        since, saved = self._carrier.wished.since, self._carrier.saved.get(self._carrier.named(files[0]))
        if since is None or saved is None or saved.newest is None or saved.about is None or saved.newest >= since:
            return False
        return await self._has_begun(saved.about)

    async def _is_wanted(self, said: Said) -> bool:
        since = self._carrier.wished.since
        return since is None or said.timestamp >= since or not await self._has_begun(said.conv_id)

    async def _has_begun(self, conversation: str) -> bool:
        """Whether it had a history here before this import."""
        begun = self._begun.get(conversation)
        if begun is None:
            asked = self._carrier.actions.take_over_messages.begun(self._carrier.caller, ConvId(conversation))
            begun = self._begun[conversation] = await asked
        return begun

    def _reader(self, path: Path) -> tuple[str, ...]:
        """With whom a file's talk was."""
        saved = self._carrier.saved.get(self._carrier.named(path))
        if saved is not None and saved.about is not None:
            return (saved.about,)
        return (unquote(path.name.partition(".")[0]),)
