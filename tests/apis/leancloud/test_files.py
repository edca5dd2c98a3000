"""Files that go with messages."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from apis.leancloud.office import Office, answer, refusal
from cast import running
from parlance.core.actions.files.reserve import LIFETIME
from parlance.core.model.limits import Limits


def png() -> bytes:
    """A picture."""
    made = BytesIO()
    Image.new("RGB", (2, 2), "red").save(made, "PNG")
    return made.getvalue()


async def _token(office: Office, name: str = "cat.png", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer(await office.public.post("/1.1/fileTokens", {"name": name, **more}), 201)
    return found


def _path(office: Office, url: str) -> str:
    assert url.startswith(office.town.base)
    return url.removeprefix(office.town.base)


async def _put(office: Office, token: dict[str, Any], content: bytes) -> Any:
    return await office.town.bare.put(_path(office, token["upload_url"]), data=content)


async def test_the_way_of_the_storage_library(office: Office) -> None:
    """A place is asked for, the bytes go there, that is said, and everybody can have them with their type."""
    token = await _token(office, mime_type="image/png", metaData={"owner": "x"}, ACL={})
    assert {"objectId", "createdAt", "url", "upload_url", "token", "key", "provider", "bucket", "mime_type"} == set(
        token
    )
    assert "s3" == token["provider"]
    assert 200 == (await _put(office, token, png())).status
    called = await office.public.post("/1.1/fileCallback", {"token": token["token"], "result": True})
    assert {} == answer(called)
    got = await office.town.bare.get(_path(office, token["url"]))
    assert (200, png(), "image/png") == (got.status, got.raw, got.headers["Content-Type"])


async def test_in_base64(office: Office) -> None:
    """A small one, in one call."""
    body = {"base64": base64.b64encode(png()).decode(), "_ContentType": "image/png", "metaData": {"x": 1}}
    made = answer(await office.public.post("/1.1/files/cat.png", body), 201)
    assert ("cat.png", len(png()), {"x": 1}) == (made["name"], made["size"], made["metaData"])
    assert png() == (await office.town.bare.get(_path(office, made["url"]))).raw


@pytest.mark.parametrize("address", ["/1.1/files", "/1.1/classes/_File", "/1.1/files/cat.png"])
async def test_one_that_lies_elsewhere(office: Office, address: str) -> None:
    """Is told of, and stays there."""
    body = {"url": "http://x.test/cat.png", "mime_type": "image/png", "metaData": {"__source": "external"}}
    made = answer(await office.public.post(address, body), 201)
    assert ("http://x.test/cat.png", "cat.png", 24) == (made["url"], made["name"], len(made["objectId"]))
    for url in ("file:///etc/passwd", "javascript:x", "", "http://" + "x" * 3000):
        assert (400, 1) == refusal(await office.public.post(address, {"url": url}))[:2]


async def test_a_place_is_for_one_file(office: Office) -> None:
    """For an hour, and once."""
    token = await _token(office)
    assert 200 == (await _put(office, token, png())).status
    assert (401, 401) == refusal(await _put(office, token, png()))[:2]
    late = await _token(office)
    office.town.clock.advance(LIFETIME + 1000)
    assert (401, 401) == refusal(await _put(office, late, png()))[:2]
    forged = {"upload_url": f"{office.town.base}/1.1/uploads/x"}
    assert (401, 401) == refusal(await _put(office, forged, png()))[:2]


async def test_what_is_not_accepted(office: Office) -> None:
    """By its name, or by what it is."""
    for name in ("virus.exe", "no extension"):
        assert (400, 1) == refusal(await office.public.post("/1.1/fileTokens", {"name": name}))[:2]
    token = await _token(office)
    assert (400, 1) == refusal(await _put(office, token, b"MZ no picture"))[:2]
    assert 404 == (await office.town.bare.get(_path(office, token["url"]))).status
    for content in ("no base64!", base64.b64encode(b"no picture").decode()):
        assert (400, 1) == refusal(await office.public.post("/1.1/files/cat.png", {"base64": content}))[:2]
    assert (400, 1) == refusal(await office.public.post("/1.1/files/cat.png", {}))[:2]
    assert (400, 1) == refusal(await office.public.post("/1.1/fileTokens", {}))[:2]


async def test_what_is_too_large(tmp_path: Path) -> None:
    """Is refused with its place left empty."""
    async with running(tmp_path / "data", limits=Limits(upload=100)) as town:
        rest = town.bare.showing(X_LC_Id="hall", X_LC_Key=town.hall.app_key)
        token = answer(await rest.post("/1.1/fileTokens", {"name": "cat.png"}), 201)
        path = token["upload_url"].removeprefix(town.base)
        assert (413, 413) == refusal(await town.bare.put(path, data=png() + b"x" * 200))[:2]
