"""Running errands: whatever RongCloud has, it has in the end what is true here."""

from core.actions.provider.conftest import Front
from parlance.core.model.group import NewGroup
from parlance.core.ports.outbox import Errand, Subject
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import AppId, ClientId
from rongcloud.fake import Trouble

ADA, BEN = ClientId("ada"), ClientId("ben")


async def _plain_group(front: Front) -> int:
    """A group that was made without waiting for RongCloud."""
    group = await front.actions.create_group(front.backend, NewGroup(ADA, (BEN,), name="G"))
    assert group.conversation.group_id is not None
    return group.conversation.group_id


async def test_a_rongcloud_that_stays_down_is_asked_less_and_less(front: Front) -> None:
    """Until it is back; then all is as it is here."""
    group_id = await _plain_group(front)
    down = front.fake.trouble(Trouble.RESET)
    pauses = []
    for _ in range(4):
        (errand,) = await front.errands()
        pauses.append(errand.due_at - front.world.clock.now())
        front.world.clock.advance(max(0, pauses[-1]))
        await front.actions.keep_in_step()
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 4_000
    down.times = 0
    front.world.clock.advance(MINUTE)
    await front.actions.keep_in_step()
    assert {"1", "2"} == await front.here(group_id) == front.there(group_id)
    assert [] == await front.errands()


async def test_everything_is_compared_once_a_day(front: Front) -> None:
    """What somebody did at RongCloud behind our backs is set right."""
    group_id = await _plain_group(front)
    await front.actions.keep_in_step()
    front.fake.state.groups[str(group_id)].members = {"2", "9"}
    await front.actions.keep_in_step()
    assert {"2", "9"} == front.there(group_id)
    await front.actions.keep_in_step.look_at_everything()
    await front.actions.keep_in_step()
    assert {"1", "2"} == front.there(group_id)


async def test_one_app_s_silence_keeps_nobody_waiting(front: Front) -> None:
    """A round goes on with the others, and asks who is silent once."""
    for _ in range(3):
        await _plain_group(front)
    front.fake.trouble(Trouble.RESET)
    await front.actions.keep_in_step()
    assert 1 == len(front.fake.asked)
    assert 3 == len(await front.errands())


async def test_what_is_in_step_is_left_alone(front: Front) -> None:
    """It is looked at, and told its name."""
    group_id = await _plain_group(front)
    await front.actions.keep_in_step()
    front.fake.asked.clear()
    await front.actions.keep_in_step.look_at_everything()
    await front.actions.keep_in_step()
    asked = [call.path for call in front.fake.asked if ("groupId", str(group_id)) in call.pairs]
    assert ["/group/user/query", "/group/refresh"] == asked


async def test_errands_about_nobody_are_forgotten(front: Front) -> None:
    """A user or an app that there is not."""
    now = front.world.clock.now()
    async with front.world.store.begin() as tx:
        await tx.outbox.put(Errand(front.app.app_id, Subject.USER, 999, 1, now))
        await tx.outbox.put(Errand(AppId("nowhere"), Subject.GROUP, 1, 1, now))
    await front.actions.keep_in_step()
    assert ([], []) == (front.fake.asked, await front.errands())


async def test_a_round_is_not_endless(front: Front) -> None:
    """Fifty errands, and then word that there may be more."""
    async with front.world.store.begin() as tx:
        for uid in range(100, 160):
            await tx.outbox.put(Errand(front.app.app_id, Subject.USER, uid, 1, front.world.clock.now()))
    assert await front.actions.keep_in_step()
    assert 10 == len(await front.errands())
    assert not await front.actions.keep_in_step()
    assert [] == await front.errands()
