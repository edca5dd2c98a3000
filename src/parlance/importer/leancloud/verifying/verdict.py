"""What it all comes to: safe to switch, or why not, and what to do about it."""

from enum import StrEnum

import msgspec

from parlance.importer.leancloud.verifying.findings import MEANING, Findings, Weight, What
from parlance.importer.leancloud.verifying.messages import Sampling
from parlance.importer.leancloud.verifying.source import Aside
from parlance.importer.leancloud.verifying.talks import Talk
from parlance.importer.leancloud.verifying.wholeness import Origin


class Step(StrEnum):
    """What may help."""

    EXPORT = "export_again"
    IMPORT = "import_again"
    LOOK = "look"
    VERIFY = "verify_again"


_EXPORT = frozenset({What.UNFINISHED_EXPORT, What.NOT_SAVED, What.FILE_GONE, What.FILE_CHANGED, What.FILE_UNREAD})
_IMPORT = frozenset(
    {What.UNREADABLE, What.CONVERSATION_MISSING, What.MEMBER_MISSING, What.MESSAGE_MISSING}
    | {What.MESSAGE_NEWER, What.PERSON_MISSING, What.MEMBER_LEFT_THERE, What.RESTRICTION, What.FILE_MISSING}
)
_CONSEQUENCES = frozenset({What.FIRST_DIFFERS, What.LAST_DIFFERS})
"""Are never alone: what makes them so is told under another name."""


class Verdict(msgspec.Struct, frozen=True):
    """A comparison that was gone through to its end."""

    app_id: str
    folder: str
    origin: Origin
    live: bool
    """Compared with LeanCloud itself, not with the folder."""
    after_switch: bool
    looked_at: int
    sampling: Sampling
    findings: Findings
    aside: Aside
    talks: list[Talk]

    @property
    def is_safe(self) -> bool:
        """Whether nothing speaks against moving."""
        return all(line.is_fine for line in self.findings.lines.values())

    @property
    def steps(self) -> list[Step]:
        """What to do, in this order; nothing if it is safe."""
        if self.is_safe:
            return []
        wrong = {
            what
            for line in self.findings.lines.values()
            for what in line.counts
            if MEANING[what][1] is not Weight.NOTE and what not in _CONSEQUENCES
        }
        steps = []
        if wrong & _EXPORT or self.live:
            steps.append(Step.EXPORT)
        if wrong & (_IMPORT | _EXPORT) or self.live:
            steps.append(Step.IMPORT)
        if wrong - _IMPORT - _EXPORT:
            steps.append(Step.LOOK)
        return [*steps, Step.VERIFY]
