"""Opening a store: made if it is not there, brought up to date, and refused with a reason."""

import asyncio
import stat
import sys
from pathlib import Path

import apsw
import pytest

import parlance
from conformance.store.stage import ADA, PATIENCE, Stage
from parlance.kernel.clock import StoppedClock
from parlance.stores.sql import SchemaError, open_store
from parlance.stores.sql.engines.sqlite import migrate

OPEN_AND_CLOSE = """
import asyncio, sys
from pathlib import Path
from parlance.kernel.clock import SystemClock
from parlance.stores.sql import open_store

async def main():
    store = await open_store(Path(sys.argv[1]), announce=len, clock=SystemClock(), waiting=1)
    assert await store.healthy()
    await store.close()

asyncio.run(main())
"""


async def refusal(path: Path, *, migrating: bool) -> str:
    """Why a file is not opened."""
    with pytest.raises(SchemaError) as refused:
        await open_store(path, announce=lambda _: None, clock=StoppedClock(), waiting=1, migrating=migrating)
    return str(refused.value)


def rewrite(path: Path, statement: str) -> None:
    """Change a file behind the store's back."""
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


def test_migrating_twice_is_once(tmp_path: Path) -> None:
    """The second time there is nothing to do."""
    assert migrate(tmp_path / "a.db")
    assert not migrate(tmp_path / "a.db")


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    """It holds the keys of every app."""
    migrate(tmp_path / "a.db")
    assert 0o600 == stat.S_IMODE((tmp_path / "a.db").stat().st_mode)


async def test_what_was_migrated_opens_without(tmp_path: Path) -> None:
    """A store may be opened without being allowed to change its tables."""
    migrate(tmp_path / "a.db")
    store = await open_store(
        tmp_path / "a.db", announce=lambda _: None, clock=StoppedClock(), waiting=1, migrating=False
    )
    assert await store.healthy()
    await store.close()


async def test_an_unmigrated_file_is_refused(tmp_path: Path) -> None:
    """Missing, or without tables: both say what to do."""
    assert "parlance migrate" in await refusal(tmp_path / "a.db", migrating=False)
    (tmp_path / "b.db").touch()
    assert "parlance migrate" in await refusal(tmp_path / "b.db", migrating=False)


@pytest.mark.parametrize("migrating", [True, False])
async def test_tables_from_the_future_are_refused(tmp_path: Path, *, migrating: bool) -> None:
    """An older Parlance does not touch what a newer one made."""
    path = tmp_path / "a.db"
    migrate(path)
    rewrite(path, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version of Parlance (revision 9999)" in await refusal(path, migrating=migrating)


@pytest.mark.parametrize("migrating", [True, False])
async def test_somebody_else_s_tables_are_refused(tmp_path: Path, *, migrating: bool) -> None:
    """And left alone."""
    path = tmp_path / "a.db"
    rewrite(path, "CREATE TABLE recipes (name)")
    assert "not Parlance's" in await refusal(path, migrating=migrating)


@pytest.mark.parametrize("migrating", [True, False])
async def test_what_is_no_database_is_refused(tmp_path: Path, *, migrating: bool) -> None:
    """And left alone."""
    path = tmp_path / "a.db"
    path.write_bytes(b"a shopping list, long enough to be taken for more than a header" * 100)
    before = path.read_bytes()
    assert "not a database" in await refusal(path, migrating=migrating)
    assert before == path.read_bytes()


async def test_several_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """One of them makes the tables, the others wait for it."""
    source = str(Path(parlance.__file__).parents[1])
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            OPEN_AND_CLOSE,
            str(tmp_path / "a.db"),
            env={"PYTHONPATH": source},
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    ends = await asyncio.wait_for(asyncio.gather(*(child.communicate() for child in children)), PATIENCE * 3)
    assert [(b"", 0)] * 3 == [(errors, child.returncode) for (_, errors), child in zip(ends, children, strict=True)]
    assert not migrate(tmp_path / "a.db")


async def test_a_closed_store_leaves_one_file(file_stage: Stage) -> None:
    """The log is tidied away, so that copying the file copies everything."""
    await file_stage.say(await file_stage.group(ADA))
    await file_stage.store.close()
    assert ["parlance.db"] == sorted(path.name for path in file_stage.path.parent.iterdir())
    await file_stage.open()
