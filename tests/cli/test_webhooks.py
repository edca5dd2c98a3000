"""`parlance webhooks …`."""

import asyncio
from pathlib import Path

import msgspec

from cli.conftest import Command
from parlance.app.assemble import Application, opened
from parlance.app.config import Config
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.delivery import DeliveryState
from parlance.core.model.message import Draft
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId

ADA, BEN = ClientId("ada"), ClientId("ben")


async def happened(data: Path) -> None:
    """Something was said in an app whose backend does not answer."""
    async with opened(Config(data_dir=data)) as application:
        actions = application.actions
        app = await actions.register_app("shop", master_key="key")
        settings = msgspec.structs.replace(app.settings, hook_url="http://127.0.0.1:9", hook_names="_messageSent")
        app = await actions.change_app("shop", settings=settings)
        await application.directory.refresh()
        backend = Caller(app)
        for client in (ADA, BEN):
            await actions.create_user(backend, client, Profile())
        group = await actions.open_conversation(backend, Opening(Kind.GROUP, ADA, (BEN,)))
        for text in ("secret one", "secret two"):
            await actions.send(backend, Draft(ADA, -1, group.conv_id, text=text))
        await actions.deliver(app.app_id)
        await bury_one(application)


async def bury_one(application: Application) -> None:
    """The older one is dead."""
    app = await application.actions.find_apps.one("shop")
    _, older = await application.actions.list_deliveries(app.app_id)
    async with application.store.begin() as tx:
        await tx.deliveries.bury([older.id], "HTTP 500")


async def waiting(data: Path) -> int:
    """How many wait to be told."""
    async with opened(Config(data_dir=data)) as application:
        app = await application.actions.find_apps.one("shop")
        return len(await application.actions.list_deliveries(app.app_id, {DeliveryState.WAITING}))


def test_what_was_told_is_listed(parlance: Command, data: Path) -> None:
    """What became of it and why; nothing of what was said."""
    asyncio.run(happened(data))
    listed = parlance("webhooks", "list", "--app", "shop")
    assert 0 == listed.exit_code
    newest, oldest = [line.split() for line in listed.stdout.splitlines()[1:]]
    assert ("message.sent", "waiting") == (newest[1], newest[3])
    assert ["dead", "2", "HTTP", "500"] == oldest[3:]
    assert "secret" not in listed.stdout
    dead = parlance("webhooks", "dead", "--app", "shop").stdout.splitlines()
    assert [oldest[0]] == [line.split()[0] for line in dead[1:]]


def test_it_is_told_again(parlance: Command, data: Path) -> None:
    """What happened in a span of time, or what is dead; and the command says how much that is."""
    asyncio.run(happened(data))
    long_ago = parlance("webhooks", "replay", "--app", "shop", "--to", "2020-01-01")
    assert (0, "0 to be told again\n") == (long_ago.exit_code, long_ago.stdout)
    assert 1 == asyncio.run(waiting(data))
    again = parlance("webhooks", "replay", "--app", "shop", "--from", "2020-01-01T10:30", "--dead")
    assert "1 to be told again\n" == again.stdout
    assert 2 == asyncio.run(waiting(data))
    assert "0 to be told again\n" == parlance("webhooks", "replay", "--app", "shop").stdout


def test_what_cannot_be_asked(parlance: Command) -> None:
    """An app that is not there, a time that is none."""
    parlance("app", "create", "--id", "shop")
    assert 1 == parlance("webhooks", "list", "--app", "nobody").exit_code
    assert 1 == parlance("webhooks", "replay", "--app", "nobody").exit_code
    assert 2 == parlance("webhooks", "replay", "--app", "shop", "--from", "yesterday").exit_code
