"""The proxies' files in `deploy/`, as they are but for ports, certificate and name, in front of a real server."""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from cast import PATIENCE, Town, running
from leancloud.proxies import CADDY, NAME, NGINX, Proxy, caddy, check, nginx
from parlance.core.model.app import Policy

MEBIBYTE = 1024 * 1024


class Front(NamedTuple):
    """A proxy, the server behind it, and a client that believes the proxy."""

    proxy: Proxy
    town: Town
    session: aiohttp.ClientSession

    async def get(self, path: str, **more: Any) -> tuple[int, Any]:
        """Status and JSON of what stands at an address."""
        async with self.session.get(self.proxy.base + path, **more) as answer:
            return answer.status, await answer.json() if answer.ok else None


@pytest.fixture(
    params=[
        pytest.param(nginx, marks=pytest.mark.needs("nginx", "openssl")),
        pytest.param(caddy, marks=pytest.mark.needs("caddy", "openssl")),
    ]
)
async def front(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Front]:
    """Each proxy in front of a server."""
    async with (
        running(tmp_path / "data") as town,
        request.param(tmp_path, int(town.base.rpartition(":")[2])) as proxy,
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=proxy.authority))
        ) as session,
    ):
        await town.app("shop", Policy.KEY)
        yield Front(proxy, town, session)


async def test_the_router_answers_with_the_address_of_the_proxy(front: Front) -> None:
    """Scheme, host and port as the client used them."""
    status, found = await front.get("/v1/route", params={"appId": "shop", "secure": "1"})
    address = "wss" + front.proxy.base.removeprefix("https")
    assert (200, address, address) == (status, found["server"], found["secondary"])


@pytest.mark.parametrize("path", ["/", "/anywhere/else?and=more"])
async def test_sockets_pass_at_every_path(front: Front, path: str) -> None:
    """With the sub-protocol that was asked for, and frames both ways."""
    spoken = ("lc.json.3",)
    async with front.session.ws_connect(front.proxy.base + path, protocols=spoken) as socket:
        assert "lc.json.3" == socket.protocol
        await socket.send_str('{"cmd":"echo","i":7}')
        echoed = await asyncio.wait_for(socket.receive_json(), PATIENCE)
    assert ("echo", 7) == (echoed["cmd"], echoed["i"])


async def test_the_platforms_socket_passes_as_well(front: Front) -> None:
    """Whatever is spoken on the one port."""
    async with front.session.ws_connect(f"{front.proxy.base}/im/socket") as socket:
        login = {"app_id": "hall", "client_id": "ada", "device_id": "phone", "token": front.town.ada.token}
        await socket.send_json({"type": "login", "data": login})
        answer = await asyncio.wait_for(socket.receive_json(), PATIENCE)
    assert "login.success" == answer["type"]


async def test_uploads_pass(front: Front) -> None:
    """Of more than the megabyte that nginx takes by itself."""
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(b"words\n" * (3 * MEBIBYTE // 6)), filename="long.txt", content_type="text/plain")
    headers = {"app-id": "hall", "app-key": front.town.hall.master_key}
    async with front.session.post(f"{front.proxy.base}/im/file/upload", data=form, headers=headers) as answer:
        assert 200 == answer.status, await answer.text()


async def test_metrics_are_for_those_inside(front: Front) -> None:
    """The server shows them, the proxy does not."""
    assert (404, None) == await front.get("/metrics")
    assert 200 == (await front.town.bare.get("/metrics")).status


async def test_a_slash_too_many_does_no_harm(front: Front) -> None:
    """As for clients whose server address ends with one."""
    status, _ = await front.get("//v1/route", params={"appId": "shop"})
    assert 200 == status


@pytest.mark.needs("caddy")
def test_caddys_file_is_right_as_it_is() -> None:
    """`caddy validate` says so, and it is in Caddy's own form."""
    check("caddy", "validate", "--adapter", "caddyfile", "--config", str(CADDY))
    check("caddy", "fmt", str(CADDY))


@pytest.mark.parametrize("file", [NGINX, CADDY], ids=lambda each: each.name)
def test_one_name_is_to_be_changed(file: Path) -> None:
    """The files stand for one domain, and name no other."""
    assert NAME in file.read_text(encoding="utf-8")
