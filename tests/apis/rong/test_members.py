"""Who comes into a group and who goes: join, invite, quit, users."""

from typing import Any

import pytest

from apis.rong.parts import (
    BANNED,
    DONE,
    GROUP,
    NO_NUMBER,
    NO_TEXT,
    NOT_IN,
    REQUIRED,
    answer,
    made,
    newcomers,
    shown,
    uid,
    with_ben,
)
from cast import Rest, Town
from parlance.core.actions.tenancy.tokens import sign
from parlance.core.model.app import AppSettings
from parlance.core.model.caller import Caller
from parlance.kernel.clock import HOUR, MINUTE
from parlance.kernel.ids import ClientId

WRONG = {"code": ["面对面建群的号码不正确或者已失效。"]}
NO_USER = {"userid": ["用户不存在。"]}
FULL = {"detail": "群组人数已满。"}


async def names(rest: Rest, address: str) -> list[str]:
    """Who is in a group, as this dialect lists them."""
    status, users = answer(await rest.get(f"{address}users/"))
    assert 200 == status
    return [user["username"] for user in users["results"]]


async def ban(town: Town, name: str) -> None:
    """Shut a user of `hall` out."""
    await town.application.actions.ban(Caller(town.hall), ClientId(name))


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_member_pulls_somebody_in(town: Town, slash: str) -> None:
    """Not only the owner; who is pulled in hears of it on the socket."""
    address, cy = await with_ben(town), await uid(town, "cy")
    async with await town.log_in(town.cy) as socket:
        joined = await shown(town, town.ben).post(f"{address}join{slash}", {"userid": cy})
        assert (200, {"userid": str(cy)}) == answer(joined)
        await socket.next("conv.joined")
    assert ["ada", "ben", "cy"] == await names(shown(town, town.cy), address)


async def test_who_is_in_is_pulled_in_again(town: Town) -> None:
    """No error, and nothing changes."""
    address, ben = await with_ben(town), await uid(town, "ben")
    assert (200, {"userid": str(ben)}) == answer(await shown(town, town.ada).post(f"{address}join/", {"userid": ben}))
    assert ["ada", "ben"] == await names(shown(town, town.ada), address)


async def test_the_number_may_come_as_a_text(town: Town) -> None:
    """In JSON, and in a form, which knows nothing else."""
    address, cy = await with_ben(town), await uid(town, "cy")
    ada = shown(town, town.ada)
    assert (200, {"userid": str(cy)}) == answer(await ada.post(f"{address}join/", {"userid": f" {cy} "}))
    assert (200, {"userid": str(cy)}) == answer(await ada.post(f"{address}join/", data={"userid": str(cy)}))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, REQUIRED),
        ({"userid": None}, REQUIRED),
        ({"userid": "ben"}, NO_NUMBER),
        ({"userid": ""}, NO_NUMBER),
        ({"userid": True}, NO_NUMBER),
        ({"userid": 1.5}, NO_NUMBER),
        ({"userid": [1]}, NO_NUMBER),
        ({"userid": {"id": 1}}, NO_NUMBER),
        ({"userid": "١"}, NO_NUMBER),
        ({"userid": 2**60}, ["请确保该值小于或者等于 9007199254740991。"]),
        ({"userid": 999}, NO_USER["userid"]),
        ({"userid": 0}, NO_USER["userid"]),
        ({"userid": -1}, NO_USER["userid"]),
    ],
)
async def test_a_number_that_is_wrong(town: Town, body: Any, words: list[str]) -> None:
    """400 under `userid`; nobody comes in."""
    address = await with_ben(town)
    ada = shown(town, town.ada)
    assert (400, {"userid": words}) == answer(await ada.post(f"{address}join/", body))
    assert ["ada", "ben"] == await names(ada, address)


@pytest.mark.parametrize(("value", "words"), [("ben", NO_NUMBER), ("", NO_NUMBER), ("1.5", NO_NUMBER)])
async def test_a_number_that_is_wrong_in_a_form(town: Town, value: str, words: list[str]) -> None:
    """The same."""
    address = await with_ben(town)
    assert (400, {"userid": words}) == answer(
        await shown(town, town.ada).post(f"{address}join/", data={"userid": value})
    )


async def test_another_app_s_user(town: Town) -> None:
    """Is unknown, even to who is told its number."""
    for name in ("eve", "fay", "gil", "hal"):
        await town.application.actions.issue_token(Caller(town.annex), ClientId(name))
    address, hal = await with_ben(town), await uid(town, "hal", town.annex)
    assert (400, NO_USER) == answer(await shown(town, town.ada).post(f"{address}join/", {"userid": hal}))


async def test_a_stranger_pulls_somebody_in(town: Town) -> None:
    """403, even itself."""
    address = await with_ben(town)
    for name in ("cy", "ben"):
        refused = await shown(town, town.cy).post(f"{address}join/", {"userid": await uid(town, name)})
        assert (403, NOT_IN) == answer(refused)
    assert ["ada", "ben"] == await names(shown(town, town.ada), address)


async def test_a_banned_user(town: Town) -> None:
    """Is not pulled in, and may do nothing itself: 403."""
    address, cy = await with_ben(town, code="1234"), await uid(town, "cy")
    await ban(town, "cy")
    assert (403, BANNED) == answer(await shown(town, town.ada).post(f"{address}join/", {"userid": cy}))
    assert (403, BANNED) == answer(await shown(town, town.cy).post(f"{address}invite/", {"code": "1234"}))
    assert (403, BANNED) == answer(await shown(town, town.cy).get(GROUP))
    assert (403, BANNED) == answer(await shown(town, town.cy).get("/api/im/token/"))
    assert (403, BANNED) == answer(await shown(town, town.cy).get(f"/api/im/retrieve/{address.split('/')[4]}/"))


async def test_a_full_group(town: Town) -> None:
    """400 for who is pulled in and for who knows the code."""
    await town.application.actions.change_app("hall", settings=AppSettings(group_capacity=2))
    await town.application.directory.refresh()
    address, cy = await with_ben(town, code="1234"), await uid(town, "cy")
    assert (400, FULL) == answer(await shown(town, town.ada).post(f"{address}join/", {"userid": cy}))
    assert (400, FULL) == answer(await shown(town, town.cy).post(f"{address}invite/", {"code": "1234"}))
    assert (200, DONE) == answer(await shown(town, town.ben).post(f"{address}quit/"))
    assert 200 == (await shown(town, town.cy).post(f"{address}invite/", {"code": "1234"})).status


@pytest.mark.parametrize("slash", ["", "/"])
async def test_coming_in_face_to_face(town: Town, slash: str) -> None:
    """Whoever knows the code comes in, and gets the group; coming in again gets it, too."""
    group = await made(shown(town, town.ada), code="0042")
    address = f"{GROUP}{group['id']}/"
    for _ in range(2):
        entered = await shown(town, town.cy).post(f"{address}invite{slash}", {"code": "0042"})
        assert (200, group) == answer(entered)
    town.clock.advance(1)
    assert (200, group) == answer(await shown(town, town.ben).post(f"{address}invite{slash}", data={"code": "0042"}))
    assert ["ada", "cy", "ben"] == await names(shown(town, town.ben), address)


async def test_coming_in_as_somebody_new(town: Town) -> None:
    """Who was never heard of becomes known by it: its token is good, so it is one of the app's people."""
    address, now = await with_ben(town, code="0042"), town.clock.now()
    dan = town.bare.showing(Authorization=f"Token {sign(town.hall, ClientId('dan'), now, now + MINUTE)}")
    assert 200 == (await dan.post(f"{address}invite/", {"code": "0042"})).status
    assert "dan" in await names(dan, address)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, REQUIRED),
        ({"code": None}, REQUIRED),
        ({"code": ""}, ["该字段不能为空。"]),
        ({"code": ["1234"]}, NO_TEXT),
        ({"code": False}, NO_TEXT),
        ({"code": "123456789"}, ["请确保这个字段不能超过 8 个字符。"]),
        ({"code": "1235"}, WRONG["code"]),
        ({"code": "abcd"}, WRONG["code"]),
        ({"code": "12"}, WRONG["code"]),
    ],
)
async def test_a_wrong_code(town: Town, body: Any, words: list[str]) -> None:
    """400 under `code`; nobody comes in."""
    address = await with_ben(town, code="1234")
    assert (400, {"code": words}) == answer(await shown(town, town.cy).post(f"{address}invite/", body))
    assert ["ada", "ben"] == await names(shown(town, town.ada), address)


async def test_a_group_without_a_code(town: Town) -> None:
    """Is not entered face to face, whatever is said; saying it often locks nobody out."""
    address = await with_ben(town)
    for code in ["0000"] * 12:
        assert (400, WRONG) == answer(await shown(town, town.cy).post(f"{address}invite/", {"code": code}))


async def test_a_code_works_for_an_hour(town: Town) -> None:
    """Then it is as wrong as any other; who is in stays in."""
    address = await with_ben(town, code="1234")
    dan, eve = await newcomers(town, "dan", "eve")
    town.clock.advance(HOUR - MINUTE)
    assert 200 == (await dan.rest.post(f"{address}invite/", {"code": "1234"})).status
    town.clock.advance(MINUTE)
    assert (400, WRONG) == answer(await eve.rest.post(f"{address}invite/", {"code": "1234"}))
    assert ["ada", "ben", "dan"] == await names(dan.rest, address)


async def test_ten_wrong_codes(town: Town) -> None:
    """Lock that client out for ten minutes, even with the right one; nobody else, and of no other group."""
    address, other = await with_ben(town, code="1234"), await with_ben(town, code="1234")
    cy = shown(town, town.cy)
    for _ in range(10):
        assert (400, WRONG) == answer(await cy.post(f"{address}invite/", {"code": "9999"}))
    for code in ("9999", "1234"):
        locked = await cy.post(f"{address}invite/", {"code": code})
        wait = int(locked.headers["Retry-After"])
        assert 590 < wait <= 600
        assert (429, {"detail": f"请求已被限流。 预计 {wait} 秒后可用。"}) == answer(locked)
    (dan,) = await newcomers(town, "dan")
    assert 200 == (await dan.rest.post(f"{address}invite/", {"code": "1234"})).status
    assert 200 == (await cy.post(f"{other}invite/", {"code": "1234"})).status
    town.clock.advance(10 * MINUTE)
    assert 200 == (await cy.post(f"{address}invite/", {"code": "1234"})).status


async def test_a_right_code_wipes_out_wrong_ones(town: Town) -> None:
    """Ten in a row are needed."""
    address = await with_ben(town, code="1234")
    cy = shown(town, town.cy)
    for code in ["9999"] * 9 + ["1234"]:
        await cy.post(f"{address}invite/", {"code": code})
    await cy.post(f"{address}quit/")
    for code in ["9999"] * 9:
        assert (400, WRONG) == answer(await cy.post(f"{address}invite/", {"code": code}))
    assert 200 == (await cy.post(f"{address}invite/", {"code": "1234"})).status


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_member_quits(town: Town, method: str, slash: str) -> None:
    """By either method; the others hear of it. Quitting again is for who is in."""
    address = await with_ben(town)
    ben = shown(town, town.ben)
    async with await town.log_in(town.ada) as socket:
        assert (200, DONE) == answer(await ben.call(method, f"{address}quit{slash}"))
        assert ["ben"] == (await socket.next("conv.members_left"))["data"]["client_ids"]
    assert ["ada"] == await names(shown(town, town.ada), address)
    assert (403, NOT_IN) == answer(await ben.call(method, f"{address}quit{slash}"))


async def test_the_owner_stays(town: Town) -> None:
    """400: an owner dismisses instead."""
    address = await with_ben(town)
    stays = {"detail": "群主不能退出群组，只能解散群组。"}
    for method in ("GET", "POST"):
        assert (400, stays) == answer(await shown(town, town.ada).call(method, f"{address}quit/"))
    assert ["ada", "ben"] == await names(shown(town, town.ben), address)


async def test_what_is_shown_of_a_member(town: Town) -> None:
    """The real name, the login and the level that the app's backend has said, through whatever dialect."""
    said = {"nickname": "稍等是", "name": "王五", "username": "15965972666", "level": "A", "avatar": "http://x/2.jpg"}
    assert 0 == (await town.backend.put("/im/users/ben", said)).code
    address = await with_ben(town)
    _, users = answer(await shown(town, town.ada).get(f"{address}users/"))
    assert {
        "id": await uid(town, "ben"),
        "name": "王五",
        "nick": "稍等是",
        "avatar": "http://x/2.jpg",
        "username": "15965972666",
        "level": "A",
    } == users["results"][1]


async def test_who_is_in_is_for_who_is_in(town: Town) -> None:
    """403 to everybody else."""
    address = await with_ben(town)
    assert (403, NOT_IN) == answer(await shown(town, town.cy).get(f"{address}users/"))
    assert 200 == (await shown(town, town.ben).get(f"{address}users")).status


async def test_a_group_of_another_dialect(town: Town) -> None:
    """What the platform dialect made is left here like any other group."""
    _, page = answer(await shown(town, town.ben).get(GROUP))
    (group,) = page["results"]
    assert (200, DONE) == answer(await shown(town, town.ben).get(f"{GROUP}{group['id']}/quit/"))
    members = (await town.backend.get(f"/im/conversations/{town.group}/members")).data
    assert ["ada"] == members
