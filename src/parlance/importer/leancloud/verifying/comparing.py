"""The comparison of an app here with what was saved of it at LeanCloud, or with LeanCloud itself, in its order."""

import shutil
import tempfile
from pathlib import Path
from typing import Protocol

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.importer.leancloud.archives import still_packed
from parlance.importer.leancloud.asking import Access
from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.errors import Unanswered
from parlance.importer.leancloud.export import Wanted, export
from parlance.importer.leancloud.manifest import known_files
from parlance.importer.leancloud.verifying.conversations import ConversationsCompared
from parlance.importer.leancloud.verifying.files import compare_files
from parlance.importer.leancloud.verifying.findings import Difference, Findings, What
from parlance.importer.leancloud.verifying.messages import MessagesCompared, Sampling
from parlance.importer.leancloud.verifying.people import compare_people
from parlance.importer.leancloud.verifying.source import Aside, Source
from parlance.importer.leancloud.verifying.verdict import Verdict
from parlance.importer.leancloud.verifying.wholeness import look_at_folder
from parlance.kernel.clock import Clock


class Compared(msgspec.Struct, frozen=True):
    """What is to be compared, and how thoroughly."""

    folder: Path
    report: Path
    """Where the import has said what it put aside."""
    sampling: Sampling
    people: bool = True
    files: bool = True
    after_switch: bool = False


class WatchingAll(Watching, Protocol):
    """Who looks on while LeanCloud is asked as well."""

    def waits(self, seconds: float, reason: str) -> None:
        """For so long nothing happens."""

    def failed(self, what: str, reason: str) -> None:
        """This could not be read."""


async def compare(app_id: str, compared: Compared, actions: Actions, watching: Watching, clock: Clock) -> Verdict:
    """Compare with the folder. Raises UNKNOWN_APP, FolderError, or OSError."""
    return await _compare(app_id, compared, compared.folder, actions, watching, clock)


async def compare_live(
    app_id: str,
    compared: Compared,
    access: Access,
    wanted: Wanted,
    actions: Actions,
    watching: WatchingAll,
    clock: Clock,
) -> Verdict:
    """Compare with LeanCloud as it is now: all of it is read again, into a folder that goes afterwards.

    Raises WrongKey, Refused or Unanswered, and what `compare` raises.
    """
    await actions.find_apps.one(app_id)
    room = Path(tempfile.mkdtemp(prefix=f".{compared.folder.name}-live-", dir=compared.folder.resolve().parent))
    try:
        now = await export(room / "now", access, wanted, watching, clock)
        if now.problems:
            problem = now.problems[0]
            raise Unanswered(f"{len(now.problems)} things could not be read: {problem.path}: {problem.reason}")
        return await _compare(app_id, compared, room / "now", actions, watching, clock, live=True)
    finally:
        shutil.rmtree(room, ignore_errors=True)


async def _compare(
    app_id: str,
    compared: Compared,
    root: Path,
    actions: Actions,
    watching: Watching,
    clock: Clock,
    *,
    live: bool = False,
) -> Verdict:
    caller = Caller(await actions.find_apps.one(app_id))
    findings = Findings(after_switch=compared.after_switch)
    looked_at = clock.now()
    origin = look_at_folder(compared.folder, compared.report, findings, watching)
    aside, source = Aside(compared.folder, compared.report), Source(root)
    for file, reason in aside.unread:
        findings.add(Difference(What.FILE_UNREAD, file, there=reason))
    for file in still_packed(compared.folder):
        if aside.reason_of_file(file) is None:
            findings.add(Difference(What.FILE_UNREAD, file, there="an archive that no import has unpacked"))
    watching.begins("conversations", None)
    talks = {}
    async for talk in ConversationsCompared(source, aside, actions, caller, findings, looked_at).talks():
        talks[talk.conv_id] = talk
        watching.advanced(1, 1)
    until = origin.newest_message or 0
    messages = MessagesCompared(source, aside, compared.sampling, actions, caller, findings, talks, until)
    await messages.run(watching)
    if compared.people:
        await compare_people(source, aside, actions, caller, findings, watching)
    if compared.files:
        saved, _ = known_files(compared.folder)
        await compare_files(saved.values(), aside, actions, caller, findings, watching)
    return Verdict(
        app_id,
        str(compared.folder),
        origin,
        live,
        compared.after_switch,
        looked_at,
        compared.sampling,
        findings,
        aside,
        list(talks.values()),
    )
