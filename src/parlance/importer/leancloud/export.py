"""An app at LeanCloud, saved into a folder: what is fetched in which order, and what becomes of what fails."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import aiohttp
import msgspec

from parlance.importer.leancloud import attachments, classes, history
from parlance.importer.leancloud.answers import Row, class_row, read_class_names, read_count, subscriber_row
from parlance.importer.leancloud.asking import Access, Asker, Patience
from parlance.importer.leancloud.errors import LeanCloudError, Refused, Unanswered, WrongKey
from parlance.importer.leancloud.folder import Folder, Identity, Part, measured
from parlance.importer.leancloud.manifest import Journal, Manifest, Problem, Saved, read_manifest, write_manifest
from parlance.importer.leancloud.pacing import Pace
from parlance.importer.leancloud.restricted import CALLS, Lists
from parlance.importer.leancloud.subscribers import fetch_subscribers
from parlance.kernel.clock import DAY, Clock

CONVERSATIONS = "_Conversation"
ROLES = "_ConversationMemberInfo"
FILES = "_File"
CLASSES = (CONVERSATIONS, ROLES, "_SysMessage", "_User", "_Installation", FILES)
"""What every app's chat has; those that an app has not are passed over."""
_NO_SUCH_CLASS = 101
_MOST_FAILURES = 5
"""Things in a row that LeanCloud did not answer about: then it is LeanCloud that is ill, not the thing."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be saved, and how hard LeanCloud may be asked for it."""

    more_classes: tuple[str, ...] = ()
    all_classes: bool = False
    files: bool = False
    per_second: float | None = None
    at_once: int = 4
    reread: int = 2 * DAY
    """Milliseconds before the newest message of the last export from which on history is read again."""
    patience: Patience = Patience()
    restrictions: bool = True
    """Who may not speak, or not come in: two more requests for each conversation."""


class Watching(Protocol):
    """Who looks on."""

    def begins(self, what: str, total: int | None) -> None:
        """Of this, so many are to come, if anybody knows."""

    def advanced(self, items: int, rows: int = 0) -> None:
        """So much is done."""

    def waits(self, seconds: float, reason: str) -> None:
        """For so long nothing happens."""

    def failed(self, what: str, reason: str) -> None:
        """This could not be saved."""


Job = Callable[[], Coroutine[None, None, None]]


class Export:
    """One going through an app; what an earlier one has finished is not fetched again."""

    def __init__(self, folder: Folder, asker: Asker, wanted: Wanted, watching: Watching) -> None:
        self._folder = folder
        self._asker = asker
        self._wanted = wanted
        self._watching = watching
        last = read_manifest(folder)
        self._before = {} if last is None else {each.path: each for each in last.files}
        self._newest = None if last is None else last.totals.newest_message
        self._journal = Journal(folder)
        self._problems: list[Problem] = []
        self._failures = 0
        self._stopped: LeanCloudError | None = None
        self._lists = [Lists(asker, restraint) for restraint in CALLS] if wanted.restrictions else []

    async def run(self) -> Manifest:
        """Save everything. Raises WrongKey or Unanswered where it makes no sense to go on."""
        try:
            for name in await self._classes():
                await self._saved(self._folder.file_of_class(name), partial(self._class, name))
            rows = list(self._conversations())
            service = [row.object_id for row in rows if row.is_service]
            said = [row for row in rows if not row.is_service]
            await self._all("conversations", [self._history_job(row) for row in said])
            for lists in self._lists:
                await self._all(f"lists of who is {lists.restraint}", [self._list_job(lists, row) for row in said])
                if lists.why_not is not None and not lists.switched_off:
                    self._watching.failed(f"who is {lists.restraint}", lists.why_not)
            await self._all("service conversations", [self._subscribers_job(each) for each in service])
            await self._all("talks with subscribers", [job for each in service for job in self._talk_jobs(each)])
            if self._wanted.files:
                await self._all("files", [self._file_job(url) for url in dict.fromkeys(self._addresses())])
            given = (lists.restraint for lists in self._lists if lists.why_not is None)
            saved = (self._before | self._journal.saved).values()
            return write_manifest(self._folder, saved, self._problems, given)
        finally:
            self._journal.close()

    async def _classes(self) -> list[str]:
        names = dict.fromkeys((*CLASSES, *self._wanted.more_classes))
        if self._wanted.all_classes:
            names |= dict.fromkeys(await self._asker.get("/1.1/schemas", {}, read_class_names))
        return list(names)

    async def _class(self, name: str) -> None:
        path = self._folder.file_of_class(name)
        part = Part(path)
        self._watching.begins(name, await self._count(name))
        scan = classes.ClassScan(self._asker, name, part, lambda rows: self._watching.advanced(rows, rows))
        try:
            await scan.fetch()
        except Refused as error:
            if error.code == _NO_SUCH_CLASS:
                self._journal.add(Saved(self._folder.relative(path), 0))
                return
            raise
        # A role that is gone has been taken from somebody; other rows are kept even if LeanCloud has them no more.
        part.finish(None if name == ROLES else classes.replaced)
        self._note(path)

    async def _count(self, name: str) -> int | None:
        """How many rows there are, for the estimate; nothing depends on it."""
        try:
            return await self._asker.get(f"/1.1/classes/{name}", {"count": "1", "limit": "0"}, read_count)
        except WrongKey:
            raise
        except LeanCloudError:
            return None

    def _conversations(self) -> Iterator[Row]:
        for line in _lines(self._folder.file_of_class(CONVERSATIONS)):
            if (row := class_row(line)) is not None:
                yield row

    def _history_job(self, row: Row) -> tuple[Path, Job]:
        kind = "chatrooms" if row.is_room else "conversations"
        path = self._folder.messages_of(row.object_id)
        return path, partial(self._history, f"/1.2/rtm/{kind}/{_in_path(row.object_id)}/messages", path, row.object_id)

    def _list_job(self, lists: Lists, row: Row) -> tuple[Path, Job]:
        kind = "chatrooms" if row.is_room else "conversations"
        path, about = self._folder.restricted_in(lists.restraint, row.object_id), row.object_id

        async def fetch() -> None:
            part = Part(path)
            await lists.fetch(kind, about, _in_path(about), part, lambda rows: self._watching.advanced(0, rows))
            if lists.why_not is not None:
                return
            if part.is_empty():
                # Whoever was on it is so no more.
                part.discard()
                path.unlink(missing_ok=True)
                self._journal.add(Saved(self._folder.relative(path), 0))
                return
            part.finish()
            self._note(path, about=about)

        return path, fetch

    def _subscribers_job(self, conversation: str) -> tuple[Path, Job]:
        path = self._folder.subscribers_of(conversation)

        async def fetch() -> None:
            part = Part(path)
            await fetch_subscribers(
                self._asker, _in_path(conversation), part, lambda rows: self._watching.advanced(0, rows)
            )
            part.finish()
            self._note(path, about=conversation)

        return path, fetch

    def _talk_jobs(self, conversation: str) -> Iterator[tuple[Path, Job]]:
        for line in _lines(self._folder.subscribers_of(conversation)):
            if (row := subscriber_row(line)) is not None:
                yield self._talk_job(conversation, row.subscriber)

    def _talk_job(self, conversation: str, subscriber: str) -> tuple[Path, Job]:
        path = self._folder.messages_with(conversation, subscriber)
        call = f"/1.2/rtm/service-conversations/{_in_path(conversation)}/subscribers/{_in_path(subscriber)}/messages"
        return path, partial(self._history, call, path, subscriber)

    async def _history(self, call: str, path: Path, about: str) -> None:
        part = Part(path)
        before = self._before.get(self._folder.relative(path))
        since = None
        if before is not None and before.newest is not None and self._newest is not None and part.has_whole():
            # Never behind its own last message: it may have been looked at long before the newest of all was sent.
            since = min(self._newest - self._wanted.reread, before.newest)
        await history.History(self._asker, call, part, since, lambda rows: self._watching.advanced(0, rows)).fetch()
        if part.is_empty() and not part.has_whole():
            part.discard()
            self._journal.add(Saved(self._folder.relative(path), 0))
            return
        part.finish(history.continued)
        with path.open("rb") as lines:
            oldest, newest = history.span(lines)
        self._note(path, about=about, oldest=oldest, newest=newest)

    def _addresses(self) -> Iterator[str]:
        yield from attachments.addresses(_lines(self._folder.file_of_class(FILES)))
        for kind in ("messages", "service-messages"):
            for path in sorted((self._folder.root / kind).rglob("*.jsonl")):
                yield from attachments.addresses_in_messages(_lines(path))

    def _file_job(self, url: str) -> tuple[Path, Job]:
        path = self._folder.attachment(url)

        async def fetch() -> None:
            if not path.exists():
                timeout = self._wanted.patience.timeout
                await attachments.fetch_file(self._asker.http, url, path, timeout)
            self._note(path, about=url, lines=False)

        return path, fetch

    async def _all(self, what: str, jobs: list[tuple[Path, Job]]) -> None:
        """Some at once. The first that makes no sense to go on after ends it when the others are through."""
        if not jobs:
            return
        self._watching.begins(what, len(jobs))
        waiting = iter(jobs)

        async def work() -> None:
            for path, job in waiting:
                if self._stopped is not None:
                    return
                try:
                    await self._saved(path, job)
                except LeanCloudError as error:
                    self._stopped = error
                    return
                self._watching.advanced(1)

        await asyncio.gather(*(work() for _ in range(self._wanted.at_once)))
        if self._stopped is not None:
            raise self._stopped

    async def _saved(self, path: Path, job: Job) -> None:
        """Do it, unless it has been done; one thing that fails is noted."""
        name = self._folder.relative(path)
        if name in self._journal.saved:
            return
        try:
            await job()
        except WrongKey:
            raise
        except LeanCloudError as error:
            self._failures += isinstance(error, Unanswered)
            if self._failures >= _MOST_FAILURES or name == self._conversation_file:
                raise
            self._problems.append(Problem(name, str(error)))
            self._watching.failed(name, str(error))
        else:
            self._failures = 0

    @property
    def _conversation_file(self) -> str:
        """What nothing goes on without."""
        return self._folder.relative(self._folder.file_of_class(CONVERSATIONS))

    def _note(
        self,
        path: Path,
        *,
        about: str | None = None,
        oldest: int | None = None,
        newest: int | None = None,
        lines: bool = True,
    ) -> None:
        found = measured(path, lines=lines)
        name = self._folder.relative(path)
        self._journal.add(Saved(name, found.rows, found.bytes, found.sha256, oldest, newest, about))


async def export(root: Path, access: Access, wanted: Wanted, watching: Watching, clock: Clock) -> Manifest:
    """Save an app into a folder. Raises FolderError, WrongKey, Refused, Unanswered or OSError."""
    folder = Folder(root)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=wanted.at_once), cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
    ) as http:
        asker = Asker(http, access, Pace(clock, wanted.per_second, watching.waits), wanted.patience, clock)
        await _knock(asker)
        with folder.claimed(Identity(access.app_id, access.server)):
            return await Export(folder, asker, wanted, watching).run()


async def _knock(asker: Asker) -> None:
    """See whether the key opens anything, before a folder is made. Raises what stands in the way."""
    try:
        await asker.page(f"/1.1/scan/classes/{CONVERSATIONS}", {"limit": "1"})
    except Refused as error:
        if error.code != _NO_SUCH_CLASS:
            raise


def _in_path(identifier: str) -> str:
    return quote(identifier, safe="")


def _lines(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")
