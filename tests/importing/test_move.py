"""A whole move in small: `make rehearsal` plays it at full size."""

from pathlib import Path

import pytest

from databases import on_postgresql, variables
from durability.server_process import serving
from importing.commands import run
from importing.old_app import OldApp
from importing.rehearsal import Rehearsal
from leancloud.sdk_js import installed

CONVERSATIONS, MESSAGES = 60, 12_000


@pytest.mark.on_sqlite
@pytest.mark.needs("node", "npm")
async def test_a_move_with_kills_on_the_way(tmp_path: Path) -> None:
    """Export and import are killed and go on; a second import changes nothing; LeanCloud's SDK reads everything."""
    installed()
    app = OldApp(CONVERSATIONS, MESSAGES)
    move, calm = Rehearsal(app, tmp_path, run), tmp_path / "calm"
    async with move.leancloud() as cloud:
        await move.export(cloud)
    await move.make_app()
    assert 0 < await move.bring_in_and_be_killed(1) < app.all_messages()
    assert "everything agrees" in (await run("verify", "--data", str(move.data))).out
    first = await move.bring_in()
    before = move.digest()
    second = await move.bring_in()
    assert before == move.digest()
    assert {(0, 0, 0)} == {(added, changed, refused) for added, changed, _, refused in second.values()}
    assert first["messages"][0] < second["messages"][2]
    await move.make_app(calm)
    await move.bring_in(calm)
    assert move.contents(calm) == move.contents()
    await move.verify()
    async with serving(move.data) as server:
        assert app.all_messages() / 3 < await move.scroll(server.base)
        assert 10 < await move.look_at_files(server.base)


async def test_the_same_into_postgresql(tmp_path: Path) -> None:
    """Once, and a second time nothing."""
    app = OldApp(30, 3_000)
    with on_postgresql():
        move = Rehearsal(app, tmp_path, run, **variables(tmp_path / "data"))
        async with move.leancloud() as cloud:
            await move.export(cloud)
        await move.make_app()
        first, second = await move.bring_in(), await move.bring_in()
        await move.verify()
    assert (0, 0) == (first["messages"][3], second["messages"][0])
    assert app.all_messages() < first["messages"][0] + first["messages"][2] == second["messages"][2]
