"""An installation is saved while people talk, moved from SQLite to PostgreSQL, and nobody there notices."""

import asyncio
from pathlib import Path

import aiohttp
import msgspec
import pytest

from cast import Socket
from databases import postgres_server
from durability.sender import Sender
from durability.server_process import APP, ServerProcess, peopled, serving, stored
from durability.test_webhooks import backend, with_hooks
from gateway.watch import comes_true
from parlance.app.assemble import opened
from parlance.app.backups.restoring import restore
from parlance.app.backups.taking import take
from parlance.app.config import Config, ConfigError
from parlance.app.moving import move_database
from parlance.app.operations import issue_token, verify
from parlance.kernel.clock import SystemClock

pytestmark = pytest.mark.on_sqlite

HOUR = 60 * 60 * 1000
ENOUGH = 300
"""Messages while it is being saved."""


class Nobody:
    """Waits for nothing."""

    def begins(self, what: str, total: int | None) -> None:
        """See `Watch.begins`."""

    def advanced(self, items: int) -> None:
        """See `Watch.advanced`."""


async def saved_while_they_talk(config: Config, server: ServerProcess, group: str, path: Path) -> Sender:
    """Save it while somebody sends without pause; who that was."""
    sender = Sender("ann", [group])
    talking = asyncio.ensure_future(sender.talk(server.base, ENOUGH))
    await comes_true(lambda: bool(sender.receipts), "somebody talks")
    saving = take(config, path, files=True, watch=Nobody(), clock=SystemClock())
    await asyncio.to_thread(asyncio.run, saving)
    await talking
    return sender


async def logged_in(session: aiohttp.ClientSession, server: ServerProcess, client: str, token: str) -> Socket:
    """Somebody comes, with a token."""
    socket = Socket(await session.ws_connect(f"{server.base}/im/socket"))
    await socket.send("login", {"app_id": APP, "client_id": client, "device_id": "phone", "token": token})
    await socket.next("login.success")
    return socket


async def test_an_installation_moves_and_life_goes_on(tmp_path: Path) -> None:
    """Tokens, history, numbers, refs, unread and what the backend is still to be told: all as it was."""
    data = tmp_path / "data"
    async with postgres_server().lent() as url, backend() as hears, aiohttp.ClientSession() as session:
        here, there = Config(data_dir=data), Config(data_dir=data, database_url=url)
        [group] = await peopled(data, ["ann", "bob"], 1)
        await with_hooks(data, "http://127.0.0.1:1")
        token = (await issue_token(here, APP, "bob", HOUR)).token
        async with serving(data) as server:
            sender = await saved_while_they_talk(here, server, group, tmp_path / "saved.zip")
            with pytest.raises(ConfigError, match=r"parlance\.db: somebody has it open: stop the server"):
                await move_database(here, there, Nobody())
            server.ask_to_end()
            await server.ended()
        before = await stored(data, [group])
        assert ENOUGH == len(sender.receipts) == len(before[group])

        await move_database(here, there, Nobody())
        assert [] == await verify(there)
        await with_hooks_at(there, hears.url)
        async with serving(data, PARLANCE_DATABASE_URL=url) as server:
            bob = await logged_in(session, server, "bob", token)
            [row] = (await bob.request("sync"))["data"]["conversations"]
            assert (ENOUGH, ENOUGH) == (row["last_seq"], row["unread"])
            history = await bob.request("msg.list", {"conv_id": group, "limit": 100})
            newest = [message["msg_id"] for message in history["data"]["messages"]]
            assert {message.msg_id for message in before[group][-len(newest) :]} == set(newest)
            said = {"conv_id": group, "type": -1, "text": "ann-1"}
            ann = await logged_in(session, server, "ann", (await issue_token(there, APP, "ann", HOUR)).token)
            await ann.send("msg.send", {**said, "ref": "ann-1"})
            assert sender.receipts["ann-1"].msg_id == (await ann.next("msg.sent"))["data"]["msg_id"]
            assert ENOUGH + 1 == (await bob.request("msg.send", said))["data"]["seq"]
            await hears.until(ENOUGH + 1)
            with pytest.raises(ConfigError, match="1 server is running on it"):
                await move_database(there, Config(data_dir=tmp_path / "back"), Nobody())
        assert list(range(1, ENOUGH + 2)) == sorted({seq for _, seq, _ in hears.taken})

        # What was saved is one moment, however much was said meanwhile: the beginning of it all, and whole.
        saved = Config(data_dir=tmp_path / "saved")
        await restore(saved, tmp_path / "saved.zip", replace=False, watch=Nobody())
        assert [] == await verify(saved)
        was = (await stored(saved.data_dir, [group]))[group]
        assert 1 <= len(was) <= ENOUGH
        assert before[group][: len(was)] == was


async def with_hooks_at(config: Config, url: str) -> None:
    """Where the yard's backend is now."""
    async with opened(config) as application:
        app = await application.actions.find_apps.one(APP)
        await application.actions.change_app(APP, settings=msgspec.structs.replace(app.settings, hook_url=url))
