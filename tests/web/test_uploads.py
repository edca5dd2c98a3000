import asyncio
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientSession, FormData, web
from yarl import URL

from parlance.kernel.faults import Fault
from parlance.web import uploads
from parlance.web.uploads import BESIDES, IN_MEMORY, read_upload

MOST = 3 * 1024 * 1024


class Read(msgspec.Struct):
    """What a handler made of a form."""

    name: str
    size: int
    content: str
    fields: dict[str, str]


class Desk:
    """A server that reads uploads and says what it read, or which fault it met."""

    def __init__(self) -> None:
        self.url = URL()
        self.port = 0
        self.read: list[bytes] = []
        self.done: asyncio.Queue[str] = asyncio.Queue()
        self._held_before = temporary_files()

    def left(self) -> set[str]:
        """The nameless files that were not there before; some of those may be gone, they are others' business."""
        return temporary_files() - self._held_before

    async def answer(self, request: web.Request) -> web.Response:
        """Read the form, and tell."""
        outcome = "lost"
        try:
            async with read_upload(request, MOST) as upload:
                self.read.append(b"".join([chunk async for chunk in upload.chunks()]))
                assert upload.content.seek(0, os.SEEK_END) == upload.size
                outcome = "read"
                told = Read(upload.name, upload.size, self.read[-1][:40].decode("latin-1"), dict(upload.fields))
                return web.Response(body=msgspec.json.encode(told))
        except Fault as fault:
            outcome = fault.code.name
            return web.Response(status=400, text=f"{fault.code.name} {fault.field or ''}".strip())
        finally:
            self.done.put_nowait(outcome)

    async def raw(self, body: bytes, content_type: str = "multipart/form-data; boundary=b") -> str:
        """Send these very bytes, and hear what is said."""
        async with ClientSession() as session:
            headers = {"Content-Type": content_type}
            async with session.post(self.url, data=io.BytesIO(body), headers=headers) as response:
                return await response.text()

    async def file(self, disposition: bytes, content: bytes = b"hello") -> Read:
        """Send a file whose part is headed by this disposition."""
        head = b"--b\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n"
        return msgspec.json.decode(await self.raw(head + content + b"\r\n--b--\r\n"), type=Read)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A running one, on a free port."""
    desk = Desk()
    application = web.Application()
    application.router.add_post("/", desk.answer)
    # aiohttp goes on reading what a refused client still sends: here nobody wants to wait for its end.
    runner = web.AppRunner(application, lingering_time=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    desk.port = runner.addresses[0][1]
    desk.url = URL(f"http://127.0.0.1:{desk.port}/")
    yield desk
    await runner.cleanup()


def temporary_files() -> set[str]:
    """The nameless files that this process holds open (the test runner's own among them)."""
    held = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.add(str(descriptor.readlink()))
        except OSError:
            continue
    return {name for name in held if "deleted" in name}


async def test_a_form_is_read_as_clients_send_it(desk: Desk) -> None:
    """The file, its name, and the other fields, in whatever order they come."""
    form = FormData({"before": "1"})
    form.add_field("file", b"hello", filename="2020-04-28 16.25.13.jpg", content_type="image/jpeg")
    form.add_field("after", "早上好")
    async with ClientSession() as session, session.post(desk.url, data=form) as response:
        read = msgspec.json.decode(await response.read(), type=Read)
    assert Read("2020-04-28 16.25.13.jpg", 5, "hello", {"before": "1", "after": "早上好"}) == read


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, MOST])
async def test_a_file_of_any_size_up_to_the_limit_arrives_whole(desk: Desk, size: int) -> None:
    """Small ones stay in memory, large ones do not, and both come out as they went in."""
    content = os.urandom(size)
    assert size == (await desk.file(b'name="file"; filename="a.bin"', content)).size
    assert [content] == desk.read
    assert set() == desk.left()


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'name="file"; filename="photo.jpg"', "photo.jpg"),
        (b"name=file; filename=photo.jpg", "photo.jpg"),
        (b'name="file"', ""),
        (b'name="file"; filename=""', ""),
        (b'name="file"; filename="a;b=c.jpg"', "a;b=c.jpg"),
        (rb'name="file"; filename="say \"hi\".jpg"', 'say "hi".jpg'),
        (b'name="file"; filename="say %22hi%22.jpg"', 'say "hi".jpg'),
        (rb'name="file"; filename="C:\fakepath\a.jpg"', "C:\\fakepath\\a.jpg"),
        (b'name="file"; filename="../../etc/passwd.jpg"', "../../etc/passwd.jpg"),
        (b'name="file"; filename="100%.jpg"', "100%.jpg"),
        ('name="file"; filename="早上好.jpg"'.encode(), "早上好.jpg"),
        ('name="file"; filename="早上好.jpg"'.encode("gbk"), "早上好.jpg"),
        (b'name="file"; filename="%E6%97%A9.jpg"', "早.jpg"),
        (b'name="file"; filename="x.jpg"; filename*=UTF-8\'\'%E6%97%A9.jpg', "早.jpg"),
        (b"name=\"file\"; filename*=gbk'zh'%D4%E7.jpg", "早.jpg"),
        (b"name=\"file\"; filename*=nonsense''%E6%97%A9.jpg", "早.jpg"),
        (b'name="file"; filename*0="long "; filename*1="name.jpg"', "long name.jpg"),
        (b"name=\"file\"; filename*1*=%97%A9.jpg; filename*0*=UTF-8''%E6", "早.jpg"),
        (b'name="file"; filename="\xff\xff\xff.jpg"', "\ufffd\ufffd\ufffd.jpg"),
        (b'name="file"; filename="' + b"x" * 5_000 + b'.jpg"', "x" * 5_000 + ".jpg"),
        (b'filename="a.jpg"; name="file"; ;;; =; "', "a.jpg"),
    ],
)
async def test_names_are_read_in_every_spelling(desk: Desk, disposition: bytes, name: str) -> None:
    """Quoted, plain, percent-encoded, in pieces, in UTF-8 or GBK: as clients have written them for decades."""
    assert name == (await desk.file(disposition)).name


def part(head: bytes, content: bytes = b"hello") -> bytes:
    """A part of a form."""
    return b"--b\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


FILE = b'Content-Disposition: form-data; name="file"; filename="a.txt"'
END = b"--b--\r\n"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (END, "MISSING_FIELD file"),
        (part(b'Content-Disposition: form-data; name="other"') + END, "MISSING_FIELD file"),
        (part(b"Content-Disposition: form-data") + END, "MISSING_FIELD file"),
        (part(b"X-Other: 1") + END, "MISSING_FIELD file"),
        (part(FILE) * 2 + END, "BAD_FORMAT file"),
        (part(b'Content-Disposition: form-data; name="a"') * 2 + part(FILE) + END, "BAD_FORMAT a"),
        (b"no boundary at all", "MALFORMED"),
        (part(FILE)[:-2], "MALFORMED"),
        (part(FILE)[:20], "MALFORMED"),
        (part(FILE) + b"--b", "MALFORMED"),
        (part(FILE + b"\r\nContent-Transfer-Encoding: base64") + END, "MALFORMED"),
        (part(FILE + b"\r\nContent-Type: multipart/mixed; boundary=c") + END, "MALFORMED"),
        (part(FILE + b"\r\nno header") + END, "MALFORMED"),
        (part(FILE + b"\r\nX: " + b"x" * 20_000) + END, "MALFORMED"),
        (part(FILE + b"\r\nX: x" * 100) + END, "MALFORMED"),
        (part(b'Content-Disposition: form-data; name="a"', b"\xff") + END, "MALFORMED"),
        (b"".join(part(b'Content-Disposition: form-data; name="%d"' % n) for n in range(40)) + END, "MALFORMED"),
        (part(FILE, b"x" * (MOST + 1)) + END, "BODY_TOO_LARGE file"),
        (part(b'Content-Disposition: form-data; name="a"', b"x" * 100_000) + part(FILE) + END, "BODY_TOO_LARGE a"),
        (b"x\r\n" * (MOST // 2), "BODY_TOO_LARGE file"),
        (b"x\r\n" * (MOST // 4) + part(FILE) + END, "MALFORMED"),
    ],
)
async def test_what_is_no_good_form_is_refused(desk: Desk, body: bytes, outcome: str) -> None:
    """Each with the fault that says what was wrong, and without anything left lying about."""
    assert outcome == await desk.raw(body)
    assert set() == desk.left()
    assert 5 == (await desk.file(b'name="file"; filename="next.txt"')).size


@pytest.mark.parametrize(
    ("content_type", "outcome"),
    [
        ("application/json", "MALFORMED"),
        ("application/x-www-form-urlencoded", "MALFORMED"),
        ("multipart/mixed; boundary=b", "MALFORMED"),
        ("multipart/form-data", "MALFORMED"),
        ("multipart/form-data; boundary=" + "b" * 100, "MALFORMED"),
        ('multipart/form-data; boundary="é"', "MALFORMED"),
        ("nonsense", "MALFORMED"),
    ],
)
async def test_what_is_no_form_is_refused(desk: Desk, content_type: str, outcome: str) -> None:
    """Another type of body, or a form whose boundary is not told."""
    assert outcome == await desk.raw(part(FILE) + END, content_type)


async def test_a_request_without_a_body_lacks_its_file(desk: Desk) -> None:
    """Nothing was sent: the file is what is missing."""
    async with ClientSession() as session, session.post(desk.url) as response:
        assert "MISSING_FIELD file" == await response.text()


async def converse(desk: Desk, send: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> bytes:
    """Send over a bare connection, and read until the server has answered and hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    try:
        await send(writer)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"


async def test_an_announced_flood_is_refused_before_it_comes(desk: Desk) -> None:
    """A Content-Length over the limit is answered without a byte of the body being waited for."""

    async def announce(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % (MOST + BESIDES + 1))
        await writer.drain()

    assert b"BODY_TOO_LARGE file" in await asyncio.wait_for(converse(desk, announce), 60)


@pytest.mark.parametrize("line", [b"y" * 60_000, b"y" * 59_998 + b"\r\n", b"y\r\n" * 20_000])
async def test_an_endless_body_is_refused_as_it_comes(desk: Desk, line: bytes) -> None:
    """Without an announced length, the limit holds for the file and for what stands before it."""

    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        opening = part(FILE)[:-2] if b"\r\n" not in line else b"x\r\n"
        for chunk in (opening, *[line] * 60):
            writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            await writer.drain()

    await asyncio.wait_for(converse(desk, pour), 60)
    assert await asyncio.wait_for(desk.done.get(), 60) in {"BODY_TOO_LARGE", "MALFORMED"}
    assert set() == desk.left()


async def test_a_lost_connection_leaves_nothing_behind(desk: Desk) -> None:
    """Cut in the middle of a large file, the temporary file goes, and the next client is served."""

    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % MOST + part(FILE)[:-2] + b"x" * (2 * IN_MEMORY))
        await writer.drain()
        writer.transport.abort()

    await asyncio.wait_for(converse(desk, cut), 60)
    assert await asyncio.wait_for(desk.done.get(), 60) in {"lost", "MALFORMED"}
    assert set() == desk.left()
    assert 5 == (await desk.file(b'name="file"; filename="next.txt"')).size


async def test_a_body_that_stops_arriving_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens an upload and sends nothing more does not hold a place for ever."""
    monkeypatch.setattr(uploads, "STALL", 0.05)

    async def stall(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n" + part(FILE)[:-2])
        await writer.drain()

    assert b"MALFORMED" in await asyncio.wait_for(converse(desk, stall), 60)
