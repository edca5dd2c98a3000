"""The doors."""

import pytest

from core.world import World, refusal
from parlance.core.actions.doors import Doors, manages, may_remove
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.member import OWNER, PLAIN, Role, Roster, Standing
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId, ClientId, ConvId
from realtime.parts import conversation

HALL = App(AppId("hall"), "", "", "", "", Policy.TOKEN, AppSettings(), 0, 0)
ROSTER = Roster(
    conversation(),
    {
        ClientId("ada"): OWNER,
        ClientId("eve"): Standing(Role.ADMIN),
        ClientId("eli"): Standing(Role.ADMIN),
        ClientId("ben"): PLAIN,
        ClientId("bob"): PLAIN,
    },
)


def _doors(world: World) -> Doors:
    return Doors(world.application.rosters)


async def test_members_and_the_backend_pass(world: World) -> None:
    """With what is at hand, and within a transaction with what that sees."""
    doors = _doors(world)
    for caller in (world.ada, world.ben, world.backend):
        assert ["ada", "ben"] == list((await doors.conversation(caller, world.group)).members)
        async with world.store.begin() as tx:
            assert ["ada", "ben"] == list((await doors.conversation(caller, world.group, tx)).members)


async def test_a_stranger_is_one(world: World) -> None:
    """It gets through the first door only, which shows no more than that there is something."""
    doors = _doors(world)
    assert world.group == (await doors.any_conversation(world.cy, world.group)).conversation.conv_id
    assert FaultCode.NOT_A_MEMBER is await refusal(doors.conversation(world.cy, world.group))
    async with world.store.begin() as tx:
        assert FaultCode.NOT_A_MEMBER is await refusal(doors.conversation(world.cy, world.group, tx))


async def test_hidden_and_absent_answer_alike(world: World) -> None:
    """What is of another app, deleted, over, or was never there: unknown at every door."""
    doors = _doors(world)
    brief = await world.open(Kind.TEMPORARY, "ada", ttl_seconds=1)
    deleted = await world.open(Kind.GROUP, "ada")
    await world.actions.delete_conversation(world.ada, deleted.conv_id)
    world.clock.advance(SECOND)
    attempts = [
        (world.dora, world.group),
        (Caller(world.annex), world.group),
        (world.ada, brief.conv_id),
        (world.ada, deleted.conv_id),
        (world.ada, ConvId("nothing")),
        (world.ada, ConvId("")),
    ]
    for caller, conv_id in attempts:
        for door in (doors.any_conversation, doors.conversation):
            assert FaultCode.UNKNOWN_CONVERSATION is await refusal(door(caller, conv_id))
            async with world.store.begin() as tx:
                assert FaultCode.UNKNOWN_CONVERSATION is await refusal(door(caller, conv_id, tx))


async def test_a_transaction_sees_itself(world: World) -> None:
    """What a transaction has changed is what its doors judge by."""
    doors = _doors(world)
    group = (await doors.conversation(world.ben, world.group)).conversation
    async with world.store.begin() as tx:
        await tx.members.leave(group.id, (ClientId("ben"),), world.clock.now())
        assert FaultCode.NOT_A_MEMBER is await refusal(doors.conversation(world.ben, world.group, tx))


@pytest.mark.parametrize(
    ("client", "expected"),
    [(None, True), ("ada", True), ("eve", True), ("ben", False), ("cy", False)],
)
def test_who_manages(client: str | None, expected: bool) -> None:
    """The backend, the owner and admins."""
    assert expected is manages(Caller(HALL, None if client is None else ClientId(client)), ROSTER)


@pytest.mark.parametrize(
    ("client", "others"),
    [
        (None, "ada eve eli ben bob cy"),
        ("ada", "ada eve eli ben bob cy"),
        ("eve", "eve ben bob cy"),
        ("ben", "ben"),
        ("cy", "cy"),
    ],
)
def test_who_may_remove_whom(client: str | None, others: str) -> None:
    """The backend anybody, everybody itself, owner and admins who stands below them, or is not in at all."""
    caller = Caller(HALL, None if client is None else ClientId(client))
    everybody = [*ROSTER.members, ClientId("cy")]
    assert others.split() == [other for other in everybody if may_remove(caller, ROSTER, other)]
