"""What a comparison finds, and what of it speaks against moving.

Each thing that can be found has a name, stands under one topic, and is either wrong or only to be known. Counted is
all of it; of each kind the first hundred are told one by one, so that a bad day fits in memory.
"""

from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from parlance.kernel.clock import SECOND

MOST_TOLD = 100
LONGEST_WORDS = 120


class Topic(StrEnum):
    """The lines of a report, in their order."""

    FOLDER = "folder"
    CONVERSATIONS = "conversations"
    SETTINGS = "settings"
    MEMBERS = "members"
    RESTRICTIONS = "restrictions"
    MESSAGES = "messages"
    ENDS = "ends"
    CONTENTS = "contents"
    PEOPLE = "people"
    FILES = "files"
    LEFT_BEHIND = "left_behind"


class What(StrEnum):
    """What can be found."""

    UNFINISHED_EXPORT = "unfinished_export"
    NO_MANIFEST = "no_manifest"
    NOT_SAVED = "not_saved"
    FILE_GONE = "file_gone"
    FILE_CHANGED = "file_changed"
    FILE_UNREAD = "file_unread"
    EXPORTED_SINCE = "exported_since"
    NO_REPORT = "no_report"
    UNREADABLE = "unreadable"
    CONVERSATION_MISSING = "conversation_missing"
    CONVERSATION_DELETED_HERE = "conversation_deleted_here"
    KIND = "kind"
    ANOTHER_IS_FOUND_AGAIN = "another_is_found_again"
    CREATOR = "creator"
    CREATED_AT = "created_at"
    COLUMN = "column"
    MEMBER_MISSING = "member_missing"
    MEMBER_LEFT_THERE = "member_left_there"
    ROLE = "role"
    MUTE = "mute"
    RESTRICTION = "restriction"
    MESSAGE_MISSING = "message_missing"
    MESSAGE_NEWER = "message_newer"
    MESSAGE_DELETED_HERE = "message_deleted_here"
    MESSAGE_GONE_THERE = "message_gone_there"
    FIRST_DIFFERS = "first_differs"
    LAST_DIFFERS = "last_differs"
    SENDER = "sender"
    TIME_EARLIER = "time_earlier"
    TIME_LATER = "time_later"
    TIME_FAR = "time_far"
    ORDER = "order"
    CONTENT = "content"
    CONTENT_CHANGED_HERE = "content_changed_here"
    PERSON_MISSING = "person_missing"
    PROFILE = "profile"
    FILE_MISSING = "file_missing"
    FILE_DIFFERS = "file_differs"
    NOT_BROUGHT_IN = "not_brought_in"


class Weight(StrEnum):
    """What a finding means for who wants to move."""

    WRONG = "wrong"
    CHANGED = "changed"
    """Somebody changed it here after it came: wrong, unless people live here already."""
    NOTE = "note"


W, C, N = Weight.WRONG, Weight.CHANGED, Weight.NOTE

MEANING: dict[What, tuple[Topic, Weight]] = {
    What.UNFINISHED_EXPORT: (Topic.FOLDER, W),
    What.NO_MANIFEST: (Topic.FOLDER, N),
    What.NOT_SAVED: (Topic.FOLDER, W),
    What.FILE_GONE: (Topic.FOLDER, W),
    What.FILE_CHANGED: (Topic.FOLDER, W),
    What.FILE_UNREAD: (Topic.FOLDER, W),
    What.EXPORTED_SINCE: (Topic.FOLDER, N),
    What.NO_REPORT: (Topic.FOLDER, N),
    What.UNREADABLE: (Topic.FOLDER, W),
    What.CONVERSATION_MISSING: (Topic.CONVERSATIONS, W),
    What.CONVERSATION_DELETED_HERE: (Topic.CONVERSATIONS, C),
    What.KIND: (Topic.SETTINGS, W),
    What.ANOTHER_IS_FOUND_AGAIN: (Topic.SETTINGS, N),
    What.CREATOR: (Topic.SETTINGS, W),
    What.CREATED_AT: (Topic.SETTINGS, W),
    What.COLUMN: (Topic.SETTINGS, W),
    What.MEMBER_MISSING: (Topic.MEMBERS, W),
    What.MEMBER_LEFT_THERE: (Topic.MEMBERS, W),
    What.ROLE: (Topic.MEMBERS, W),
    What.MUTE: (Topic.MEMBERS, W),
    What.RESTRICTION: (Topic.RESTRICTIONS, W),
    What.MESSAGE_MISSING: (Topic.MESSAGES, W),
    What.MESSAGE_NEWER: (Topic.MESSAGES, W),
    What.MESSAGE_DELETED_HERE: (Topic.MESSAGES, C),
    What.MESSAGE_GONE_THERE: (Topic.MESSAGES, N),
    What.FIRST_DIFFERS: (Topic.ENDS, W),
    What.LAST_DIFFERS: (Topic.ENDS, W),
    What.ORDER: (Topic.ENDS, N),
    What.SENDER: (Topic.CONTENTS, W),
    What.TIME_EARLIER: (Topic.CONTENTS, W),
    What.TIME_LATER: (Topic.CONTENTS, N),
    What.TIME_FAR: (Topic.CONTENTS, N),
    What.CONTENT: (Topic.CONTENTS, W),
    What.CONTENT_CHANGED_HERE: (Topic.CONTENTS, C),
    What.PERSON_MISSING: (Topic.PEOPLE, W),
    What.PROFILE: (Topic.PEOPLE, W),
    What.FILE_MISSING: (Topic.FILES, W),
    What.FILE_DIFFERS: (Topic.FILES, W),
    What.NOT_BROUGHT_IN: (Topic.LEFT_BEHIND, N),
}


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is not the same there and here."""

    what: What
    where: str
    """A conversation's or person's id, or a file's path."""
    which: str = ""
    """A message's or member's id, a column's name, a line."""
    there: str = ""
    here: str = ""
    changed_here: bool = False
    """The conversation was changed here after it came."""


class Line(msgspec.Struct):
    """What was found about one topic: how many there, how many here, how many the import has put aside."""

    topic: Topic
    there: int = 0
    here: int = 0
    aside: int = 0
    came_since: int = 0
    """Of those that are here only: sent, made or come in after the move."""
    counts: dict[What, int] = msgspec.field(default_factory=dict)
    wrong: int = 0
    """How many of the counted speak against moving."""

    @property
    def is_fine(self) -> bool:
        """Whether nothing here speaks against moving."""
        return not self.wrong


class Findings:
    """Everything that is found, as it is found."""

    def __init__(self, *, after_switch: bool) -> None:
        self.lines = {topic: Line(topic) for topic in Topic}
        self.told: dict[What, list[Difference]] = {}
        self.reasons: Counter[str] = Counter()
        """Why the import put rows aside."""
        self._after_switch = after_switch

    def add(self, difference: Difference, times: int = 1) -> bool:
        """Count it, and tell it if not too many are told; whether it speaks against moving."""
        topic, weight = MEANING[difference.what]
        line = self.lines[topic]
        line.counts[difference.what] = line.counts.get(difference.what, 0) + times
        told = self.told.setdefault(difference.what, [])
        if len(told) < MOST_TOLD:
            told.append(difference)
        changed = weight is Weight.CHANGED or difference.changed_here
        wrong = weight is not Weight.NOTE and not (changed and self._after_switch)
        line.wrong += times if wrong else 0
        return wrong


def shown(value: object) -> str:
    """A value as it is told, cut where it gets long."""
    try:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        text = str(value)
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"


def when(at: int | None) -> str:
    """A time (ms) to the millisecond."""
    return "" if at is None else datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds")[:23] + "Z"
