"""How the servers of one installation speak with each other over NATS."""

from parlance.buses.nats.bus import NatsBus
from parlance.buses.nats.order import History

__all__ = ["History", "NatsBus"]
