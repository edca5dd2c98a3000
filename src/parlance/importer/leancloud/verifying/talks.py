"""What is known of each conversation while it is looked at, and told of it in the end."""

import msgspec

from parlance.core.model.moving import Brought


class End(msgspec.Struct, frozen=True):
    """The first or the last message of a conversation: what it is called, when it was sent (ms)."""

    id: str
    time: int
    seq: int | None = None
    """Its place in the sequence here; None: it is not here."""
    is_fine: bool = msgspec.field(name="fine", default=True)
    """It is here and says the same, or the import has said why not."""


class Talk(msgspec.Struct):
    """One conversation, there and here."""

    conv_id: str
    kind: str = ""
    here: Brought | None = None
    """What stands in its sequence here; None: it is not here."""
    deleted_here: bool = False
    """It came, and was deleted here."""
    members_there: int = 0
    members_here: int = 0
    joined_here: int = 0
    rows: int = 0
    """Messages there; rows that say one once more are not counted."""
    found: int = 0
    aside: int = 0
    missing: int = 0
    deleted: int = 0
    compared: int = 0
    out_of_order: int = 0
    first: End | None = None
    last: End | None = None
    wrong: int = 0
    """What was found that speaks against moving."""
    highest: int = 0
    """The last place here of what has been looked at."""
    latest: int = 0
    """The latest time there (ms) of what has been looked at."""
    seen: bytearray = msgspec.field(default_factory=bytearray)
    """A bit for each place in the sequence here whose message has been found."""

    def finds(self, seq: int) -> bool:
        """Note that the message at that place has been found; False if it had been."""
        byte, bit = seq >> 3, 1 << (seq & 7)
        if byte >= len(self.seen):
            self.seen.extend(bytes(byte - len(self.seen) + 64))
        if self.seen[byte] & bit:
            return False
        self.seen[byte] |= bit
        return True
