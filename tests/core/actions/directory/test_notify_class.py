"""Notifying a class, once a day."""

import msgspec
import pytest

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.events import MessageSent
from parlance.kernel.clock import HOUR, MINUTE
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


@pytest.fixture
async def school(world: World) -> World:
    """Class 10 of organisation 1: Ada teaches Ben. Cy runs the organisation, Eve teaches another class."""
    actions, backend = world.actions, world.backend
    await actions.put_organisation(backend, 1)
    await actions.put_class(backend, 1, 10, "Ten")
    await actions.put_class(backend, 1, 11)
    await actions.put_person(backend, 1, ClientId("ada"), "teacher", (10,))
    await actions.put_person(backend, 1, ClientId("ben"), "student", (10,))
    await actions.put_person(backend, 1, ClientId("cy"), "admin")
    await actions.put_person(backend, 1, ClientId("eve"), "teacher", (11,))
    world.told.events.clear()
    return world


async def test_a_notice_is_noted(school: World) -> None:
    """Under a number of its own; nobody is told."""
    first = await school.actions.notify_class(school.backend, 10)
    second = await school.actions.notify_class(school.backend, 11)
    assert 0 < first < second
    assert [] == school.told.of(MessageSent)


async def test_a_message_reaches_everybody_in_the_class(school: World) -> None:
    """As a system message, with what it is about."""
    await school.actions.notify_class(school.ada, 10, "明天停课")
    (sent,) = school.told.of(MessageSent)
    assert {"ada", "ben"} == set(sent.audience)
    assert "明天停课" == sent.message.text
    assert {
        "sys_message_type": "class_message",
        "class_id": 10,
        "class_name": "Ten",
        "organization_id": 1,
        "uid": "ada",
    } == msgspec.json.decode(sent.message.attr or "")


async def test_once_a_day(school: World) -> None:
    """With a message or without; the other one has not happened either."""
    await school.actions.notify_class(school.backend, 10)
    assert FaultCode.ALREADY_NOTIFIED is await refusal(school.actions.notify_class(school.backend, 10, "again"))
    assert [] == school.told.of(MessageSent)


async def test_a_day_begins_at_midnight_of_the_zone(school: World) -> None:
    """Asia/Shanghai unless configured otherwise: 16:00 UTC."""
    # The stopped clock stands at 2027-01-15 08:00 UTC.
    school.clock.advance(8 * HOUR - MINUTE)
    await school.actions.notify_class(school.backend, 10)
    assert FaultCode.ALREADY_NOTIFIED is await refusal(school.actions.notify_class(school.backend, 10))
    school.clock.advance(MINUTE)
    assert await school.actions.notify_class(school.backend, 10) > 0


async def test_who_may_notify(school: World) -> None:
    """The class's teachers and the organisation's admins; no student, no other class's teacher, no stranger."""
    for nobody in (school.ben, school.client("eve"), school.client("zoe")):
        assert FaultCode.NOT_PERMITTED is await refusal(school.actions.notify_class(nobody, 10))
    assert await school.actions.notify_class(school.cy, 10) > 0
    assert await school.actions.notify_class(school.client("eve"), 11) > 0


async def test_what_is_no_class_and_no_message(school: World) -> None:
    """Unknown, another app's; nothing to say, too much to say."""
    notify = school.actions.notify_class
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(notify(school.backend, 99))
    assert FaultCode.UNKNOWN_ORGANISATION is await refusal(notify(Caller(school.annex), 10))
    for words in ("", "\x00", "x" * 65_537):
        assert FaultCode.BAD_FORMAT is await refusal(notify(school.backend, 10, words))
    assert await notify(school.backend, 10) > 0
