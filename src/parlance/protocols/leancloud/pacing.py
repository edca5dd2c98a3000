"""How long a client is given to digest, where a fast server would confuse it (wire: leancloud#pacing).

Clients carry out answers at once but pushes a little later. What a slow network keeps apart has to be kept apart
here: a push and the answer after it, the answer to a `start` and the pushes about the new conversation.
Only the connection concerned waits. No clock: the holder passes in what time it is, in seconds.
"""

from typing import Final

START_PUSHES_AFTER: Final = 0.020
"""A new conversation's own pushes to who started it come so long after the answer."""
PATCH_PUSHES_AFTER: Final = 0.005
"""An edit is pushed to other clients of the same socket so long after its answer."""
COMMAND_AFTER_HELD_PUSHES: Final = 0.008
"""When held pushes had to go out early, the command that made them waits so long."""
COMMAND_AFTER_PUSH: Final = 0.005
"""After a command that pushed to its own connection, the next one waits so long."""


class Pacing:
    """What is held back for one connection, and from when on its next command may be taken up."""

    __slots__ = ("_held", "_not_before")

    def __init__(self) -> None:
        self._held: list[tuple[float, bytes]] = []
        self._not_before = 0.0

    @property
    def due(self) -> float | None:
        """When the first that is held wants to go out."""
        return min((due for due, _ in self._held), default=None)

    def hold(self, payload: bytes, due: float) -> None:
        """Keep a push until `due`; what is held goes out in the order in which it came."""
        last = self._held[-1][0] if self._held else due
        self._held.append((max(due, last), payload))

    def pushed(self, now: float) -> None:
        """A command has pushed to its own connection: the next one waits."""
        self._not_before = max(self._not_before, now + COMMAND_AFTER_PUSH)

    def release(self, now: float) -> list[bytes]:
        """Give out what is due."""
        released = [payload for due, payload in self._held if due <= now]
        if released:
            del self._held[: len(released)]
            self.pushed(now)
        return released

    def next_command(self, now: float) -> tuple[list[bytes], float]:
        """A command has come: everything that is held, and when it may be taken up (`now`, most of the time)."""
        released = [payload for _, payload in self._held]
        if released:
            self._held.clear()
            self._not_before = max(self._not_before, now + COMMAND_AFTER_HELD_PUSHES)
        return released, max(now, self._not_before)
