"""Forgetting a user."""

import pytest

from core.actions.files.filing import Sent
from core.world import World, refusal
from parlance.blobs.objects import ObjectBlobs
from parlance.core.actions.people import erase
from parlance.core.model.app import AppSettings
from parlance.core.model.conversation import Kind
from parlance.core.model.events import BanChanged, MembersLeft
from parlance.core.model.record import Erased
from parlance.core.model.user import Profile
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

BEN = ClientId("ben")


async def left_of(world: World, conv_id: str) -> list[tuple[int | None, str | None]]:
    """What is in a conversation still."""
    conversation = await world.actions.find_conversations.one(world.backend, world.group)
    assert conv_id == conversation.conversation.conv_id
    page = await world.actions.list_messages(world.backend, world.group, PageAsked(1, 100))
    return [(message.seq, message.text) for message in page.rows]


@pytest.mark.parametrize("at_once", [1, 200])
async def test_what_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Words and names go, places in the sequence stay; the others are told that he left."""
    monkeypatch.setattr(erase, "_AT_ONCE", at_once)
    await world.actions.create_user(world.backend, BEN, Profile(nickname="Benny", ext="{}"))
    for text, sender in (("one", "ben"), ("two", "ada"), ("three", "ben")):
        await world.say(text, sender)
    world.told.events.clear()
    assert Erased(2, 0, 1) == await world.actions.erase_user(world.backend, BEN)
    assert [(2, "two")] == await left_of(world, world.group)
    assert ["ada"] == await world.members()
    user = await world.actions.find_user(world.backend, BEN)
    assert ("", None, True) == (user.called, user.ext, user.banned)
    [left] = [event for event in world.told.events if isinstance(event, MembersLeft)]
    assert (BEN,) == left.client_ids
    assert FaultCode.NOT_A_MEMBER == await refusal(world.say("again", "ben"))
    assert [] == [stay for stay in await world.store.read.records.stays(world.hall.app_id, BEN) if stay.left_at]


@pytest.mark.parametrize("at_once", [1, 200])
async def test_what_the_app_s_server_was_told(world: World, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Or is still to be told of his words is forgotten; what others said, and that he left, is not."""
    monkeypatch.setattr(erase, "_AT_ONCE", at_once)
    settings = AppSettings(hook_url="http://127.0.0.1:9", hook_names="_messageSent,_receiversOffline")
    world.hall = await world.actions.change_app("hall", settings=settings)
    for text, sender in (("one of his", "ben"), ("hers", "ada"), ("two of his", "ben")):
        await world.say(text, sender)
    async with world.store.begin() as tx:
        await tx.deliveries.bury_all(world.hall.app_id, "gave up")
    await world.say("three of his", "ben")
    before = [each.body for each in await world.actions.list_deliveries(world.hall.app_id)]
    assert [6, 2] == [len([body for body in before if words in body]) for words in ("of his", "hers")]
    await world.actions.erase_user(world.backend, BEN)
    left = [each.body for each in await world.actions.list_deliveries(world.hall.app_id)]
    assert [body for body in before if "hers" in body] == [body for body in left if "hers" in body]
    assert not [body for body in left if "of his" in body]


async def test_twice_is_the_same(world: World) -> None:
    """Whoever was cut short asks again."""
    await world.say("one", "ben")
    await world.actions.erase_user(world.backend, BEN)
    assert Erased(0, 0, 0) == await world.actions.erase_user(world.backend, BEN)


async def test_files_that_cannot_be_reached_just_now(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are found again by who asks again: nothing of them is left behind."""
    file = await world.actions.upload_file(world.ben, Sent("notes.txt", b"what ben wrote down"))
    folder = world.application.config.files_path
    with monkeypatch.context() as away:
        away.setattr(ObjectBlobs, "delete", _nobody_answers)
        assert FaultCode.UNAVAILABLE == await refusal(world.actions.erase_user(world.backend, BEN))
    assert (folder / file.key).exists()
    assert Erased(0, 1, 0) == await world.actions.erase_user(world.backend, BEN)
    assert not (folder / file.key).exists()
    assert FaultCode.UNKNOWN_FILE == await refusal(world.actions.open_file(file.key))


async def _nobody_answers(*_: object) -> None:
    raise Fault(FaultCode.UNAVAILABLE)


async def test_with_whom_he_talked_alone(world: World) -> None:
    """Keeps the conversation, and her own words."""
    alone = await world.open(Kind.DIRECT, "ben", "cy")
    await world.say("his", "ben", alone.conv_id)
    await world.say("hers", "cy", alone.conv_id)
    await world.actions.erase_user(world.backend, BEN)
    page = await world.actions.list_messages(world.cy, alone.conv_id, PageAsked(1, 10))
    assert ["hers"] == [message.text for message in page.rows]


async def test_what_he_said_in_rooms(world: World) -> None:
    """Nobody is a member there, and his words go all the same."""
    room = await world.open(Kind.ROOM, "ada")
    for name, caller in (("ada", world.ada), ("ben", world.ben)):
        world.phone(caller)
        await world.actions.enter_room(caller, room.conv_id)
        await world.say(f"of {name}", name, room.conv_id)
    assert Erased(1, 0, 1) == await world.actions.erase_user(world.backend, BEN)
    page = await world.actions.list_messages(world.backend, room.conv_id, PageAsked(1, 10))
    assert ["of ada"] == [message.text for message in page.rows]


async def test_who_may_not(world: World) -> None:
    """Only the backend, and only somebody of the app; then nothing is changed."""
    assert FaultCode.NOT_PERMITTED == await refusal(world.actions.erase_user(world.ada, BEN))
    assert FaultCode.UNKNOWN_CLIENT == await refusal(world.actions.erase_user(world.backend, ClientId("dora")))
    assert [] == world.told.of(BanChanged)
