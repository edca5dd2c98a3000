"""Which device of a client logged in last under a tag."""

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, HALL, Stage
from parlance.stores.sql.engine import NotInTransactionError


async def test_the_last_device_holds_it(stage: Stage) -> None:
    """Each client has tags of its own, in each app."""
    async with stage.store.begin() as tx:
        await tx.tag_holders.take(HALL, ADA, "Mobile", "one", 1)
        await tx.tag_holders.take(HALL, ADA, "Web", "two", 2)
        await tx.tag_holders.take(HALL, ADA, "Mobile", "three", 3)
    device = stage.store.read.tag_holders.device
    assert ("three", "two") == (await device(HALL, ADA, "Mobile"), await device(HALL, ADA, "Web"))
    assert None is await device(HALL, ADA, "mobile")
    assert None is await device(HALL, BEN, "Mobile")
    assert None is await device(ANNEX, ADA, "Mobile")


async def test_who_took_it_last_is_known_by_a_time(stage: Stage) -> None:
    """Later than whoever had it before, though it was taken by a slower clock."""
    async with stage.store.begin() as tx:
        times = [await tx.tag_holders.take(HALL, ADA, "Mobile", device, at) for device, at in (("one", 9), ("two", 3))]
        times.append(await tx.tag_holders.take(HALL, BEN, "Mobile", "three", 20))
    assert [9, 10, 20] == times
    holders = stage.store.read.tag_holders
    assert [("two", 10), (None, 0)] == [await holders.holder(HALL, ADA, tag) for tag in ("Mobile", "Web")]
    assert [(ADA, "Mobile", "two", 10)] == await holders.taken_since(HALL, [ADA], 10)
    assert [] == await holders.taken_since(HALL, [ADA], 11) + await holders.taken_since(ANNEX, [ADA, BEN], 0)


async def test_a_reader_takes_nothing(stage: Stage) -> None:
    """It takes a transaction."""
    with pytest.raises(NotInTransactionError):
        await stage.store.read.tag_holders.take(HALL, ADA, "Mobile", "one", 1)
