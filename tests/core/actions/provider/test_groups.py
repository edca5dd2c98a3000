"""Group changes that RongCloud makes with us, or nobody does."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from core.actions.provider.conftest import Front
from core.world import refusal
from parlance.core.model.group import NewGroup
from parlance.core.model.member import Roster
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from rongcloud.fake import Trouble

BEN, CY = ClientId("ben"), ClientId("cy")
Change = Callable[[Front, int], Awaitable[object]]


async def _join(front: Front, group_id: int) -> Roster:
    return await front.actions.in_step.add_to_group(front.client("ada"), group_id, (CY,))


async def _enter(front: Front, group_id: int) -> Roster:
    return await front.actions.in_step.enter_by_code(front.client("cy"), group_id, "0420")


async def _quit(front: Front, group_id: int) -> None:
    await front.actions.in_step.leave_group(front.client("ben"), group_id)


async def _remove(front: Front, group_id: int) -> tuple[ClientId, ...]:
    return await front.actions.in_step.remove_from_group(front.backend, group_id, (BEN,))


async def _dismiss(front: Front, group_id: int) -> None:
    await front.actions.in_step.dissolve_group(front.client("ada"), group_id)


CHANGES: dict[str, tuple[Change, str, set[str]]] = {
    "join": (_join, "/group/join", {"1", "2", "3"}),
    "enter": (_enter, "/group/join", {"1", "2", "3"}),
    "quit": (_quit, "/group/quit", {"1"}),
    "remove": (_remove, "/group/quit", {"1"}),
    "dismiss": (_dismiss, "/group/dismiss", set()),
}
changes = pytest.mark.parametrize("name", CHANGES)


async def test_a_group_is_made_on_both_sides(front: Front) -> None:
    """Under the same number and name, with the same people; and nothing is left to do."""
    group = (await front.group("ada", "ben")).conversation
    assert group.group_id is not None
    assert {"1", "2"} == await front.here(group.group_id) == front.there(group.group_id)
    assert "G" == front.fake.state.groups[str(group.group_id)].name
    assert ["/group/create"] == [asked.path for asked in front.fake.asked]
    assert [] == await front.errands()


@changes
async def test_a_change_is_made_on_both_sides(front: Front, name: str) -> None:
    """With one call, and nothing is left to do."""
    change, path, members = CHANGES[name]
    group_id = (await front.group("ada", "ben", code="0420")).conversation.group_id
    assert group_id is not None
    front.fake.asked.clear()
    await change(front, group_id)
    assert members == await front.here(group_id) == front.there(group_id)
    assert [path] == [asked.path for asked in front.fake.asked]
    assert [] == await front.errands()


async def test_what_changes_nothing_is_told_nobody(front: Front) -> None:
    """Who is in already does not come in."""
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None
    front.fake.asked.clear()
    await front.actions.in_step.add_to_group(front.client("ada"), group_id, (BEN,))
    assert [] == front.fake.asked


async def test_what_we_refuse_is_not_asked_for(front: Front) -> None:
    """A stranger brings nobody in, the owner does not go, and RongCloud never hears of it."""
    group_id = (await front.group("ada")).conversation.group_id
    assert group_id is not None
    front.fake.asked.clear()
    in_step = front.actions.in_step
    assert FaultCode.NOT_A_MEMBER is await refusal(in_step.add_to_group(front.client("cy"), group_id, (BEN,)))
    assert FaultCode.OWNER_STAYS is await refusal(in_step.leave_group(front.client("ada"), group_id))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(in_step.dissolve_group(front.client("ada"), 99))
    assert FaultCode.FOREIGN_CLIENT is await refusal(in_step.create_group(front.client("ada"), NewGroup(BEN)))
    assert [] == front.fake.asked


async def test_wrong_codes_are_counted_once_each(front: Front) -> None:
    """The rehearsal counts nothing: it takes ten to be locked out."""
    group_id = (await front.group("ada", code="0420")).conversation.group_id
    assert group_id is not None
    for _ in range(10):
        assert FaultCode.WRONG_CODE is await refusal(
            front.actions.in_step.enter_by_code(front.client("cy"), group_id, "9999")
        )
    assert FaultCode.RATE_LIMITED is await refusal(_enter(front, group_id))


REFUSALS = {
    Trouble.REFUSED: FaultCode.PROVIDER_FAILED,
    Trouble.ERROR_500: FaultCode.PROVIDER_FAILED,
    Trouble.ERROR_504: FaultCode.PROVIDER_FAILED,
    Trouble.HTML_502: FaultCode.PROVIDER_FAILED,
    Trouble.BAD_JSON: FaultCode.PROVIDER_FAILED,
    Trouble.NO_CODE: FaultCode.PROVIDER_FAILED,
    Trouble.WRONG_HOST: FaultCode.PROVIDER_FAILED,
    Trouble.TOO_MANY: FaultCode.UNAVAILABLE,
    Trouble.RESET: FaultCode.UNAVAILABLE,
}


@changes
@pytest.mark.parametrize("trouble", REFUSALS)
async def test_if_rongcloud_fails_nothing_is_changed(front: Front, name: str, trouble: Trouble) -> None:
    """Neither here nor there, and nobody is told that anything was."""
    change, path, _ = CHANGES[name]
    group_id = (await front.group("ada", "ben", code="0420")).conversation.group_id
    assert group_id is not None
    front.world.told.events.clear()
    front.fake.trouble(trouble, path)
    assert REFUSALS[trouble] is await refusal(change(front, group_id))
    assert {"1", "2"} == await front.here(group_id) == front.there(group_id)
    assert [] == front.world.told.events


@pytest.mark.parametrize("trouble", REFUSALS)
async def test_if_rongcloud_fails_no_group_is_made(front: Front, trouble: Trouble) -> None:
    """Its number is given to nobody else."""
    front.fake.trouble(trouble, "/group/create", times=1)
    assert REFUSALS[trouble] is await refusal(front.group("ada", "ben"))
    await front.run_errands()
    assert [set(), set()] == [await front.here(2), front.there(2)]
    assert 3 == (await front.group("ada")).conversation.group_id


AFTER = (Trouble.ERROR_AFTER, Trouble.RESET_AFTER, Trouble.BAD_JSON_AFTER)


@changes
@pytest.mark.parametrize("trouble", AFTER)
async def test_what_was_done_there_and_not_here_is_undone(front: Front, name: str, trouble: Trouble) -> None:
    """RongCloud did it and the answer was lost: truth is ours."""
    change, path, members = CHANGES[name]
    group_id = (await front.group("ada", "ben", code="0420")).conversation.group_id
    assert group_id is not None
    front.fake.trouble(trouble, path, times=1)
    assert await refusal(change(front, group_id)) in {FaultCode.UNAVAILABLE, FaultCode.PROVIDER_FAILED}
    assert {"1", "2"} == await front.here(group_id)
    if trouble is Trouble.RESET_AFTER:
        assert members == front.there(group_id)
        await front.actions.keep_in_step()
    assert {"1", "2"} == front.there(group_id)
    assert [] == await front.errands()


@pytest.mark.parametrize("trouble", AFTER)
async def test_a_group_made_there_and_not_here_is_undone(front: Front, trouble: Trouble) -> None:
    """Nobody is left in a group that does not exist."""
    front.fake.trouble(trouble, "/group/create", times=1)
    await refusal(front.group("ada", "ben"))
    await front.actions.keep_in_step()
    assert "2" not in front.fake.state.groups
    assert [] == await front.errands()


async def test_a_full_group_there_is_full_here(front: Front) -> None:
    """RongCloud takes three thousand, whatever the app has settled."""
    group_id = (await front.group("ada")).conversation.group_id
    assert group_id is not None
    front.fake.state.groups[str(group_id)].members.update(str(number) for number in range(10, 3009))
    assert FaultCode.FULL is await refusal(_join(front, group_id))
    assert {"1"} == await front.here(group_id)


async def test_two_who_change_a_group_at_once_end_in_step(front: Front) -> None:
    """The second sees that somebody else was there, and the group is compared once more."""
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None
    hold = front.fake.hold("/group/join")

    async def go_meanwhile() -> None:
        await hold.arrived.wait()
        await _quit(front, group_id)
        hold.release.set()

    await asyncio.gather(_join(front, group_id), go_meanwhile())
    assert [group_id] == [errand.number for errand in await front.errands()]
    await front.run_errands()
    assert {"1", "3"} == await front.here(group_id) == front.there(group_id)


async def test_a_group_that_ends_while_somebody_comes_is_gone(front: Front) -> None:
    """Who was on the way is refused, and nobody is left there."""
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None
    hold = front.fake.hold("/group/join")

    async def end_meanwhile() -> None:
        await hold.arrived.wait()
        await _dismiss(front, group_id)
        hold.release.set()

    outcome, _ = await asyncio.gather(refusal(_join(front, group_id)), end_meanwhile())
    assert FaultCode.UNKNOWN_CONVERSATION is outcome
    await front.run_errands()
    assert set() == await front.here(group_id) == front.there(group_id)


async def test_who_hangs_up_leaves_nothing_half_done(front: Front) -> None:
    """The caller is gone before RongCloud has answered: what was begun is undone."""
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None
    hold = front.fake.hold("/group/join")
    caller = asyncio.ensure_future(_join(front, group_id))
    await hold.arrived.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    hold.release.set()
    await asyncio.wait_for(hold.done.wait(), 30)
    assert {"1", "2", "3"} == front.there(group_id)
    await front.run_errands()
    assert {"1", "2"} == await front.here(group_id) == front.there(group_id)


async def test_a_store_that_fails_after_the_telling_leaves_the_note(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told and could not be stored is undone there."""
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None

    async def fail(*_: object) -> None:
        raise Fault(FaultCode.UNAVAILABLE)

    with monkeypatch.context() as broken:
        broken.setattr(front.actions.in_step.add_to_group, "_settled", lambda *_: fail)
        assert FaultCode.UNAVAILABLE is await refusal(_join(front, group_id))
    assert ({"1", "2"}, {"1", "2", "3"}) == (await front.here(group_id), front.there(group_id))
    await front.actions.keep_in_step()
    assert {"1", "2"} == front.there(group_id)


async def test_without_a_remote_provider_it_is_the_verb_itself(front: Front) -> None:
    """An embedded app's groups are told nobody."""
    front.app = msgspec.structs.replace(front.app, settings=front.world.hall.settings)
    group_id = (await front.group("ada", "ben")).conversation.group_id
    assert group_id is not None
    await _join(front, group_id)
    assert {"1", "2", "3"} == await front.here(group_id)
