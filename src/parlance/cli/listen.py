"""`parlance listen`: the smallest socket client there is. Logs in and shows what arrives."""

import asyncio
import sys
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import click
import msgspec

SOCKET_PATH = "/im/socket"
HEARTBEAT = 30.0


class Visit(msgspec.Struct, frozen=True):
    """Whom to be, where, and for how many frames after the login (0: until stopped)."""

    url: str
    app_id: str
    client_id: str
    device_id: str
    token: str | None
    count: int


@click.command()
@click.option("--client", "client_id", required=True, help="The client id to log in as.")
@click.option("--app", "app_id", default="666666", show_default=True, help="The app's id.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The server.")
@click.option("--token", help="A client token, where the app asks for one.")
@click.option("--device", "device_id", default="terminal", show_default=True, help="The device id to log in with.")
@click.option("--count", default=0, help="End after so many frames (default: never).")
def listen(client_id: str, app_id: str, url: str, token: str | None, device_id: str, count: int) -> None:
    """Log in on the socket and print every frame that arrives, one a line."""
    visit = Visit(socket_url(url), app_id, client_id, device_id, token, count)
    with suppress(KeyboardInterrupt):
        try:
            sys.exit(asyncio.run(visited(visit)))
        except aiohttp.ClientError as error:
            raise click.ClickException(f"{url} cannot be reached: {error}") from None


def socket_url(url: str) -> str:
    """Where the socket of the server at `url` is."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    path = parts.path if parts.path.endswith(SOCKET_PATH) else parts.path.rstrip("/") + SOCKET_PATH
    return urlunsplit((scheme, parts.netloc, path, "", ""))


async def visited(visit: Visit) -> int:
    """Stay until there is no more to show; 1 if the server had no place for us."""
    data = {"app_id": visit.app_id, "client_id": visit.client_id, "device_id": visit.device_id}
    if visit.token:
        data["token"] = visit.token
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(visit.url, heartbeat=HEARTBEAT, max_msg_size=0) as socket,
    ):
        await socket.send_json({"type": "login", "data": data})
        seen = -1
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            click.echo(message.data)
            if seen < 0 and '"login.success"' not in message.data:
                return 1
            seen += 1
            if visit.count and seen >= visit.count:
                return 0
        click.echo(f"the server closed the connection (code {socket.close_code})", err=True)
        return 1
