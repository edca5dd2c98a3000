"""The last word in a transaction."""

from collections.abc import Sequence

import pytest

from conformance.store.stage import ADA, HALL, Stage
from parlance.core.model.events import BanChanged, Event
from parlance.core.ports.provider_tokens import ProviderToken
from parlance.core.ports.store import Transaction

EVENT = BanChanged(HALL, ADA, banned=True)
TOKEN = ProviderToken("issuer", "token", 1_000)


async def test_it_sees_what_will_be_announced_and_may_change_more(stage: Stage) -> None:
    """Its changes are part of the transaction."""
    seen: list[Event] = []

    async def last(tx: Transaction, events: Sequence[Event]) -> None:
        seen.extend(events)
        await tx.provider_tokens.put(HALL, ADA, TOKEN)

    async with stage.store.begin(last) as tx:
        tx.announce(EVENT)
    assert [EVENT] == seen
    assert TOKEN == await stage.store.read.provider_tokens.find(HALL, ADA)


async def test_what_it_raises_undoes_everything(stage: Stage) -> None:
    """Nothing is stored, and the next transaction is none the worse for it."""

    async def last(tx: Transaction, events: Sequence[Event]) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        async with stage.store.begin(last) as tx:
            await tx.provider_tokens.put(HALL, ADA, TOKEN)
    assert await stage.store.read.provider_tokens.find(HALL, ADA) is None
    async with stage.store.begin() as tx:
        await tx.provider_tokens.put(HALL, ADA, TOKEN)


async def test_it_is_not_asked_when_the_transaction_fails(stage: Stage) -> None:
    """There is nothing to have the last word on."""
    asked: list[Event] = []

    async def last(tx: Transaction, events: Sequence[Event]) -> None:
        asked.append(EVENT)

    with pytest.raises(LookupError):
        async with stage.store.begin(last):
            raise LookupError
    assert [] == asked
