"""The service conversations of an app."""

import pytest

from core.world import World, refusal
from parlance.core.actions.messages.channels import Channels
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Draft
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

NEWS = ClientId("newsdesk")


@pytest.fixture
def channels(world: World) -> Channels:
    """As a server has them."""
    return world.actions.list_broadcasts._channels


async def test_the_app_finds_its_own(world: World, channels: Channels) -> None:
    """And says something there, under a number of its own or one that was drawn before."""
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, NEWS))
    found = await channels.find(world.backend, started.roster.conversation.conv_id)
    assert started.roster.conversation.id == found.id
    message = channels.message(Draft(NEWS, -1, text="news"), found)
    assert (NEWS, "news", found.conv_id) == (message.sender, message.text, message.conv_id)
    assert 7 == channels.message(Draft(NEWS, -1, text="news", number=7), found).id


async def test_nothing_else_is_one(world: World, channels: Channels) -> None:
    """Groups, what nobody knows; and a client has none at all."""
    assert FaultCode.WRONG_KIND is await refusal(channels.find(world.backend, world.group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(channels.find(world.backend, ConvId("none")))
    assert FaultCode.NOT_PERMITTED is await refusal(channels.find(world.ada, world.group))
