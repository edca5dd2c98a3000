"""`parlance export leancloud` when LeanCloud, its operator or the folder is not as it should be."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from importing.exporting import contents, exported, manifest, rows_about
from importing.leancloud import LeanCloud, Mood, an_app, conversation, message, page, refusal

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sometimes(answer: Answer, *turns: int) -> Mood:
    """Answer these of the requests so, counted from 1."""
    seen = 0

    async def mood(request: web.Request) -> web.StreamResponse | None:
        nonlocal seen
        seen += 1
        return await answer(request) if seen in turns else None

    return mood


def where(path: str, answer: Answer) -> Mood:
    """Answer so whoever asks for something with this in its path."""

    async def mood(request: web.Request) -> web.StreamResponse | None:
        return await answer(request) if path in request.path else None

    return mood


def always(answer: web.StreamResponse | Callable[[], web.StreamResponse]) -> Answer:
    """This answer, whatever was asked."""

    async def given(_: web.Request) -> web.StreamResponse:
        return answer() if callable(answer) else answer

    return given


async def cut_short(request: web.Request) -> web.StreamResponse:
    """An answer that ends in the middle."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"results": [{"objectId": "half')
    assert request.transport is not None
    request.transport.close()
    return response


async def test_cursors_that_expire(tmp_path: Path) -> None:
    """The scan goes on behind the last id, and nothing is there twice."""
    async with an_app(1, 1).serving() as cloud:
        cloud.uses_of_cursor = 1
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
        assert 4 <= cloud.asked["/1.1/scan/classes/_User"]
    assert 2_500 == manifest(tmp_path / "saved")["totals"]["classes"]["_User"]


async def test_too_fast_and_told_how_long_to_wait(tmp_path: Path) -> None:
    """Everything waits that long, says so, and goes on; nothing is lost."""
    answer = always(
        lambda: web.json_response(
            {"code": 429, "error": "Too many requests."}, status=429, headers={"Retry-After": "1"}
        )
    )
    async with an_app(4, 10).serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "calm")).code
        cloud.mood = sometimes(answer, 6, 9, 10)
        ended = await exported(cloud, tmp_path / "hurried")
    assert (0, True) == (ended.code, "LeanCloud asks us to wait: 1 s" in ended.err)
    assert contents(tmp_path / "calm") == contents(tmp_path / "hurried")


async def test_too_fast_and_told_nothing(tmp_path: Path) -> None:
    """It is waited for a second, then for longer."""
    async with an_app(1, 1).serving() as cloud:
        cloud.mood = sometimes(always(lambda: page("Too Many Requests", 429)), 4, 5)
        ended = await exported(cloud, tmp_path / "saved")
    waits = [line for line in ended.err.splitlines() if "asks us to wait" in line]
    assert (0, ["LeanCloud asks us to wait: 1 s", "LeanCloud asks us to wait: 2 s"]) == (ended.code, waits)


async def test_a_rate_that_is_told_is_kept(tmp_path: Path) -> None:
    """Twenty requests a second are not more."""
    async with an_app(10, 1).serving() as cloud:
        loop = asyncio.get_running_loop()
        times = []

        async def noted(_: web.Request) -> None:
            times.append(loop.time())

        cloud.mood = noted
        assert 0 == (await exported(cloud, tmp_path / "saved", "--per-second", "20")).code
    assert len(times) > 20
    assert times[-1] - times[0] >= (len(times) - 1) / 20 * 0.9


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (always(lambda: page("Bad Gateway", 502)), "502 (Bad Gateway)"),
        (always(lambda: page("Just a moment")), "a page instead of data (Just a moment)"),
        (always(lambda: web.Response(text="{]", content_type="application/json")), "makes no sense"),
        (cut_short, "cannot be reached"),
    ],
    ids=["502", "a page", "no JSON", "cut short"],
)
async def test_nonsense_is_asked_again(tmp_path: Path, answer: Answer, words: str) -> None:
    """Once it does no harm; always, it ends with LeanCloud's own words, a code of its own, and no folder."""
    async with an_app(1, 3).serving() as cloud:
        cloud.mood = sometimes(answer, 5)
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
        assert [] == manifest(tmp_path / "saved")["problems"]
        cloud.mood = sometimes(answer, *range(1, 100))
        ended = await exported(cloud, tmp_path / "never", "--tries", "2")
    assert (4, True) == (ended.code, words in ended.err)
    assert not (tmp_path / "never").exists()


async def test_silence_has_an_end(tmp_path: Path) -> None:
    """Whoever says nothing for so long is not waited for."""

    async def silence(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    async with an_app(1, 1).serving() as cloud:
        cloud.mood = where(f"{conversation(0)['objectId']}/messages", silence)
        ended = await exported(cloud, tmp_path / "saved", "--timeout", "2.5", "--tries", "1")
    assert (1, True) == (ended.code, "says nothing for 2.5 seconds" in ended.err)
    assert 2_500 == manifest(tmp_path / "saved")["totals"]["classes"]["_User"]


async def test_nobody_there(tmp_path: Path) -> None:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        cloud = LeanCloud(url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        ended = await exported(cloud, tmp_path / "saved", "--tries", "1")
    assert (4, True) == (ended.code, "cannot be reached" in ended.err)
    assert not (tmp_path / "saved").exists()


async def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    """It is refused in LeanCloud's words, the key is not shown, and there is no folder."""
    async with an_app(1, 1).serving() as cloud:
        ended = await exported(cloud, tmp_path / "saved", key="not-the-key")
    assert (3, True, False) == (
        ended.code,
        "Unauthorized. (HTTP 401, code 401)" in ended.err,
        "not-the-key" in ended.err,
    )
    assert not (tmp_path / "saved").exists()


async def test_a_key_that_is_changed_meanwhile_ends_it(tmp_path: Path) -> None:
    """What has been fetched stays, and the right key goes on from there."""
    async with an_app(3, 3).serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "calm")).code
        cloud.mood = where("/messages", always(lambda: refusal(401, 401, "Unauthorized.")))
        assert 3 == (await exported(cloud, tmp_path / "saved")).code
        assert not (tmp_path / "saved" / "manifest.json").exists()
        cloud.mood = None
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
    assert contents(tmp_path / "calm") == contents(tmp_path / "saved")


async def test_a_wrong_address(tmp_path: Path) -> None:
    """A web site is not LeanCloud, and a redirect is not followed: the key goes nowhere else."""
    async with an_app(1, 1).serving() as cloud:
        cloud.mood = where("/", always(lambda: page("My shop", 404)))
        shop = await exported(cloud, tmp_path / "saved")
        headers = {"Location": "https://other.example.com/"}
        cloud.mood = where("/", always(lambda: web.Response(status=302, headers=headers)))
        moved = await exported(cloud, tmp_path / "saved")
    assert (3, True) == (shop.code, "answers 404 without LeanCloud's words (My shop)" in shop.err)
    assert (3, True) == (moved.code, "sends us to https://other.example.com/" in moved.err)


async def test_one_sick_conversation_does_not_stop_the_rest(tmp_path: Path) -> None:
    """It is listed with the reason; the next export fetches it."""
    folder, sick = tmp_path / "saved", conversation(1)["objectId"]
    async with an_app(4, 5).serving() as cloud:
        cloud.mood = where(
            f"/{sick}/messages", always(lambda: web.json_response({"code": 1, "error": "Internal"}, status=500))
        )
        ended = await exported(cloud, folder, "--tries", "1")
        assert (1, True) == (ended.code, "not saved: messages/" in ended.err)
        [problem] = manifest(folder)["problems"]
        assert (True, True) == (sick in problem["path"], "answers 500" in problem["reason"])
        assert 20 == manifest(folder)["totals"]["messages"] - 2
        cloud.mood = None
        assert 0 == (await exported(cloud, folder)).code
    assert cloud.messages[sick] == rows_about(folder, "messages", sick)
    assert [] == manifest(folder)["problems"]


async def test_when_everything_is_sick_it_ends(tmp_path: Path) -> None:
    """After a few conversations in a row it is LeanCloud that is ill."""
    async with an_app(30, 1).serving() as cloud:
        cloud.mood = where("/messages", always(lambda: page("Maintenance", 503)))
        ended = await exported(cloud, tmp_path / "saved", "--tries", "1", "--at-once", "1")
        assert (4, True) == (ended.code, "503 (Maintenance); the same command goes on from here" in ended.err)
        assert 5 * 2 == sum(count for path, count in cloud.asked.items() if path.endswith("/messages"))


async def test_pages_that_are_too_large_are_asked_for_in_pieces(tmp_path: Path) -> None:
    """What cannot be given a thousand at a time may be given a hundred at a time."""
    place = conversation(0)["objectId"]

    async def overwhelmed(request: web.Request) -> web.StreamResponse | None:
        asked = int(request.query.get("limit", "0"))
        return page("Gateway Time-out", 504) if "/messages" in request.path and asked > 100 else None

    async with an_app(1, 0).serving() as cloud:
        cloud.messages = {place: [message(place, n, 1_600_000_000_000 + n) for n in range(250)]}
        cloud.mood = overwhelmed
        assert 0 == (await exported(cloud, tmp_path / "saved", "--tries", "1")).code
    assert cloud.messages[place] == rows_about(tmp_path / "saved", "messages", place)


async def test_a_folder_belongs_to_one_app(tmp_path: Path) -> None:
    """Neither another app's export nor somebody's other things are mixed with this one."""
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "letter.txt").write_text("mine")
    async with an_app(1, 1).serving() as cloud:
        things = await exported(cloud, tmp_path / "things")
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
        before = contents(tmp_path / "saved")
        cloud.mood = where("/", always(lambda: web.json_response({"results": []})))
        other = await exported(cloud, tmp_path / "saved", app="another")
    assert (2, True) == (things.code, "has other things in it" in things.err)
    assert (2, True) == (other.code, "holds another app" in other.err)
    assert before == contents(tmp_path / "saved")


async def test_words_on_the_command_line_are_checked(tmp_path: Path) -> None:
    """An address without a scheme, no key: nobody is asked."""
    async with an_app(1, 1).serving() as cloud:
        no_key = await exported(cloud, tmp_path / "saved", key="")
        cloud.url = cloud.url.removeprefix("http://")
        no_scheme = await exported(cloud, tmp_path / "saved")
        assert 0 == cloud.asked.total()
    assert (2, True) == (no_key.code, "the master key is missing" in no_key.err)
    assert (2, True) == (no_scheme.code, "does not begin with https://" in no_scheme.err)
