"""How an app's own server is asked, and told, what happens in it."""

from collections.abc import Mapping
from typing import Any, Protocol

from parlance.core.model.app import App
from parlance.core.model.hook import Hook, HookAnswer


class Hooks(Protocol):
    """The servers of apps, as they answer when they are called."""

    async def ask(self, app: App, hook: Hook, body: Mapping[str, Any]) -> HookAnswer:
        """What the app says to it. Raises UNAVAILABLE if it says nothing in time, or nothing that can be read."""

    async def tell(self, app: App, hook: Hook, call_id: str, body: bytes) -> None:
        """Tell it of something, under an id that stays the same however often it is told.

        Raises UNAVAILABLE if it did not answer that it took it.
        """
