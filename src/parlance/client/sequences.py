"""What of a conversation has come, and what may be handed on: each message once, in order, without a gap.

Pure: no socket, no waiting. A message is taken in, in whatever order, as often as it likes; `next` gives out the one
whose turn it is. Where a number is missing, `gap` is true until it has come, or is known not to be for this client.
"""

from parlance.client.model import Message

MOST_HELD = 256
"""Messages of one conversation that may wait for one before them; the rest is asked for again."""
MOST_REMEMBERED = 256
"""Messages of one conversation whose last change is remembered, so that none is told twice."""


class Sequence:
    """One conversation, as far as this client has it."""

    __slots__ = ("_changes", "_held", "_known", "behind", "fresh", "position", "sparse")

    def __init__(self, position: int | None = None) -> None:
        self.position = position
        """All up to here was handed on, or is not for this client; None until it is known where to begin."""
        self.sparse = False
        """Numbers are missing by design: what others get stands between them."""
        self.behind = False
        """Something is there that has not come: to be asked for."""
        self.fresh = False
        """Where to begin was looked up on this connection, and nothing has been handed on yet."""
        self._known = 0
        self._held: dict[int, Message] = {}
        self._changes: dict[str, int] = {}

    @property
    def gap(self) -> bool:
        """Whether something waits for what has not come."""
        return bool(self._held) and self.position is not None and not self._is_due(min(self._held))

    @property
    def waits(self) -> bool:
        """Whether something has come and was not handed on."""
        return bool(self._held)

    @property
    def last(self) -> int:
        """The highest number that has come."""
        return max(self.position or 0, max(self._held, default=0))

    def take(self, seq: int, message: Message) -> None:
        """Take a message in; one that was handed on, or waits already, changes nothing."""
        if self.position is not None and seq <= self.position:
            return
        self._held.setdefault(seq, message)
        if len(self._held) > MOST_HELD:
            # The one that stands last: what is handed on first is worth most.
            del self._held[max(self._held)]
            self.behind = True

    def begin(self, position: int) -> None:
        """Say where to begin, unless it is known: after `position`, or with what came already."""
        if self.position is None:
            self.position = min(position, min(self._held, default=position + 1) - 1)

    def begins_before(self, seq: int) -> bool:
        """Whether it begins sooner than was looked up: with what is pushed now, and was stored just before that."""
        if not self.fresh or self.position is None or not self._known < seq <= self.position:
            return False
        self.position = seq - 1
        return True

    def begin_with_first(self) -> None:
        """Begin with what came first."""
        if self._held:
            self.begin(min(self._held) - 1)

    def covered(self, seq: int) -> None:
        """All up to `seq` has been taken in; what is missing of it is not for this client."""
        self._known = max(self._known, seq)
        if self.position is not None and not self._held:
            self.position = max(self.position, self._known)

    def next(self) -> Message | None:
        """The message whose turn it is, if it has come."""
        if not self._held or self.position is None:
            return None
        seq = min(self._held)
        if not self._is_due(seq):
            return None
        self.position, self.fresh = seq, False
        message = self._held.pop(seq)
        self.covered(0)
        return message

    def is_news(self, msg_id: str, changed_at: int) -> bool:
        """Whether this change of a message was not told yet; from now on it was."""
        if self._changes.get(msg_id, -1) >= changed_at:
            return False
        self._changes.pop(msg_id, None)
        self._changes[msg_id] = changed_at
        if len(self._changes) > MOST_REMEMBERED:
            del self._changes[next(iter(self._changes))]
        return True

    def _is_due(self, seq: int) -> bool:
        return self.sparse or seq <= self._known or seq == (self.position or 0) + 1
