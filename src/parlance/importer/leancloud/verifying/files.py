"""Files: whether each that was saved lies here, and can be read."""

import hashlib
from collections.abc import Iterable
from itertools import islice

from parlance.core.actions.catalogue import Actions
from parlance.core.actions.files.open_file import OpenedFile
from parlance.core.model.caller import Caller
from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.manifest import Saved
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What, shown
from parlance.importer.leancloud.verifying.homes import keys_of
from parlance.importer.leancloud.verifying.source import Aside
from parlance.kernel.faults import Fault

AT_ONCE = 500


async def compare_files(
    saved: Iterable[Saved], aside: Aside, actions: Actions, caller: Caller, findings: Findings, watching: Watching
) -> None:
    """Read every file that was saved, here."""
    files = iter([each for each in saved if each.kind == "files" and each.about])
    line, begun = findings.lines[Topic.FILES], False
    while some := list(islice(files, AT_ONCE)):
        if not begun:
            watching.begins("files", None)
            begun = True
        keys = await keys_of([each.about or "" for each in some], actions, caller)
        for each in some:
            line.there += 1
            key, reason = keys.get(each.about or ""), aside.reason_of_file(each.path)
            if key is not None and await _is_readable(key, each, actions):
                line.here += 1
            elif key is not None:
                findings.add(Difference(What.FILE_DIFFERS, each.path, shown(each.about), here=key))
            elif reason is not None:
                line.aside += 1
                findings.reasons[reason] += 1
            else:
                findings.add(Difference(What.FILE_MISSING, each.path, shown(each.about)))
            watching.advanced(1)


async def _is_readable(key: str, saved: Saved, actions: Actions) -> bool:
    try:
        opened = await actions.open_file(key)
        return opened.file.size == saved.bytes and await _digest(opened) == saved.sha256
    except (Fault, OSError):
        return False


async def _digest(opened: OpenedFile) -> str:
    digest = hashlib.sha256()
    async for block in await opened.read(0, opened.file.size):
        digest.update(block)
    return digest.hexdigest()
