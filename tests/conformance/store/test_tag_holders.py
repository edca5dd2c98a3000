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


async def test_a_reader_takes_nothing(stage: Stage) -> None:
    """It takes a transaction."""
    with pytest.raises(NotInTransactionError):
        await stage.store.read.tag_holders.take(HALL, ADA, "Mobile", "one", 1)
