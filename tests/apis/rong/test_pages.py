"""Pages of groups and of members."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apis.rong.parts import GROUP, NO_NUMBER, answer, made, newcomers, shown, uid
from cast import Rest, Town


async def five(town: Town) -> Rest:
    """Ada, with five groups, one of them made elsewhere."""
    ada = shown(town, town.ada)
    for name in "abcd":
        await made(ada, name=name)
    return ada


async def page(rest: Rest, address: str) -> Any:
    """A page that is there."""
    status, body = answer(await rest.get(address))
    assert 200 == status
    return body


async def test_a_list_is_followed_to_its_end(town: Town) -> None:
    """`next` leads from page to page, `previous` back again; both are whole addresses."""
    ada = await five(town)
    seen, back = [], []
    at: str | None = f"{town.base}{GROUP}?page_size=2"
    while at:
        body = await page(ada, at.removeprefix(town.base))
        seen.append([group["name"] for group in body["results"]])
        last, at = at, body["next"]
    assert [["", "a"], ["b", "c"], ["d"]] == seen
    at = last
    while at:
        body = await page(ada, at.removeprefix(town.base))
        back.append([group["name"] for group in body["results"]])
        at = body["previous"]
    assert seen == back[::-1]


async def test_addresses_keep_the_query(town: Town) -> None:
    """And the path as it was asked; the first page has no number."""
    ada = await five(town)
    body = await page(ada, f"{GROUP.removesuffix('/')}?page_size=2&page=2&lang=中文&tag=a%26b")
    after, before = urlsplit(body["next"]), urlsplit(body["previous"])
    kept = {"page_size": "2", "lang": "中文", "tag": "a&b"}
    assert (town.base, "/api/im/group") == (f"{after.scheme}://{after.netloc}", after.path)
    assert {**kept, "page": "3"} == dict(parse_qsl(after.query))
    assert kept == dict(parse_qsl(before.query))
    assert None is (await page(ada, GROUP))["next"]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", 5),
        ("?page_size=2", 2),
        ("?page_size=0", 1),
        ("?page_size=-7", 1),
        ("?page_size=" + "9" * 30, 5),
        ("?page=", 5),
    ],
)
async def test_the_size_of_a_page(town: Town, query: str, size: int) -> None:
    """Is clamped to 1–100; an empty parameter is none."""
    ada = await five(town)
    assert (5, size) == ((await page(ada, GROUP + query))["count"], len((await page(ada, GROUP + query))["results"]))


@pytest.mark.parametrize("number", ["4", "1000000000", "9007199254740992", "9" * 900])
async def test_a_page_past_the_end(town: Town, number: str) -> None:
    """Is empty; the one before it is the last that is not."""
    body = await page(await five(town), f"{GROUP}?page_size=2&page={number}")
    assert (5, None, []) == (body["count"], body["next"], body["results"])
    assert "3" == dict(parse_qsl(urlsplit(body["previous"]).query))["page"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("page=0", "page", ["请确保该值大于或者等于 1。"]),
        ("page=-1", "page", ["请确保该值大于或者等于 1。"]),
        ("page=last", "page", NO_NUMBER),
        ("page=1.5", "page", NO_NUMBER),
        ("page=%D9%A1", "page", NO_NUMBER),
        ("page_size=many", "page_size", NO_NUMBER),
        ("page=1&page=2", "page", ["无效的输入。（sent twice）"]),
    ],
)
async def test_pages_that_are_none(town: Town, query: str, field: str, words: list[str]) -> None:
    """400 under the field, for groups and for members."""
    ada = shown(town, town.ada)
    group = await made(ada)
    for address in (GROUP, f"{GROUP}{group['id']}/users/"):
        assert (400, {field: words}) == answer(await ada.get(f"{address}?{query}"))


async def test_pages_of_members(town: Town) -> None:
    """In the order in which they came, as many at a time as asked for."""
    ada = shown(town, town.ada)
    group = await made(ada)
    address = f"{GROUP}{group['id']}/"
    for person in await newcomers(town, "zoe", "abe"):
        town.clock.advance(1)
        await ada.post(f"{address}join/", {"userid": await uid(town, person.client_id)})
    body = await page(ada, f"{address}users/?page_size=2")
    assert (3, ["ada", "zoe"]) == (body["count"], [user["username"] for user in body["results"]])
    body = await page(ada, body["next"].removeprefix(town.base))
    assert (None, ["abe"]) == (body["next"], [user["username"] for user in body["results"]])


async def test_a_host_that_is_none(town: Town) -> None:
    """400, where an address would be made of it."""
    ada = await five(town)
    reply = await ada.get(f"{GROUP}?page_size=2", headers={"Host": "evil.example/path"})
    assert (400, ["detail"]) == (reply.status, [*reply.body])
