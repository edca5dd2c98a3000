"""How our client signs, where it asks, how fast, and what it makes of answers."""

import asyncio
from bisect import bisect_left
from io import StringIO

import pytest

from parlance.app.config import LogFormat, LogLevel
from parlance.app.logs import configure
from parlance.core.model.rongcloud import signature
from parlance.outbound.rongcloud.errors import Nonsense, Reaction, Refused, TooFast, Unanswered, reaction_to
from parlance.outbound.rongcloud.pacing import Pacing
from rongcloud.fake import SECRET, FakeRongCloud, Trouble, rongcloud
from rongcloud.parts import NOWHERE, SetClock, client_for

ASK = ("/user/checkOnline", [("userId", "1")])
TOKEN = ("/user/getToken", [("userId", "1"), ("name", "Ada")])
JOIN = ("/group/join", [("userId", "1"), ("groupId", "7")])


def test_the_vendor_s_own_example() -> None:
    """The one sample in RongCloud's documents that comes out."""
    assert "30be0bbca9c9b2e27578701e9fda2358a814c88f" == signature("Y1W2MeFwwwRxa0", "14314", "1408710653000")


async def test_every_request_is_signed_anew(strict: FakeRongCloud) -> None:
    """In milliseconds, with nonces of at most 18 characters, an id for support, and a form."""
    async with client_for(strict) as client:
        for _ in range(3):
            assert {"code": 200, "status": "0"} == await client.post(*ASK)
    shown = [asked.headers for asked in strict.asked]
    assert [13, 13, 13] == [len(headers["Timestamp"]) for headers in shown]
    assert {True} == {len(headers["Nonce"]) <= 18 for headers in shown}
    assert [3, 3] == [len({headers[name] for headers in shown}) for name in ("Nonce", "X-Request-ID")]
    assert {"application/x-www-form-urlencoded; charset=utf-8"} == {headers["Content-Type"] for headers in shown}


@pytest.mark.parametrize(
    ("code", "status", "reaction"),
    [
        (1000, 500, Reaction.FAIL_OVER),
        (1050, 504, Reaction.FAIL_OVER),
        (1008, 429, Reaction.BACK_OFF),
        (1001, 401, Reaction.ALARM),
        (1004, 401, Reaction.ALARM),
        (1009, 430, Reaction.ALARM),
        (1002, 400, Reaction.GIVE_UP),
        (1005, 400, Reaction.GIVE_UP),
        (405, 405, Reaction.FULL),
        (404, 404, Reaction.ALARM),
        (99999, 503, Reaction.FAIL_OVER),
        (99999, 429, Reaction.BACK_OFF),
        (99999, 400, Reaction.GIVE_UP),
    ],
)
def test_what_a_code_calls_for(code: int, status: int, reaction: Reaction) -> None:
    """A code nobody has heard of is judged by its HTTP status."""
    assert reaction is reaction_to(code, status)


async def test_a_wrong_secret_is_refused(strict: FakeRongCloud) -> None:
    """Code 1004, and nothing was done."""
    async with client_for(strict, secret="another") as client:
        with pytest.raises(Refused) as refused:
            await client.post(*TOKEN)
    assert (1004, 401) == (refused.value.code, refused.value.status)
    assert {} == strict.state.tokens


@pytest.mark.parametrize("trouble", [Trouble.BAD_JSON, Trouble.NO_CODE, Trouble.WRONG_HOST, Trouble.NO_OBJECT])
async def test_an_answer_that_is_none(strict: FakeRongCloud, trouble: Trouble) -> None:
    """Neither yes nor no; the other host would not know better."""
    async with rongcloud(strict=True) as backup, client_for(strict, strict.base, backup.base) as client:
        strict.trouble(trouble)
        with pytest.raises(Nonsense):
            await client.post(*ASK)
        assert [] == backup.asked


async def test_a_redirection_is_not_followed(strict: FakeRongCloud) -> None:
    """The signature is for RongCloud alone."""
    async with rongcloud() as elsewhere, client_for(strict) as client:
        strict.elsewhere = elsewhere.base
        strict.trouble(Trouble.REDIRECT)
        with pytest.raises(Nonsense):
            await client.post(*ASK)
        assert [] == elsewhere.asked


@pytest.mark.parametrize(
    "trouble", [Trouble.ERROR_500, Trouble.ERROR_504, Trouble.HTML_502, Trouble.RESET, Trouble.HANG]
)
async def test_the_other_host_is_asked_when_one_is_ill(strict: FakeRongCloud, trouble: Trouble) -> None:
    """At once, and it stays the one that is asked."""
    async with rongcloud(strict=True) as backup, client_for(strict, strict.base, backup.base) as client:
        strict.trouble(trouble)
        assert "0" == (await client.post(*ASK))["status"]
        assert "0" == (await client.post(*ASK))["status"]
        assert (1, 2) == (len(strict.asked), len(backup.asked))


async def test_a_host_where_nobody_listens(strict: FakeRongCloud) -> None:
    """Even what must not be said twice is said to the other one: the first cannot have heard it."""
    async with client_for(strict, NOWHERE, strict.base) as client:
        await client.post(*TOKEN, repeatable=False)
    assert 1 == len(strict.state.tokens["1"])


@pytest.mark.parametrize("trouble", [Trouble.RESET_AFTER, Trouble.ERROR_AFTER, Trouble.HANG_AFTER])
async def test_what_must_not_be_said_twice_is_not(strict: FakeRongCloud, trouble: Trouble) -> None:
    """It may have been heard; whoever asked is told that nobody knows."""
    async with rongcloud(strict=True) as backup, client_for(strict, strict.base, backup.base) as client:
        strict.trouble(trouble)
        with pytest.raises((Unanswered, Refused)):
            await client.post(*TOKEN, repeatable=False)
        assert (1, []) == (len(strict.state.tokens["1"]), backup.asked)
        # The next one goes elsewhere all the same.
        await client.post(*TOKEN, repeatable=False)
        assert 1 == len(backup.asked)


@pytest.mark.parametrize("trouble", [Trouble.TOO_MANY, Trouble.REFUSED])
async def test_a_refusal_is_the_same_everywhere(strict: FakeRongCloud, trouble: Trouble) -> None:
    """4xx never goes to the other host."""
    async with rongcloud(strict=True) as backup, client_for(strict, strict.base, backup.base) as client:
        strict.trouble(trouble)
        for _ in range(2):
            with pytest.raises((Refused, TooFast)):
                await client.post(*JOIN)
        assert [] == backup.asked


async def test_hosts_are_changed_once_in_thirty_seconds(strict: FakeRongCloud) -> None:
    """Two that are ill are not helped by hopping."""
    clock = SetClock()
    async with rongcloud() as backup, client_for(strict, strict.base, backup.base, clock=clock) as client:
        strict.trouble(Trouble.ERROR_500)
        backup.trouble(Trouble.ERROR_500)
        for _ in range(3):
            with pytest.raises(Refused):
                await client.post(*ASK)
        assert (1, 3) == (len(strict.asked), len(backup.asked))
        clock.ahead += 31
        with pytest.raises(Refused):
            await client.post(*ASK)
        assert (2, 4) == (len(strict.asked), len(backup.asked))


async def test_a_lone_host_is_asked_once(strict: FakeRongCloud) -> None:
    """Without another there is nowhere to go."""
    strict.trouble(Trouble.ERROR_500)
    async with client_for(strict) as client:
        with pytest.raises(Refused):
            await client.post(*ASK)
    assert 1 == len(strict.asked)


async def test_nothing_within_the_time(strict: FakeRongCloud) -> None:
    """Silence is no answer, and it may have been heard."""
    strict.trouble(Trouble.HANG)
    async with client_for(strict) as client:
        with pytest.raises(Unanswered) as unanswered:
            await client.post(*ASK)
    assert unanswered.value.sent


@pytest.mark.parametrize(
    ("path", "limit"), [("/user/getToken", 200), ("/group/join", 100), ("/message/group/publish", 20)]
)
def test_we_are_no_faster_than_rongcloud_takes_it(path: str, limit: int) -> None:
    """Whoever asks all the time gets less than the limit in every second, and nearly all of it in the long run."""
    pacing, taken = Pacing(), []
    for moment in range(10_000):
        bucket = pacing.bucket(path, moment / 1000)
        if bucket.wait(1, moment / 1000) == 0:
            bucket.take(1)
            taken.append(moment)
    assert max(bisect_left(taken, moment + 1000) - bisect_left(taken, moment) for moment in taken) <= limit
    assert len(taken) >= 7 * limit


def test_a_limit_that_was_hit_counts_from_then() -> None:
    """However long the answer took that said so."""
    bucket = Pacing().bucket("/group/join", 0.0)
    assert 0 == bucket.wait(1, 0.0)
    bucket.take(1)
    bucket.drain(0.5)
    assert pytest.approx(1 / 75) == bucket.wait(1, 0.5)


def test_what_counts_for_more_takes_longer() -> None:
    """A thousand recipients at once, and then the next thousand in its time."""
    bucket = Pacing().bucket("/message/private/publish", 0.0)
    assert 0 == bucket.wait(1000, 0.0)
    bucket.take(1000)
    assert pytest.approx(1000 / 75) == bucket.wait(1000, 0.0)


async def test_who_would_wait_too_long_is_told_so(strict: FakeRongCloud) -> None:
    """Group messages, many at once: some come at once, some a little later, the rest is not even asked for."""
    said = [("fromUserId", "1"), ("toGroupId", "7"), ("objectName", "RC:TxtMsg"), ("content", '{"content":"x"}')]
    strict.limits["/message/group/publish"] = 100
    clock = SetClock()
    clock.stands_at = 0.0
    async with client_for(strict, clock=clock) as client:
        asked = [client.post("/message/group/publish", said, repeatable=False) for _ in range(100)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert {dict, TooFast} == {type(outcome) for outcome in outcomes}
    assert len(strict.asked) == sum(isinstance(outcome, dict) for outcome in outcomes) == 34


async def test_a_limit_that_was_hit_is_respected(strict: FakeRongCloud) -> None:
    """RongCloud counts otherwise than we do, so the next call waits."""
    clock = SetClock()
    clock.stands_at = 0.0
    async with client_for(strict, clock=clock) as client:
        strict.trouble(Trouble.TOO_MANY, times=1)
        with pytest.raises(Refused):
            await client.post(*ASK)
        began = asyncio.get_running_loop().time()
        await client.post(*ASK)
        assert asyncio.get_running_loop().time() - began >= 0.009


async def test_no_secret_is_logged(strict: FakeRongCloud, log_stream: StringIO) -> None:
    """Neither ours, nor tokens, nor anybody's name; the request's id is."""
    configure(LogFormat.JSON, LogLevel.DEBUG, log_stream)
    async with client_for(strict) as client:
        token = (await client.post(*TOKEN))["token"]
        strict.trouble(Trouble.REFUSED, times=1)
        with pytest.raises(Refused):
            await client.post(*TOKEN)
    logged = log_stream.getvalue()
    assert strict.asked[-1].headers["X-Request-ID"] in logged
    for hidden in (SECRET, token, "Ada", strict.asked[-1].headers["Signature"]):
        assert hidden not in logged
