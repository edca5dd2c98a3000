"""Where files lie now, for who compares what points to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller

Keys = Mapping[str, str]
"""Of files that are here, by their addresses there."""


async def keys_of(addresses: Iterable[str], actions: Actions, caller: Caller) -> Keys:
    """The keys of those that are here."""
    asked = list(dict.fromkeys(addresses))
    return await actions.take_over_files.keys(caller, asked) if asked else {}


def is_same(there: Any, here: Any, keys: Keys) -> bool:
    """Whether two values say the same, where one may point to a file there and the other to the same file here."""
    if there == here:
        return True
    if isinstance(there, str) and isinstance(here, str):
        return there in keys and here.endswith(f"/{keys[there]}")
    if isinstance(there, dict) and isinstance(here, dict):
        return there.keys() == here.keys() and all(is_same(there[name], here[name], keys) for name in there)
    if isinstance(there, list) and isinstance(here, list):
        return len(there) == len(here) and all(map(lambda one, other: is_same(one, other, keys), there, here))
    return False
