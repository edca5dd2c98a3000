"""Whether the folder is what an export left, and an export that was finished."""

from pathlib import Path

import msgspec

from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.errors import FolderError
from parlance.importer.leancloud.folder import IDENTITY, Folder, measured
from parlance.importer.leancloud.manifest import JOURNAL, MANIFEST, Manifest, read_manifest
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What

_BROUGHT_IN = frozenset({"_Conversation", "_ConversationMemberInfo", "_SysMessage", "_User", "_File"})


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the data come from, as far as the folder says so."""

    app_id: str = ""
    server: str = ""
    newest_message: int | None = None
    messages: int | None = None
    exported_at: int | None = None
    """When the export ended, in ms, by the manifest's date."""


def look_at_folder(root: Path, report: Path, findings: Findings, watching: Watching) -> Origin:
    """Compare the folder with its own manifest. Raises FolderError if that cannot be read."""
    folder = Folder(root)
    manifest = read_manifest(folder)
    if not report.is_file():
        findings.add(Difference(What.NO_REPORT, str(report)))
    if manifest is None:
        exported = (root / IDENTITY).exists()
        findings.add(Difference(What.UNFINISHED_EXPORT if exported else What.NO_MANIFEST, MANIFEST))
        return Origin()
    if (root / JOURNAL).exists():
        findings.add(Difference(What.UNFINISHED_EXPORT, JOURNAL))
    for problem in manifest.problems:
        findings.add(Difference(What.NOT_SAVED, problem.path, there=problem.reason))
    _look_at_files(folder, manifest, findings, watching)
    _tell_what_stays_behind(manifest, findings)
    exported_at = (root / MANIFEST).stat().st_mtime
    if report.is_file() and report.stat().st_mtime < exported_at:
        findings.add(Difference(What.EXPORTED_SINCE, MANIFEST))
    totals = manifest.totals
    return Origin(manifest.app_id, manifest.server, totals.newest_message, totals.messages, int(exported_at * 1_000))


def _look_at_files(folder: Folder, manifest: Manifest, findings: Findings, watching: Watching) -> None:
    line = findings.lines[Topic.FOLDER]
    line.there = len(manifest.files)
    watching.begins("checksums", len(manifest.files))
    for saved in manifest.files:
        path = folder.root / saved.path
        if not path.resolve().is_relative_to(folder.root.resolve()):
            raise FolderError(f"{folder.root / MANIFEST} names {saved.path}, which lies elsewhere")
        if not path.is_file():
            findings.add(Difference(What.FILE_GONE, saved.path))
        elif measured(path, lines=False).sha256 != saved.sha256:
            findings.add(Difference(What.FILE_CHANGED, saved.path))
        else:
            line.here += 1
        watching.advanced(1)


def _tell_what_stays_behind(manifest: Manifest, findings: Findings) -> None:
    for name, rows in manifest.totals.classes.items():
        if rows and name not in _BROUGHT_IN:
            findings.add(Difference(What.NOT_BROUGHT_IN, name, there=str(rows)))
