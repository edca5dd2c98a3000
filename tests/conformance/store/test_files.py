"""The repository of files."""

from conformance.store.stage import ADA, HALL, Stage
from parlance.core.model.stored_file import StoredFile


async def test_a_file_is_found_by_its_key(stage: Stage) -> None:
    """Everything about it comes back."""
    file = StoredFile(HALL, "uploads/a.png", "猫.png", "image/png", 3, stage.clock.now(), ADA)
    async with stage.store.begin() as tx:
        await tx.files.add(file)
    assert file == await stage.store.read.files.find("uploads/a.png")


async def test_an_unknown_key_is_none(stage: Stage) -> None:
    """Not found is no error."""
    assert await stage.store.read.files.find("uploads/b.png") is None


async def test_a_file_is_forgotten(stage: Stage) -> None:
    """Its record is gone; forgetting it again is no error."""
    file = StoredFile(HALL, "uploads/a.png", "猫.png", "image/png", 3, stage.clock.now(), ADA)
    async with stage.store.begin() as tx:
        await tx.files.add(file)
    for _ in range(2):
        async with stage.store.begin() as tx:
            await tx.files.delete("uploads/a.png")
    assert await stage.store.read.files.find("uploads/a.png") is None
