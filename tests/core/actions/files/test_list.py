"""An app's files."""

from core.world import World, refusal
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked


async def test_newest_first(world: World) -> None:
    """Page by page, with all that they weigh; of this app alone."""
    now = world.clock.now()
    async with world.store.begin() as tx:
        for at, app in enumerate((world.hall, world.hall, world.hall, world.annex)):
            await tx.files.add(
                StoredFile(app.app_id, f"k{at}", f"f{at}", "text/plain", 10 + at, now + at, ClientId("ada"))
            )
    found = await world.actions.list_files(world.backend, PageAsked(1, 2))
    assert (["f2", "f1"], 3, 33) == ([file.name for file in found.page.rows], found.page.total, found.bytes)
    assert FaultCode.NOT_PERMITTED == await refusal(world.actions.list_files(world.ada, PageAsked(1, 2)))
