"""Taking over an app's files."""

from conformance.blobs import samples
from core.actions.files.filing import Sent
from core.world import World, refusal
from parlance.kernel.faults import FaultCode

THERE = "https://files.example.com/abc/photo.png"


async def test_it_is_found_again_by_where_it_lay(world: World) -> None:
    """With its name, for the app whose file it is, and nobody else's."""
    photo = samples.picture("PNG")
    stored = await world.actions.take_over_files(world.backend, THERE, Sent("photo.png", photo))
    assert ("photo.png", "image/png", len(photo)) == (stored.name, stored.content_type, stored.size)
    asked = [THERE, "https://files.example.com/elsewhere"]
    assert {THERE: stored.key} == await world.actions.take_over_files.keys(world.backend, asked)
    assert {} == await world.actions.take_over_files.keys(world.dora, asked)
    opened = await world.actions.open_file(stored.key)
    assert photo == b"".join([block async for block in await opened.read(0, len(photo))])


async def test_it_is_judged_as_every_upload(world: World) -> None:
    """Nothing is known of what is refused."""
    program = Sent("program.exe", b"MZ" * 100)
    assert FaultCode.WRONG_FILE_FORMAT is await refusal(world.actions.take_over_files(world.backend, THERE, program))
    assert {} == await world.actions.take_over_files.keys(world.backend, [THERE])


async def test_clients_bring_none(world: World) -> None:
    """It is the backend's business."""
    sent = Sent("photo.png", samples.picture("PNG"))
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.take_over_files(world.ada, THERE, sent))
