"""Which of RongCloud's two addresses is asked."""

from collections.abc import Sequence

REST = 30.0
"""Seconds between two changes: when both are in trouble, hopping to and fro helps neither."""


class Hosts:
    """Remembers which address answers."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self._hosts = tuple(host.rstrip("/") for host in hosts)
        self._at = 0
        self._changed: float | None = None

    @property
    def current(self) -> str:
        """The one to ask."""
        return self._hosts[self._at]

    def failed(self, host: str, now: float) -> None:
        """`host` did not answer, or answered that it is ill: the other one's turn, if there was no change lately."""
        if host != self.current or len(self._hosts) == 1:
            return
        if self._changed is None or now - self._changed >= REST:
            self._at = (self._at + 1) % len(self._hosts)
            self._changed = now
