"""The pages for people, and what they are drawn from."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cast import Town
from parlance.apis.platform import conversations, messages
from parlance.web import pages
from parlance.web.field_words import structs_in, words_of

PAGES = ["/", "/docs", "/docs/socket"]
STATIC = Path(pages.__file__).parent / "static"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_ours_alone(town: Town, path: str) -> None:
    """It is HTML, may load nothing from elsewhere, and asks for nothing from elsewhere; all it asks for is there."""
    page = await town.bare.get(path)
    assert "text/html; charset=utf-8" == page.headers["Content-Type"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    text = page.raw.decode()
    assert not re.search(r"https?://|<style|<script>|\sstyle=|\son\w+=", text)
    for address in re.findall(r'(?:href|src)="([^"#]+)"', text):
        assert 200 == (await town.bare.get(address)).status, address


async def test_what_pages_are_made_of(town: Town) -> None:
    """Told apart by a tag, so that a browser asks again and is answered with nothing new."""
    for name in ("look/look.css", "vendor/preact.mjs", "docs/page.js", "look/favicon.svg"):
        file = await town.bare.get(f"/static/{name}")
        assert "nosniff" == file.headers["X-Content-Type-Options"]
        again = await town.bare.get(f"/static/{name}", headers={"If-None-Match": file.headers["ETag"]})
        assert (304, b"") == (again.status, again.raw)


def test_what_we_wrote_makes_no_markup_of_texts() -> None:
    """No page puts a text where it could become an element or a script, or names another server."""
    forbidden = (
        r"https?://(?!www\.w3\.org/2000/svg)|(inner|outer)HTML|insertAdjacent|document\.write|eval\(|new Function"
    )
    for path in STATIC.rglob("*"):
        if path.is_file() and path.parent.name != "vendor":
            assert not re.search(forbidden, path.read_text(encoding="utf-8"), re.IGNORECASE), path


async def test_nothing_else_is_served(town: Town) -> None:
    """Only the files we ship."""
    for name in ("nothing.js", "..%2f..%2fpages.py", "../pages.py", "look", "look/", "%00", "docs/page.css%00"):
        assert 404 == (await town.bare.get(f"/static/{name}")).status, name


async def test_the_socket_is_described(town: Town) -> None:
    """As AsyncAPI."""
    assert "3.0.0" == (await town.bare.get("/asyncapi.json")).body["asyncapi"]


@pytest.fixture
async def openapi(town: Town) -> dict[str, Any]:
    """What the server says of its REST API."""
    described: dict[str, Any] = (await town.bare.get("/openapi.json")).body
    return described


def references(part: Any) -> Iterator[str]:
    """Everything that is referred to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every call: method, path, and what is said of it."""
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


async def test_references_lead_somewhere(openapi: dict[str, Any]) -> None:
    """Within the document."""
    for reference in references(openapi):
        at: Any = openapi
        for name in reference.removeprefix("#/").split("/"):
            at = at[name]


async def test_every_call_is_complete(openapi: dict[str, Any]) -> None:
    """A name of its own, words, an example of the answer, who may call, and every answer's request id."""
    names = [operation["operationId"] for _, _, operation in operations(openapi)]
    assert len(names) == len(set(names))
    for method, path, operation in operations(openapi):
        assert operation["summary"], (method, path)
        for answer in operation["responses"].values():
            assert "X-Request-Id" in answer["headers"]
        if operation["security"]:
            assert {"401", "413", "500"} <= set(operation["responses"]), (method, path)
            (success,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
            for content in success.get("content", {}).values():
                assert "example" in content, (method, path)


async def test_the_documents_calls_are_described(openapi: dict[str, Any]) -> None:
    """All of them, with the codes that they may answer."""
    found = {(method, path) for method, path, _ in operations(openapi)}
    assert {
        ("POST", "/im/conversations"),
        ("GET", "/im/conversations"),
        ("PUT", "/im/conversations"),
        ("DELETE", "/im/conversations/{conv_id}"),
        ("POST", "/im/conversations/{conv_id}/members"),
        ("GET", "/im/conversations/{conv_id}/members"),
        ("POST", "/im/conversations/{conv_id}/message"),
        ("GET", "/im/conversations/{conv_id}/message"),
        ("POST", "/im/file/upload"),
    } <= found
    send = openapi["paths"]["/im/conversations/{conv_id}/message"]["post"]
    for code in ("4001", "4002", "4011", "4013", "4406"):
        assert f"`{code}`" in send["responses"]["200"]["description"]


async def test_what_is_written_under_a_field_is_said(openapi: dict[str, Any]) -> None:
    """Fields mean what the source says of them."""
    fields = openapi["components"]["schemas"]["ConversationAsked"]["properties"]
    assert "1 direct, 2 temporary, 3 group, 4 chat room." == fields["conv_type"]["description"]
    fields = openapi["components"]["schemas"]["Answer"]["properties"]
    assert "Request-Id" in fields["request-id"]["description"]


class Base(msgspec.Struct):
    """A struct."""

    name: str
    """What it is called."""


class Derived(Base, rename={"age": "years"}):
    """A struct that says more."""

    age: int
    """How old it is."""
    other: int


def test_words_are_inherited() -> None:
    """A struct that extends another says what that one says, too; by the names that are sent."""
    assert {"name": "What it is called.", "years": "How old it is."} == words_of(Derived)


def test_structs_are_found_within() -> None:
    """In other structs and in lists."""
    assert {conversations.UpdateAsked, conversations.NewWords} == set(structs_in(conversations.UpdateAsked))
    assert [messages.MessageShown] == list(structs_in(list[messages.MessageShown]))
