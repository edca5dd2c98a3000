"""What a RongCloud keeps of one app."""

from dataclasses import dataclass, field
from itertools import count

MOST_DEVELOPMENT_USERS = 100
MOST_MEMBERS = 3_000


@dataclass
class Group:
    """People under a name. There is no owner in it."""

    name: str
    members: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Published:
    """A message that was sent through the server API."""

    path: str
    sender: str
    target: str
    object_name: str
    content: str
    message_uid: str


class State:
    """Users, tokens, groups as sets, blocks with their ends, and a log of messages."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.portraits: dict[str, str] = {}
        self.tokens: dict[str, list[str]] = {}
        """Of each user, those that work; several do at once."""
        self.groups: dict[str, Group] = {}
        self.dismissed: set[str] = set()
        self.revived: set[str] = set()
        """Groups made anew under the id of a dismissed one: their old history is back."""
        self.blocked_until: dict[str, int] = {}
        """Milliseconds."""
        self.online: set[str] = set()
        self.blacklists: dict[str, set[str]] = {}
        self.messages: list[Published] = []
        self.recalled: list[str] = []
        self.quota = MOST_DEVELOPMENT_USERS
        self._numbers = count(1)

    def number(self) -> int:
        """The next number, for what has to be different each time."""
        return next(self._numbers)

    def message_uid(self) -> str:
        """An id in the shape that RongCloud gives its messages."""
        digits = f"{self.number():016X}"
        return "-".join(digits[at : at + 4] for at in range(0, 16, 4))

    def members(self, group: str) -> set[str]:
        """Who is in a group; nobody, if there is none."""
        found = self.groups.get(group)
        return set() if found is None else set(found.members)
