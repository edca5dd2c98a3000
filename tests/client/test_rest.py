"""Calls by HTTP: to whom the key is shown."""

import pytest
from aiohttp import web

from parlance.client import Backend, ParlanceError


async def test_keys_are_shown_to_nobody_else() -> None:
    """Whoever answers that the server is elsewhere does not have its key sent there."""
    seen: list[web.Request] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        port = request.url.port
        return web.Response(status=307, headers={"Location": f"http://localhost:{port}/stolen"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", elsewhere)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with Backend(f"http://127.0.0.1:{runner.addresses[0][1]}", "app", "key") as backend:
            with pytest.raises(ParlanceError, match="307"):
                await backend.user("ada")
    finally:
        await runner.cleanup()
    assert ["/im/users/ada"] == [request.path for request in seen]
