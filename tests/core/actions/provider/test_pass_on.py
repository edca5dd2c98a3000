"""What is said here is said again where RongCloud's clients are."""

import json

import pytest

from core.actions.provider.conftest import Front
from parlance.core.model.conversation import Kind
from parlance.core.model.group import GroupChange, NewGroup
from parlance.core.model.message import Draft
from parlance.core.model.opening import Opening
from parlance.core.model.rongcloud import Routed
from parlance.core.model.starting import Starting
from parlance.kernel.clock import MINUTE, SECOND
from parlance.kernel.ids import ClientId
from rongcloud.fake import Trouble

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
GROUP = "/message/group/publish"


@pytest.fixture(autouse=True)
async def known(front: Front) -> None:
    """A server has its apps at hand."""
    await front.world.application.directory.refresh()


def heard(front: Front) -> list[tuple[str, str, str, str]]:
    """What RongCloud was told: by which call, by whom, to whom, and the words."""
    return [
        (each.path, each.sender, each.target, json.loads(each.content)["content"]) for each in front.fake.state.messages
    ]


async def test_a_group_s_messages(front: Front) -> None:
    """In their order, as their senders', in the group of that number."""
    await front.world.say("one")
    await front.world.say("two", "ben")
    assert [] == heard(front)
    await front.actions.pass_on()
    assert [(GROUP, "1", "1", "one"), (GROUP, "2", "1", "two")] == heard(front)
    await front.actions.pass_on()
    assert 2 == len(heard(front))


async def test_direct_messages(front: Front) -> None:
    """To the other one."""
    await front.actions.send(front.backend, Draft(ADA, -1, to=BEN, text="hi"))
    await front.actions.pass_on()
    assert [("/message/private/publish", "1", "2", "hi")] == heard(front)


async def test_what_the_app_itself_says(front: Front) -> None:
    """To each of those it is for."""
    made = await front.actions.create_group(front.backend, NewGroup(ADA, (BEN,), name="G", notices=True))
    assert made.conversation.group_id is not None
    await front.actions.update_group(front.backend, made.conversation.group_id, GroupChange(name="Other"))
    await front.actions.pass_on()
    assert {"1", "2"} == {target for path, _, target, _ in heard(front) if path == "/message/system/publish"}


async def test_what_is_said_in_a_service_conversation(front: Front) -> None:
    """To those for whom it is; what somebody says to the app alone, to nobody."""
    started = await front.actions.start_conversation(front.backend, Starting(Kind.SERVICE, ADA))
    where = started.roster.conversation.conv_id
    await front.actions.send(front.backend, Draft(BEN, -1, where, text="help", from_outside=True))
    await front.actions.say_to_clients(front.backend, where, Draft(ADA, -1, text="news"), (BEN,))
    await front.actions.pass_on()
    assert [("/message/system/publish", "ada", "2", "news")] == heard(front)


async def test_mentions_are_numbers_there(front: Front) -> None:
    """And said to be mentions."""
    draft = Draft(ADA, -1, front.world.group, text="hi", mentions=(BEN,))
    await front.actions.send(front.backend, draft)
    await front.actions.pass_on()
    (made,) = front.fake.state.messages
    assert ["2"] == json.loads(made.content)["mentionedInfo"]["userIdList"]


async def test_what_came_from_there_does_not_go_back(front: Front) -> None:
    """It would be said for ever."""
    await front.actions.receive_routed(front.app, Routed("1", "1", "GROUP", "RC:TxtMsg", '{"content":"hi"}', "5FGT"))
    await front.actions.pass_on()
    assert [] == heard(front)


async def test_what_is_not_stored_or_has_no_place_there_is_not_passed_on(front: Front) -> None:
    """Transient messages, temporary conversations and rooms; other apps' messages."""
    await front.actions.send(front.backend, Draft(ADA, -1, front.world.group, text="x", transient=True))
    opened = await front.actions.open_conversation(front.backend, Opening(Kind.TEMPORARY, ADA, (BEN,)))
    await front.world.say("x", conv_id=opened.conv_id)
    dora = front.world.dora
    eve = ClientId("eve")
    await front.actions.create_group(dora, NewGroup(ClientId("dora"), (eve,), notices=True, create_missing=True))
    await front.actions.pass_on()
    assert [] == heard(front)


async def test_what_may_have_been_said_is_not_said_again(front: Front) -> None:
    """The answer was lost; the next message goes its way."""
    front.fake.trouble(Trouble.RESET_AFTER, GROUP, times=1)
    await front.world.say("one")
    await front.world.say("two")
    await front.actions.pass_on()
    assert ["one", "two"] == [words for _, _, _, words in heard(front)]


async def test_what_rongcloud_refuses_is_not_repeated(front: Front) -> None:
    """Nor does it keep what comes after it."""
    front.fake.trouble(Trouble.REFUSED, GROUP, times=1)
    await front.world.say("one")
    await front.world.say("two")
    await front.actions.pass_on()
    assert ["two"] == [words for _, _, _, words in heard(front)]


async def test_what_certainly_was_not_said_waits(front: Front) -> None:
    """In its order, until RongCloud has time; not for ever."""
    busy = front.fake.trouble(Trouble.TOO_MANY, GROUP)
    await front.world.say("old")
    for _ in range(3):
        assert not await front.actions.pass_on()
        front.world.clock.advance(2 * SECOND)
    front.world.clock.advance(5 * MINUTE)
    await front.world.say("one")
    await front.actions.pass_on()
    front.world.clock.advance(2 * SECOND)
    await front.world.say("two")
    busy.times = 0
    await front.actions.pass_on()
    assert ["one", "two"] == [words for _, _, _, words in heard(front)]


async def test_nobody_is_asked_more_often_than_it_wants(front: Front) -> None:
    """Who has no time is left alone for a moment."""
    front.fake.trouble(Trouble.TOO_MANY, GROUP)
    await front.world.say("one")
    for _ in range(5):
        await front.actions.pass_on()
    assert 1 == len(front.fake.calls(GROUP))
