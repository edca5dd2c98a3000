"""Uploading files: POST /im/file/upload. What is kept and how it is served has tests of its own."""

import re
import zlib
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from cast import Reply, Rest, Town

PATH = "/im/file/upload"


def picture(form: str = "PNG") -> bytes:
    """A small picture."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(drawn, form)
    return drawn.getvalue()


async def upload(rest: Rest, content: bytes, name: str | None = "a.png", field: str = "file") -> Reply:
    """Send a form with a file in it."""
    form = aiohttp.FormData()
    form.add_field(field, content, filename=name, content_type="application/octet-stream")
    return await rest.call("POST", PATH, data=form)


async def test_a_file_is_kept_and_served(town: Town) -> None:
    """The answer is its public address, on the host that was asked; anybody who has it may fetch it."""
    content = picture()
    where = (await upload(town.backend, content)).data
    assert re.fullmatch(re.escape(town.base) + r"/storage/uploads/[0-9a-f]{32}\.png", where)
    served = await town.bare.get(where.removeprefix(town.base))
    assert (200, content) == (served.status, served.raw)
    assert "image/png" == served.headers["Content-Type"]
    assert "nosniff" == served.headers["X-Content-Type-Options"]


async def test_a_client_uploads(town: Town) -> None:
    """A client token is enough."""
    assert 0 == (await upload(town.ada.rest, picture("JPEG"), "a.jpg")).code


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "..\\..\\x.png", "/abs.png", ".png", "画.png", "x" * 300 + ".png"]
)
async def test_a_hostile_name(town: Town, name: str) -> None:
    """A name is never part of a path."""
    where = (await upload(town.backend, picture(), name)).data
    assert re.fullmatch(re.escape(town.base) + r"/storage/uploads/[0-9a-f]{32}\.png", where)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.png"),
        (b"<html><script>alert(1)</script></html>", "a.jpg"),
        (b"<html><script>alert(1)</script></html>", "a.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"MZ\x90\x00", "a.exe"),
        (b"\x89PNG\r\n\x1a\n", "a.png"),
        (picture("GIF"), "a.png"),
        (picture(), "a.php"),
    ],
)
async def test_a_file_that_is_not_taken(town: Town, content: bytes, name: str) -> None:
    """Empty, of a type that is not accepted, or not what its name says: 4601."""
    assert (200, 4601) == (await upload(town.backend, content, name)).refusal


async def test_a_bomb(town: Town) -> None:
    """A picture that would fill the memory when it is unpacked: 4601."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (60_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    assert (200, 4601) == (await upload(town.backend, bomb)).refusal


async def test_no_file(town: Town) -> None:
    """4001 naming `file`: no body, no such field."""
    for reply in (await town.backend.post(PATH), await upload(town.backend, b"plain text", field="other")):
        assert (200, 4001) == reply.refusal
        assert "file" in reply.body["message"]


async def test_no_form(town: Town) -> None:
    """JSON, or a form that is damaged: 4406."""
    assert (200, 4406) == (await town.backend.post(PATH, {"file": "x"})).refusal
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (200, 4406) == (await town.backend.post(PATH, data=b"garbage", headers=headers)).refusal


async def test_an_unknown_file(town: Town) -> None:
    """404, whatever the address looks like."""
    for path in (
        "/storage/uploads/" + "0" * 32 + ".png",
        "/storage/uploads/../../x",
        "/storage/x",
        "/storage/%2e%2e/%00",
    ):
        assert 404 == (await town.bare.get(path)).status
