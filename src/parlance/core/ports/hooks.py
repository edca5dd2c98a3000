"""How an app's own server is asked, and told, what happens in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from parlance.core.model.app import App
from parlance.core.model.delivery import Delivery
from parlance.core.model.hook import Hook, HookAnswer


class Hooks(Protocol):
    """The servers of apps, as they answer when they are called."""

    async def ask(self, app: App, hook: Hook, body: Mapping[str, Any]) -> HookAnswer:
        """What the app says to it. Raises UNAVAILABLE if it says nothing in time, or nothing that can be read."""

    async def tell(self, app: App, lanes: Sequence[Sequence[Delivery]], within: int) -> dict[int, str]:
        """Tell an app, lane by lane: some lanes at once, in each one thing after the other until one fails.

        Answers, by their ids, what was tried: "" if the app took it, else why not. After `within` milliseconds
        nothing more is begun.
        """
