"""The repository of apps."""

import msgspec
import pytest

from conformance.store.stage import ANNEX, HALL, Stage
from parlance.core.model.app import AppSettings, Policy
from parlance.kernel.ids import AppId
from parlance.stores.sql.engine import NotInTransactionError


async def test_an_app_is_found_as_it_was_kept(stage: Stage) -> None:
    """Everything about an app comes back."""
    app = await stage.app()
    assert app == await stage.store.read.apps.find(HALL)


async def test_an_unknown_app_is_none(stage: Stage) -> None:
    """Not found is no error."""
    assert await stage.store.read.apps.find(AppId("nowhere")) is None


async def test_an_id_is_taken_once(stage: Stage) -> None:
    """A second app of the same id is refused and changes nothing."""
    app = await stage.app()
    async with stage.store.begin() as tx:
        assert not await tx.apps.add(msgspec.structs.replace(app, name="Another"))
    assert app == await stage.store.read.apps.find(HALL)


async def test_all_come_by_id(stage: Stage) -> None:
    """The list of apps is in the order of their ids."""
    await stage.app(HALL)
    await stage.app(ANNEX)
    assert [ANNEX, HALL] == [app.app_id for app in await stage.store.read.apps.all()]


async def test_an_update_replaces_everything(stage: Stage) -> None:
    """Keys, policy and settings are as they were set last."""
    app = await stage.app()
    changed = msgspec.structs.replace(
        app,
        name="New",
        app_key="a",
        master_key="m",
        token_secret="t",
        policy=Policy.OPEN,
        settings=AppSettings(create_users=False, recall_window=5),
        updated_at=app.updated_at + 1,
    )
    async with stage.store.begin() as tx:
        assert await tx.apps.update(changed)
    assert changed == await stage.store.read.apps.find(HALL)


async def test_nothing_is_updated_that_is_not_there(stage: Stage) -> None:
    """An update of an unknown app says so."""
    app = await stage.app()
    async with stage.store.begin() as tx:
        assert not await tx.apps.update(msgspec.structs.replace(app, app_id=ANNEX))


async def test_changes_are_found_by_their_versions(stage: Stage) -> None:
    """Which change with every update; what is found to be changed is what is found."""
    app = await stage.app()
    assert {HALL: app.updated_at} == await stage.store.read.apps.versions()
    async with stage.store.begin() as tx:
        assert app == await tx.apps.find_to_change(HALL)
        assert None is await tx.apps.find_to_change(ANNEX)


async def test_readers_cannot_write(stage: Stage) -> None:
    """Without a transaction nothing is changed."""
    app = await stage.app()
    with pytest.raises(NotInTransactionError):
        await stage.store.read.apps.update(app)
    with pytest.raises(NotInTransactionError):
        await stage.store.read.members.leave(1, [], 0)
    with pytest.raises(NotInTransactionError):
        await stage.store.read.messages.recall(1, 0)
