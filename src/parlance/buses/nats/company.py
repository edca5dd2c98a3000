"""What the neighbours need of this server: who is in its rooms, and who listens to what they say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from parlance.buses.nats.links import Key
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import Event
from parlance.core.model.member import Standing
from parlance.kernel.ids import AppId, ClientId

Room = tuple[Conversation, Mapping[ClientId, Standing]]
"""With who is in it."""


class Company(Protocol):
    """Who is in which room."""

    def rooms(self) -> Iterable[Room]:
        """Every room that anybody is in."""

    def vanished(self, app_id: AppId, client_id: ClientId, now: int) -> list[Event]:
        """What there is to tell when a client is gone from the whole installation."""

    def found(self, clients: Collection[Key], rooms: Collection[Room], now: int) -> list[Event]:
        """What there is to tell when these clients turn out to be in these rooms, and in no others."""


class Hearing(Protocol):
    """Who is told what the others say."""

    def others_said(self, events: Sequence[Event], *, sure: bool) -> None:
        """Another server has published this; `sure`: it knows all who are here."""

    def found_out(self, events: Sequence[Event]) -> None:
        """This follows from what another server said, or from its silence."""

    def lost(self, since: int) -> None:
        """What the others said after that time (ms) may not have been heard."""
