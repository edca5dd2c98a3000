"""A verdict as JSON, for programs (docs/leancloud.md has its shape)."""

from collections.abc import Iterator
from typing import Any

import msgspec

from parlance import __version__
from parlance.importer.leancloud.verifying.findings import Difference, when
from parlance.importer.leancloud.verifying.talks import Talk
from parlance.importer.leancloud.verifying.verdict import Verdict

FORMAT = 1


def as_json(verdict: Verdict) -> Iterator[bytes]:
    """Piece by piece: there may be more conversations than one would want to have twice in memory."""
    head = msgspec.json.encode(_head(verdict))
    yield msgspec.json.format(head).removesuffix(b"\n}")
    yield b',\n  "conversations": ['
    for number, talk in enumerate(verdict.talks):
        yield (b",\n    " if number else b"\n    ") + msgspec.json.encode(_about(talk))
    yield b"\n  ]\n}\n" if verdict.talks else b"]\n}\n"


def _head(verdict: Verdict) -> dict[str, Any]:
    findings = verdict.findings
    return {
        "format": FORMAT,
        "tool": f"parlance {__version__}",
        "verdict": "safe" if verdict.is_safe else "not_safe",
        "app": verdict.app_id,
        "compared_with": "leancloud" if verdict.live else "folder",
        "folder": verdict.folder,
        "origin": verdict.origin,
        "looked_at": when(verdict.looked_at),
        "after_switch": verdict.after_switch,
        "sampling": verdict.sampling,
        "next": verdict.steps,
        "lines": [
            {
                "topic": line.topic,
                "fine": line.is_fine,
                "there": line.there,
                "here": line.here,
                "aside": line.aside,
                "came_since": line.came_since,
                "wrong": line.wrong,
                "counts": line.counts,
            }
            for line in findings.lines.values()
        ],
        "put_aside": {"reported": verdict.aside.rows, "reasons": dict(findings.reasons.most_common())},
        "differences": [_told(each) for several in findings.told.values() for each in several],
    }


def _told(difference: Difference) -> Any:
    return msgspec.to_builtins(difference)


def _about(talk: Talk) -> dict[str, Any]:
    here = talk.here
    about: dict[str, Any] = {
        "conversation": talk.conv_id,
        "kind": talk.kind,
        "fine": not talk.wrong,
        "there": {"messages": talk.rows, "members": talk.members_there},
        "here": None,
        "aside": talk.aside,
        "missing": talk.missing,
        "deleted_here": talk.deleted,
        "compared": talk.compared,
        "first": talk.first,
        "last": talk.last,
    }
    if here is not None:
        about["here"] = {
            "messages": here.there,
            "members": talk.members_here,
            "sent_here": here.here,
            "joined_here": talk.joined_here,
        }
    return about
