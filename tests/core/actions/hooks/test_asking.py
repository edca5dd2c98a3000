"""Asking an app's own server, and what becomes of its answer."""

import hmac

import pytest

from core.actions.hooks.app_server import Answer, AppServer, hooked
from core.world import World, refusal
from parlance.core.model.hook import Hook
from parlance.core.model.message import Draft
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


def draft(world: World, text: str = "hi") -> Draft:
    """A message of Ada's."""
    return Draft(ClientId("ada"), -1, world.group, text=text)


@pytest.mark.parametrize("answer", [{}, {"result": {}}, {"result": "ok"}, b"", {"drop": False}, {"unknown": [1]}])
async def test_an_app_that_does_not_mind(world: World, server: AppServer, answer: Answer) -> None:
    """However it says so, by itself or as LeanEngine does."""
    server.answers[Hook.MESSAGE_RECEIVED] = answer
    client = await hooked(world, server.url)
    assert "hi" == (await world.actions.send(client("ada"), draft(world))).text
    assert 1 == len(server.asked)


@pytest.mark.parametrize(
    "answer", [{"drop": True, "code": 123, "detail": "no"}, {"result": {"drop": True, "code": 123, "detail": "no"}}]
)
async def test_an_app_that_minds(world: World, server: AppServer, answer: Answer) -> None:
    """Its own code and words come through; nothing is stored."""
    server.answers[Hook.MESSAGE_RECEIVED] = answer
    client = await hooked(world, server.url)
    with pytest.raises(Fault) as fault:
        await world.actions.send(client("ada"), draft(world))
    assert (FaultCode.REJECTED_BY_APP, 123, "no") == (fault.value.code, fault.value.app_code, fault.value.reason)
    assert [] == (await world.actions.read_history(world.ada, world.group)).messages


@pytest.mark.parametrize("answer", [500, 404, 302, b"<html>", b'{"drop": 7}', b"[]", None])
async def test_an_app_that_cannot_be_asked(world: World, server: AppServer, answer: Answer) -> None:
    """What it would have said is taken for a yes, or if it wants that for a no."""
    server.answers[Hook.MESSAGE_RECEIVED] = answer
    client = await hooked(world, server.url, hook_wait=100)
    assert "hi" == (await world.actions.send(client("ada"), draft(world))).text
    client = await hooked(world, server.url, hook_wait=100, hook_must_answer=True)
    assert FaultCode.REJECTED_BY_APP is await refusal(world.actions.send(client("ada"), draft(world)))


async def test_an_app_that_is_not_there(world: World) -> None:
    """As one that cannot be asked."""
    client = await hooked(world, "http://127.0.0.1:9", hook_wait=1000)
    assert "hi" == (await world.actions.send(client("ada"), draft(world))).text


async def test_who_is_asked_about(world: World, server: AppServer) -> None:
    """Clients: what the backend does is the app's own doing. And only by the hooks that are there."""
    client = await hooked(world, server.url)
    await world.actions.send(world.backend, draft(world))
    assert [] == server.asked
    client = await hooked(world, server.url, hook_names="_conversationAdd, _clientOnline")
    await world.actions.send(client("ada"), draft(world))
    assert [] == server.asked


async def test_hooks_and_addresses_that_are_none(world: World, server: AppServer) -> None:
    """Said when they are set."""
    assert FaultCode.BAD_FORMAT is await refusal(hooked(world, server.url, hook_names="_messageReceived,_nothing"))
    assert FaultCode.BAD_FORMAT is await refusal(hooked(world, "ftp://example.com"))


async def test_a_key_is_made(world: World, server: AppServer) -> None:
    """With the first address; it stays, and an app may bring its own."""
    await hooked(world, server.url)
    key = world.hall.settings.hook_key
    assert 40 == len(key)
    await hooked(world, server.url + "/more")
    assert key == world.hall.settings.hook_key
    await hooked(world, server.url, hook_key="mine")
    assert "mine" == world.hall.settings.hook_key


async def test_an_app_knows_who_calls(world: World, server: AppServer) -> None:
    """By a signature over time, id and body; by the key itself, and by LeanCloud's own way."""
    client = await hooked(world, server.url)
    await world.actions.send(client("ada"), draft(world))
    (asked,) = server.asked
    key, at = world.hall.settings.hook_key, world.clock.now()
    signed = f"{at}.{asked.headers['X-Parlance-Id']}.".encode() + asked.raw
    digest = hmac.new(key.encode(), signed, "sha256").hexdigest()
    assert f"t={at},v1={digest}" == asked.headers["X-Parlance-Signature"]
    assert key == asked.headers["X-LC-Hook-Key"]
    old = hmac.new(b"key-of-hall", f"_messageReceived:{at}".encode(), "sha1").hexdigest()
    assert f"{at},{old}" == asked.body["__sign"]
