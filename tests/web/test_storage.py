import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from yarl import URL

from conformance.blobs import samples
from core.actions.files.filing import ADA, Filing, Sent, filing
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode
from parlance.web import storage
from parlance.web.routes import Handler

DIGITS = b"0123456789"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Shelf:
    """A running server with stored files, and a client."""

    def __init__(self, files: Filing, url: URL, session: ClientSession) -> None:
        self.files = files
        self.url = url
        self._session = session

    async def put(self, name: str, content: bytes) -> StoredFile:
        """Upload a file."""
        return await self.files.upload(ADA, Sent(name, content))

    async def ask(self, key: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a key, just as it is written."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = URL(f"{self.url}storage/{key}", encoded=True)
        async with self._session.request(method, url, headers=named) as response:
            return Answer(response.status, response.headers, await response.read())


@web.middleware
async def say_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What the reception does in the real server."""
    try:
        return await handler(request)
    except Fault as fault:
        return web.Response(status=404 if fault.code is FaultCode.UNKNOWN_FILE else 503, text=fault.code.name)


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    """An empty one."""
    async with filing(tmp_path) as files:
        application = web.Application(middlewares=[say_faults])
        application.add_routes(storage.routes(files.open))
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession(timeout=ClientTimeout(60)) as session:
            yield Shelf(files, URL(f"http://127.0.0.1:{runner.addresses[0][1]}/"), session)
        await runner.cleanup()


async def test_a_file_is_served_as_what_it_is(shelf: Shelf) -> None:
    """With the type that was found in its bytes, for good, and with nothing for a browser to run."""
    photo = samples.picture("JPEG")
    stored = await shelf.put("2020-04-28 16.25.13.jpg", photo)
    answer = await shelf.ask(stored.key)
    assert (200, photo) == (answer.status, answer.body)
    expected = {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(photo)),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "ETag": f'"{stored.key[8:]}"',
        "Content-Disposition": 'inline; filename="2020-04-28 16.25.13.jpg"; '
        "filename*=UTF-8''2020-04-28%2016.25.13.jpg",
    }
    assert expected == {name: answer.headers[name] for name in expected}
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_large_file_arrives_whole(shelf: Shelf) -> None:
    """Many chunks make one file again."""
    clip = samples.MP4 + bytes(range(256)) * 12_000
    stored = await shelf.put("clip.mp4", clip)
    assert clip == (await shelf.ask(stored.key)).body


@pytest.mark.parametrize(
    ("name", "content", "how", "content_type"),
    [
        ("a.png", samples.picture("PNG"), "inline", "image/png"),
        ("a.mp3", samples.MP3_BARE, "inline", "audio/mpeg"),
        ("a.mp4", samples.MP4, "inline", "video/mp4"),
        ("a.txt", samples.TEXT_GBK, "inline", "text/plain; charset=gb18030"),
        ("a.csv", samples.CSV, "attachment", "text/csv; charset=utf-8"),
        ("a.pdf", samples.PDF, "attachment", "application/pdf"),
        ("a.zip", samples.zipped("a"), "attachment", "application/zip"),
        ("a.doc", samples.ole("WordDocument"), "attachment", "application/msword"),
    ],
)
async def test_what_a_browser_could_run_is_a_download(
    shelf: Shelf, name: str, content: bytes, how: str, content_type: str
) -> None:
    """Pictures, sound, film and plain text are shown; the rest is handed out."""
    answer = await shelf.ask((await shelf.put(name, content)).key)
    assert how == answer.headers["Content-Disposition"].partition(";")[0]
    assert content_type == answer.headers["Content-Type"]


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("早上好.txt", "___.txt", "%E6%97%A9%E4%B8%8A%E5%A5%BD.txt"),
        ('say "hi"; x=1.txt', "say _hi_; x=1.txt", "say%20%22hi%22%3B%20x%3D1.txt"),
        ("a\r\nSet-Cookie: b=c.txt", "aSet-Cookie: b=c.txt", "aSet-Cookie%3A%20b%3Dc.txt"),
        ("100%25.txt", "100_25.txt", "100%2525.txt"),
        ("../../x.txt", "x.txt", "x.txt"),
    ],
)
async def test_the_name_comes_along_and_breaks_nothing(shelf: Shelf, name: str, plain: str, full: str) -> None:
    """In plain letters for old clients, and as it is for all others; never as more than a name."""
    answer = await shelf.ask((await shelf.put(name, samples.TEXT)).key)
    assert f"inline; filename=\"{plain}\"; filename*=UTF-8''{full}" == answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "content_range", "body"),
    [
        ("bytes=0-3", "bytes 0-3/10", b"0123"),
        ("bytes=3-3", "bytes 3-3/10", b"3"),
        ("bytes=7-", "bytes 7-9/10", b"789"),
        ("bytes=-2", "bytes 8-9/10", b"89"),
        ("bytes=-100", "bytes 0-9/10", DIGITS),
        ("bytes=5-100", "bytes 5-9/10", b"56789"),
        ("bytes=0-", "bytes 0-9/10", DIGITS),
    ],
)
async def test_a_range_is_served_by_itself(shelf: Shelf, asked: str, content_range: str, body: bytes) -> None:
    """From here to there, from here on, or the last so many."""
    stored = await shelf.put("a.txt", DIGITS)
    answer = await shelf.ask(stored.key, Range=asked)
    assert (206, content_range, body) == (answer.status, answer.headers["Content-Range"], answer.body)
    assert str(len(body)) == answer.headers["Content-Length"]
    assert "text/plain; charset=utf-8" == answer.headers["Content-Type"]


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=999999999999999999-"])
async def test_a_range_without_bytes_cannot_be_satisfied(shelf: Shelf, asked: str) -> None:
    """The answer says how many bytes there are, so that the client can ask again."""
    stored = await shelf.put("a.txt", DIGITS)
    answer = await shelf.ask(stored.key, Range=asked)
    assert (416, "bytes */10", b"") == (answer.status, answer.headers["Content-Range"], answer.body)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=3-1",
        "bytes=-",
        "bytes=a-b",
        "lines=0-3",
        "bytes=0-1,3-4",
        "bytes",
        "bytes=" + "9" * 400 + "-",
        "bytes=٣-٤",
    ],
)
async def test_what_is_no_single_range_gets_all_of_it(shelf: Shelf, asked: str) -> None:
    """A client that asks in riddles gets what is always right."""
    stored = await shelf.put("a.txt", DIGITS)
    answer = await shelf.ask(stored.key, Range=asked)
    assert (200, DIGITS) == (answer.status, answer.body)
    assert "Content-Range" not in answer.headers


async def test_a_range_of_another_file_gets_all_of_this_one(shelf: Shelf) -> None:
    """If-Range keeps halves of two files from being joined."""
    stored = await shelf.put("a.txt", DIGITS)
    same = await shelf.ask(stored.key, Range="bytes=0-3", If_Range=f'"{stored.key[8:]}"')
    other = await shelf.ask(stored.key, Range="bytes=0-3", If_Range='"other"')
    assert [(206, b"0123"), (200, DIGITS)] == [(same.status, same.body), (other.status, other.body)]


async def test_head_tells_all_but_the_bytes(shelf: Shelf) -> None:
    """The same headers as for GET, a range or not, and no body."""
    stored = await shelf.put("a.txt", DIGITS)
    answer = await shelf.ask(stored.key, "HEAD", Range="bytes=0-3")
    got = await shelf.ask(stored.key)
    assert (200, b"") == (answer.status, answer.body)
    differing = {"Date"}
    assert {k: v for k, v in got.headers.items() if k not in differing} == {
        k: v for k, v in answer.headers.items() if k not in differing
    }
    assert 404 == (await shelf.ask(f"uploads/{'0' * 32}.txt", "HEAD")).status


async def test_who_has_it_already_need_not_load_it_again(shelf: Shelf) -> None:
    """A tag that is known is answered without a body."""
    stored = await shelf.put("a.txt", DIGITS)
    tag = f'"{stored.key[8:]}"'
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = await shelf.ask(stored.key, If_None_Match=known)
        assert (304, b"", tag) == (answer.status, answer.body, answer.headers["ETag"])
    assert 200 == (await shelf.ask(stored.key, If_None_Match='"other"')).status


@pytest.mark.parametrize(
    "key",
    [
        f"uploads/{'0' * 32}.jpg",
        "uploads/..%2f..%2fparlance.db",
        "..%2fparlance.db",
        "%2e%2e/parlance.db",
        "uploads/%00.txt",
        "uploads/",
        "parlance.db",
        "%2fetc%2fpasswd",
        "uploads/%ff%fe.txt",
        "x" * 4_000,
    ],
)
async def test_any_other_address_is_unknown(shelf: Shelf, key: str) -> None:
    """Whatever the path spells, nothing but an upload's own key opens anything."""
    await shelf.put("a.txt", DIGITS)
    assert 404 == (await shelf.ask(key)).status


async def test_a_file_whose_bytes_are_gone_is_unknown(shelf: Shelf) -> None:
    """That is found out before an answer is begun."""
    stored = await shelf.put("a.txt", DIGITS)
    await shelf.files.blobs.delete(stored.key)
    answer = await shelf.ask(stored.key)
    assert (404, b"UNKNOWN_FILE") == (answer.status, answer.body)


async def test_other_methods_are_refused(shelf: Shelf) -> None:
    """A stored file is only ever read."""
    stored = await shelf.put("a.txt", DIGITS)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert 405 == (await shelf.ask(stored.key, method)).status


async def test_a_reader_that_leaves_disturbs_nobody(shelf: Shelf) -> None:
    """Cut in the middle of a large file, the server serves the next as if nothing had been."""
    clip = samples.MP4 + bytes(8_000_000)
    stored = await shelf.put("clip.mp4", clip)
    host, port = shelf.url.host, shelf.url.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /storage/{stored.key} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert re.match(rb"HTTP/1.1 200 ", await reader.readexactly(1_000))
    writer.transport.abort()
    assert len(clip) == len((await shelf.ask(stored.key)).body)


async def test_a_file_that_fails_half_way_is_seen_to_be_cut(shelf: Shelf) -> None:
    """The connection ends before the announced length: nobody takes the half for the whole."""
    clip = samples.MP4 + bytes(8_000_000)
    stored = await shelf.put("clip.mp4", clip)
    reader, writer = await asyncio.open_connection(shelf.url.host, shelf.url.port)
    writer.write(f"GET /storage/{stored.key} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await reader.readexactly(1_000)
    path = shelf.files.folder / stored.key
    with path.open("r+b") as cut:
        cut.truncate(1_000_000)
    received = 1_000
    try:
        while chunk := await asyncio.wait_for(reader.read(1_000_000), 60):
            received += len(chunk)
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()
    assert received < len(clip)
