"""Who comes into a group and who goes."""

from core.actions.groups.grouping import ADA, BEN, CY, made, notices, said_to
from core.world import World, refusal
from parlance.core.model.events import MembersJoined, MembersLeft
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


class TestAdding:
    """`add_to_group`."""

    async def test_a_member_brings_somebody_in(self, world: World) -> None:
        """Everybody is told: who came, who was there, who did it."""
        await made(world, "ben")
        cy = world.phone(world.cy)
        world.told.events.clear()
        roster = await world.actions.add_to_group(world.ben, 2, (CY,))
        assert [ADA, BEN, CY] == list(roster.members)
        assert roster.members == (await world.actions.find_group(world.cy, 2)).members
        assert ["brought in cy", "message system ben邀请cy加入了群聊「666」"] == cy.heard()
        assert [("added_to_group", ["ada", "ben", "cy"])] == notices(world)
        told = (await said_to(world, "ada"))[0]
        assert ("ben", ["cy"], 2) == (told["uid"], told["member_client_ids"], told["gid"])

    async def test_who_is_in_is_no_error(self, world: World) -> None:
        """Nobody is told of who did not come."""
        await made(world, "ben")
        world.told.events.clear()
        await world.actions.add_to_group(world.backend, 2, (BEN, ADA))
        assert [] == world.told.events
        await world.actions.add_to_group(world.backend, 2, (BEN, CY))
        assert [["cy"]] == [list(event.standings) for event in world.told.of(MembersJoined)]

    async def test_all_or_none(self, world: World) -> None:
        """Over the capacity nobody comes in; who is in does not count twice."""
        await made(world, "ben", capacity=3)
        both = clients(["cy", "zoe"])
        assert FaultCode.FULL is await refusal(world.actions.add_to_group(world.backend, 2, both, create_missing=True))
        assert [ADA, BEN] == list((await world.actions.find_group(world.backend, 2)).members)
        assert {} == await world.actions.find_users(world.backend, clients(["zoe"]))
        await world.actions.add_to_group(world.backend, 2, (BEN, CY))
        assert FaultCode.FULL is await refusal(
            world.actions.add_to_group(world.backend, 2, clients(["zoe"]), create_missing=True)
        )

    async def test_strangers_are_made_if_asked_for(self, world: World) -> None:
        """Else they are refused."""
        zoe = clients(["zoe"])
        assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.add_to_group(world.backend, 1, zoe))
        await world.actions.add_to_group(world.backend, 1, zoe, create_missing=True)
        assert ["ada", "ben", "zoe"] == await world.members()

    async def test_who_may(self, world: World) -> None:
        """Members and the backend, on behalf of a member; managers only, where that is asked for."""
        add = world.actions.add_to_group
        assert FaultCode.NOT_A_MEMBER is await refusal(add(world.cy, 1, (CY,)))
        assert FaultCode.NOT_A_MEMBER is await refusal(add(world.backend, 1, (CY,), by=CY))
        assert FaultCode.FOREIGN_CLIENT is await refusal(add(world.ben, 1, (CY,), by=ADA))
        assert FaultCode.NOT_PERMITTED is await refusal(add(world.ben, 1, (CY,), managers_only=True))
        await add(world.ada, 1, (CY,), managers_only=True)
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(add(world.dora, 1, (CY,)))

    async def test_the_banned_stay_out(self, world: World) -> None:
        """However they are brought in."""
        await world.actions.ban(world.backend, CY)
        assert FaultCode.BANNED is await refusal(world.actions.add_to_group(world.ada, 1, (CY,)))


class TestRemoving:
    """`remove_from_group`."""

    async def test_the_owner_takes_somebody_out(self, world: World) -> None:
        """Everybody is told, who went as well."""
        await made(world, "ben", "cy")
        ben = world.phone(world.ben)
        world.told.events.clear()
        assert (BEN,) == await world.actions.remove_from_group(world.ada, 2, (BEN,))
        assert [ADA, CY] == list((await world.actions.find_group(world.ada, 2)).members)
        assert ["taken out ben", "message system ada将ben移出了群聊「666」"] == ben.heard()
        assert [("removed_from_group", ["ada", "ben", "cy"])] == notices(world)
        told = (await said_to(world, "ben"))[0]
        assert ("ada", ["ben"]) == (told["uid"], told["member_client_ids"])

    async def test_who_is_not_in_is_passed_over(self, world: World) -> None:
        """The answer says who went; nobody is told of nothing."""
        world.told.events.clear()
        assert () == await world.actions.remove_from_group(world.backend, 1, (CY,))
        assert [] == world.told.events
        assert (BEN,) == await world.actions.remove_from_group(world.backend, 1, (CY, BEN, ClientId("nobody")))

    async def test_the_owner_stays(self, world: World) -> None:
        """Whoever asks, and whoever else was to go."""
        for caller in (world.backend, world.ada):
            assert FaultCode.OWNER_STAYS is await refusal(world.actions.remove_from_group(caller, 1, (BEN, ADA)))
        assert ["ada", "ben"] == await world.members()

    async def test_who_may(self, world: World) -> None:
        """Members take out themselves and nobody else, whoever says it for them."""
        await made(world, "ben", "cy")
        remove = world.actions.remove_from_group
        assert FaultCode.NOT_PERMITTED is await refusal(remove(world.ben, 2, (CY,)))
        assert FaultCode.NOT_PERMITTED is await refusal(remove(world.backend, 2, (CY,), BEN))
        assert FaultCode.FOREIGN_CLIENT is await refusal(remove(world.ben, 2, (CY,), ADA))
        assert FaultCode.NOT_A_MEMBER is await refusal(remove(world.cy, 1, (BEN,)))
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(remove(world.backend, 9, (BEN,)))
        assert (BEN,) == await remove(world.ben, 2, (BEN,))


class TestLeaving:
    """`leave_group`."""

    async def test_a_member_leaves(self, world: World) -> None:
        """And says so itself."""
        await made(world, "ben")
        world.told.events.clear()
        await world.actions.leave_group(world.ben, 2)
        (event,) = [event for event in world.told.events if isinstance(event, MembersLeft)]
        assert (("ben",), "ben") == (event.client_ids, event.by)
        assert [("removed_from_group", ["ada", "ben"])] == notices(world)
        assert "ben退出了群聊「666」" == (await said_to(world, "ada"))[0]["text"]
        assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.leave_group(world.ben, 2))

    async def test_who_cannot(self, world: World) -> None:
        """The owner, a stranger, and the backend, which is in no group."""
        assert FaultCode.OWNER_STAYS is await refusal(world.actions.leave_group(world.ada, 1))
        assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.leave_group(world.cy, 1))
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.leave_group(world.backend, 1))
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.leave_group(world.dora, 1))
