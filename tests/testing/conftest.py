"""The same sandbox as for the client's tests."""

from client.conftest import place, running_sandbox

__all__ = ["place", "running_sandbox"]
