"""As much of the S3 protocol as files need, on a free port: enough to see that addresses and requests are right.

It checks no signatures and keeps no promises of its own; a real bucket is tried by hand (docs/decisions/0005).
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

_XML = '<?xml version="1.0" encoding="UTF-8"?>'


class Bucket:
    """Objects by path, and the parts of those that are still arriving."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}
        self._parts: dict[str, dict[int, bytes]] = {}
        self._numbers = itertools.count(1)

    async def put(self, request: web.Request) -> web.Response:
        """Keep an object, or a part of one."""
        body = await request.read()
        upload = request.query.get("uploadId")
        if upload is None:
            self._objects[request.path] = body
        else:
            self._parts[upload][int(request.query["partNumber"])] = body
        return web.Response(headers={"ETag": f'"{len(body)}"'})

    async def post(self, request: web.Request) -> web.Response:
        """Begin an object of many parts, or put them together."""
        await request.read()
        if "uploads" in request.query:
            upload = str(next(self._numbers))
            self._parts[upload] = {}
            result = "InitiateMultipartUploadResult"
            return web.Response(text=f"{_XML}<{result}><UploadId>{upload}</UploadId></{result}>")
        parts = self._parts.pop(request.query["uploadId"])
        self._objects[request.path] = b"".join(parts[number] for number in sorted(parts))
        result = "CompleteMultipartUploadResult"
        return web.Response(text=f'{_XML}<{result}><ETag>"1"</ETag></{result}>')

    async def get(self, request: web.Request) -> web.Response:
        """Hand out an object, or a range of it."""
        whole = self._objects.get(request.path)
        if whole is None:
            raise web.HTTPNotFound
        headers = {"ETag": '"1"', "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(len(whole))})
        asked = request.http_range
        if asked.start is None:
            return web.Response(body=whole, headers=headers)
        part = whole[asked]
        headers["Content-Range"] = f"bytes {asked.start}-{asked.start + len(part) - 1}/{len(whole)}"
        return web.Response(status=206, body=part, headers=headers)

    async def delete(self, request: web.Request) -> web.Response:
        """Forget an object, or the parts of one that was given up."""
        self._objects.pop(request.path, None)
        self._parts.pop(request.query.get("uploadId", ""), None)
        return web.Response(status=204)


@asynccontextmanager
async def bucket(name: str) -> AsyncIterator[str]:
    """Serve an empty bucket of that name; yields the endpoint."""
    served, path = Bucket(), f"/{name}/{{key:.+}}"
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.add_routes(
        [
            web.put(path, served.put),
            web.post(path, served.post),
            web.get(path, served.get),
            web.delete(path, served.delete),
        ]
    )
    runner = web.AppRunner(application, lingering_time=0.1, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
