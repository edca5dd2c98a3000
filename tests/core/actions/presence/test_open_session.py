"""LeanCloud's clients log in and come back."""

import asyncio
from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.events import TagTaken
from parlance.core.model.session import TOKEN_LIFETIME, SessionAsked, SessionOpened, ShownSignature
from parlance.core.model.signature import Permission, signature_of
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA, BEN, NEW = ClientId("ada"), ClientId("ben"), ClientId("new")


def _signature(world: World, client: ClientId = ADA) -> ShownSignature:
    now = world.clock.now()
    return ShownSignature(now, "n1", signature_of(world.hall, Permission(client), now, "n1"))


async def _open(world: World, client: ClientId = ADA, connection: int = 1, **asked: Any) -> SessionOpened:
    if "token" not in asked:
        asked = {"signature": _signature(world, client), **asked}
    return await world.actions.open_session(SessionAsked("hall", client, **asked), connection)


async def _settle(world: World, **changes: object) -> App:
    app = await world.actions.change_app("hall", **changes)  # type: ignore[arg-type]
    await world.application.directory.refresh()
    return app


async def _token(world: World, client: ClientId = ADA, **asked: Any) -> str:
    return (await _open(world, client, **asked)).token.token


async def test_a_signature_lets_a_client_in(world: World) -> None:
    """It speaks for itself, and has a token to come back with."""
    opened = await _open(world)
    assert (Caller(world.hall, ADA), None, None) == (opened.caller, opened.tag, opened.device)
    assert opened.token.ttl == TOKEN_LIFETIME // 1000
    world.clock.advance(TOKEN_LIFETIME - 1)
    assert opened.caller == (await _open(world, token=opened.token.token)).caller


async def test_a_user_is_made_on_first_login(world: World) -> None:
    """As on any login."""
    await _open(world, NEW)
    assert NEW == (await world.actions.find_user(world.backend, NEW)).client_id


async def test_an_app_without_policy_lets_everybody_in(world: World) -> None:
    """Signatures are not looked at then; tokens are."""
    await _settle(world, policy=Policy.OPEN)
    for shown in (None, ShownSignature(1, "x", "signature")):
        assert ADA == (await _open(world, signature=shown)).caller.client_id
    assert FaultCode.SESSION_EXPIRED is await refusal(_open(world, token="x"))


async def test_an_app_may_ask_for_signatures_all_the_same(world: World) -> None:
    """By a switch of its own."""
    app = await _settle(world, policy=Policy.OPEN)
    changed = type(app.settings)(signed_logins=True)
    await _settle(world, settings=changed)
    assert FaultCode.WRONG_SIGNATURE is await refusal(_open(world, signature=None))
    await _open(world)


@pytest.mark.parametrize("wrong", [None, ShownSignature(1, "n1", "x"), ShownSignature(1_800_000_000_000, "n2", "")])
async def test_under_the_policy_token_a_signature_must_be_right(world: World, wrong: ShownSignature | None) -> None:
    """Or there, for that matter."""
    assert FaultCode.WRONG_SIGNATURE is await refusal(_open(world, signature=wrong))


async def test_a_signature_is_its_clients(world: World) -> None:
    """And lets nobody else in."""
    assert FaultCode.WRONG_SIGNATURE is await refusal(_open(world, BEN, signature=_signature(world)))


async def test_a_token_is_its_clients(world: World) -> None:
    """Of another client, expired, or made up, it is the same refusal."""
    token = await _token(world)
    assert FaultCode.SESSION_EXPIRED is await refusal(_open(world, BEN, token=token))
    assert FaultCode.SESSION_EXPIRED is await refusal(_open(world, token=token + "x"))
    world.clock.advance(TOKEN_LIFETIME)
    assert FaultCode.SESSION_EXPIRED is await refusal(_open(world, token=token))


async def test_without_a_token_nothing_is_said_of_tokens(world: World) -> None:
    """A client that hears of an expired token tries again without one, for ever (wire: leancloud#session-open)."""
    world.clock.advance(1)
    old = ShownSignature(1, "n1", signature_of(world.hall, Permission(ADA), 1, "n1"))
    assert FaultCode.WRONG_SIGNATURE is await refusal(_open(world, signature=old, reconnect=True))


async def test_there_must_be_such_an_app(world: World) -> None:
    """Another refusal: clients never come back after it."""
    asked = world.actions.open_session(SessionAsked("nowhere", ADA), 1)
    assert FaultCode.UNKNOWN_APP is await refusal(asked)


@pytest.mark.parametrize(
    "wrong", [{"tag": "x" * 65}, {"tag": "a\x00"}, {"device": "x" * 513}, {"device": "\x00"}], ids=str
)
async def test_tags_and_devices_are_short_texts(world: World, wrong: dict[str, Any]) -> None:
    """They are kept."""
    await _open(world, tag="x" * 64, device="x" * 512)
    asked = SessionAsked("hall", ADA, _signature(world), **wrong)
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.open_session(asked, 1))


async def test_the_banned_stay_out(world: World) -> None:
    """With whatever they show."""
    token = await _token(world)
    await world.actions.ban(world.backend, ADA)
    assert FaultCode.BANNED is await refusal(_open(world, token=token))
    assert FaultCode.BANNED is await refusal(_open(world))
    assert FaultCode.BANNED is await refusal(world.actions.session_of("hall", token))


async def test_a_kick_ends_what_was_shown_before(world: World) -> None:
    """Signature and token are void; with new ones the client comes in again."""
    token, signature = await _token(world), _signature(world)
    await world.actions.kick(world.backend, ADA, "enough")
    world.clock.advance(1)
    assert FaultCode.SESSION_EXPIRED is await refusal(_open(world, token=token))
    assert FaultCode.WRONG_SIGNATURE is await refusal(_open(world, signature=signature))
    assert ADA == (await _open(world, token=await _token(world))).caller.client_id


async def test_a_tag_is_taken_from_another_device(world: World) -> None:
    """Who logs in anew wins, and everybody is told; without a tag nobody gives way."""
    await _open(world, tag="phone", device="d1")
    opened = await _open(world, tag="phone", device="d2", connection=2)
    await _open(world, device="d3")
    assert ("phone", "d2") == (opened.tag, opened.device)
    told = [(each.tag, each.device, each.connection) for each in world.told.of(TagTaken)]
    assert [("phone", "d1", 1), ("phone", "d2", 2)] == told


@pytest.mark.parametrize("tag", ["", "default"])
async def test_some_tags_are_none(world: World, tag: str) -> None:
    """Under these there are as many devices as one likes."""
    await _open(world, tag=tag, device="d1")
    await _open(world, tag=tag, device="d2", reconnect=True)
    assert [] == world.told.of(TagTaken)


async def test_who_comes_back_by_itself_does_not_take_a_tag_away(world: World) -> None:
    """It is refused, however long the other has been away, until somebody logs in there anew."""
    first = await _token(world, tag="phone", device="d1")
    await _open(world, tag="phone", device="d2")
    world.told.events.clear()
    assert FaultCode.SESSION_CONFLICT is await refusal(_open(world, token=first, reconnect=True))
    assert [] == world.told.of(TagTaken)
    await _open(world, token=first)
    assert ["d1"] == [each.device for each in world.told.of(TagTaken)]


async def test_the_same_device_comes_back(world: World) -> None:
    """Neither tag nor device need be named again: the token has them, and so has the next."""
    token = await _token(world, tag="phone", device="d1")
    opened = await _open(world, token=token, reconnect=True)
    assert ("phone", "d1") == (opened.tag, opened.device)
    again = await _open(world, token=opened.token.token, reconnect=True)
    assert ("phone", "d1") == (again.tag, again.device)


async def test_a_tag_that_nobody_holds_is_free(world: World) -> None:
    """For who comes back by itself as well; other tags and other clients are others."""
    await _open(world, tag="phone", device="d1")
    await _open(world, tag="web", device="d2", reconnect=True)
    await _open(world, BEN, tag="phone", device="d2", reconnect=True)
    assert ["phone", "web", "phone"] == [each.tag for each in world.told.of(TagTaken)]


async def test_of_two_at_once_one_holds_the_tag(world: World) -> None:
    """Whoever was told last."""
    await asyncio.gather(*(_open(world, tag="phone", device=f"d{number}") for number in range(5)))
    last = world.told.of(TagTaken)[-1].device
    assert last == await world.store.read.tag_holders.device(world.hall.app_id, ADA, "phone")


async def test_who_is_in_gets_another_token(world: World) -> None:
    """With the tag and the device of its session."""
    token = await world.actions.refresh_session(world.ada, "phone", "d1")
    opened = await _open(world, token=token.token)
    assert (ADA, "phone", "d1") == (opened.caller.client_id, opened.tag, opened.device)
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.refresh_session(world.backend, None, None))


async def test_who_asks_over_http_shows_its_token(world: World) -> None:
    """And is the client of that session; without a good one nobody is."""
    token = await _token(world)
    assert Caller(world.hall, ADA) == await world.actions.session_of("hall", token)
    for app_id, shown in (("hall", "x"), ("annex", token), ("nowhere", token)):
        assert FaultCode.SESSION_EXPIRED is await refusal(world.actions.session_of(app_id, shown))
    await world.actions.kick(world.backend, ADA)
    assert FaultCode.SESSION_EXPIRED is await refusal(world.actions.session_of("hall", token))
