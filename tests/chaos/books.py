"""What one device knows of one conversation, and what is wrong with that."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Receipt:
    """What a server has promised to keep; REST does not say the number."""

    conv_id: str
    ref: str
    msg_id: str
    seq: int | None


@dataclass
class Book:
    """The messages of a conversation as they came to one device, by number.

    `height`: up to there nothing is missing. `top`: the highest that is known.
    """

    rows: dict[int, str] = field(default_factory=dict)
    """The id of each message."""
    height: int = 0
    top: int = 0
    told: int = 0
    """The highest that was pushed on this connection."""

    @property
    def whole(self) -> bool:
        """Whether nothing is missing in between."""
        return self.height == self.top

    def write(self, seq: int, msg_id: str) -> str:
        """Take note of a message; what is wrong about it, if anything."""
        before = self.rows.setdefault(seq, msg_id)
        self.top = max(self.top, seq)
        while self.height + 1 in self.rows:
            self.height += 1
        return "" if before == msg_id else f"{seq} was {before} and is {msg_id}"

    def pushed(self, seq: int, msg_id: str) -> str:
        """The same for a message that came unasked: these come in order, though some may come again."""
        late = seq <= self.told and seq not in self.rows
        self.told = max(self.told, seq)
        return self.write(seq, msg_id) or (f"{seq} came after {self.told}" if late else "")

    def missing(self) -> list[int]:
        """The first few that are missing."""
        return [seq for seq in range(self.height + 1, self.top) if seq not in self.rows][:10]
