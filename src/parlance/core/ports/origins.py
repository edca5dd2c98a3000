"""Where it is kept what was last seen of things at the place they came from."""

from collections.abc import Collection, Mapping
from typing import Protocol

from parlance.core.model.origin import Noun
from parlance.kernel.ids import AppId


class Origins(Protocol):
    """What an app's imports have seen, as texts, by what and by name. It outlives what was deleted here."""

    async def of(self, app_id: AppId, noun: Noun, names: Collection[str]) -> dict[str, str]:
        """What was seen of those that were seen."""

    async def put(self, app_id: AppId, noun: Noun, states: Mapping[str, str]) -> None:
        """This is how they look there now."""
