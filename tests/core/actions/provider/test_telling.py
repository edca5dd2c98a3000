"""What changes through whatever verb, RongCloud learns of soon, and nobody waits for it."""

import msgspec
import pytest

from core.actions.provider.conftest import Front
from parlance.core.model.conversation import Kind
from parlance.core.model.group import GroupChange, NewGroup
from parlance.core.model.opening import Opening
from parlance.core.model.provider import ProviderName
from parlance.core.model.user import Profile
from parlance.kernel.clock import DAY
from parlance.kernel.ids import ClientId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def _plain_group(front: Front) -> int:
    """A group that was made without waiting for RongCloud."""
    group = await front.actions.create_group(front.backend, NewGroup(ADA, (BEN,), name="G"))
    assert group.conversation.group_id is not None
    return group.conversation.group_id


async def test_a_group_is_told_of_by_and_by(front: Front) -> None:
    """Nobody is asked while the caller waits; the next round tells it."""
    group_id = await _plain_group(front)
    assert [] == front.fake.asked
    await front.actions.keep_in_step()
    assert ({"1", "2"}, "G") == (front.there(group_id), front.fake.state.groups[str(group_id)].name)
    assert [] == await front.errands()


async def test_so_is_one_that_was_opened_as_a_conversation(front: Front) -> None:
    """Platform's kind 3 is the same group."""
    opened = await front.actions.open_conversation(front.backend, Opening(Kind.GROUP, ADA, (CY,)))
    await front.actions.keep_in_step()
    assert opened.group_id is not None
    assert {"1", "3"} == front.there(opened.group_id)


async def test_who_comes_and_goes_is_told_of(front: Front) -> None:
    """Through invitations, removals and groups' own verbs; what was too much there goes."""
    group_id = await _plain_group(front)
    conv_id = (await front.actions.find_group(front.backend, group_id)).conversation.conv_id
    await front.actions.invite(front.backend, conv_id, (CY,))
    await front.actions.remove_members(front.backend, conv_id, (BEN,))
    front.fake.state.groups.setdefault(str(group_id), front.fake.state.groups["1"]).members.add("77")
    await front.actions.keep_in_step()
    assert {"1", "3"} == front.there(group_id)


async def test_a_new_name_is_told_of(front: Front) -> None:
    """It stands in notifications."""
    group_id = await _plain_group(front)
    await front.actions.update_group(front.backend, group_id, GroupChange(name="Other"))
    await front.actions.keep_in_step()
    assert "Other" == front.fake.state.groups[str(group_id)].name


async def test_the_end_of_a_group_is_told_of(front: Front) -> None:
    """However it ended."""
    one, other = await _plain_group(front), await _plain_group(front)
    await front.actions.keep_in_step()
    conv_id = (await front.actions.find_group(front.backend, other)).conversation.conv_id
    await front.actions.dissolve_group(front.backend, one)
    await front.actions.delete_conversation(front.backend, conv_id)
    await front.actions.keep_in_step()
    assert {"1"} == set(front.fake.state.groups)


async def test_what_is_no_group_is_nobodys_business(front: Front) -> None:
    """Direct and temporary conversations, and rooms, are ours alone."""
    for kind in (Kind.DIRECT, Kind.TEMPORARY, Kind.ROOM):
        await front.actions.open_conversation(front.backend, Opening(kind, ADA, (BEN,)))
    assert [] == await front.errands()


async def test_other_apps_are_nobodys_business(front: Front) -> None:
    """The annex has no provider but this server."""
    dora = front.world.dora
    await front.actions.create_group(dora, NewGroup(ClientId("dora"), name="G"))
    assert [] == await front.errands()


async def _changed_and_undone(front: Front) -> None:
    async with front.world.store.begin() as tx:
        await tx.outbox.put_everything(front.app.app_id, 1, 1)
        raise LookupError


async def test_an_undone_change_is_not_told_of(front: Front) -> None:
    """The note is part of the transaction."""
    with pytest.raises(LookupError):
        await _changed_and_undone(front)
    assert [] == await front.errands()


async def test_who_is_banned_is_blocked_there_for_as_long_as_it_lasts(front: Front) -> None:
    """RongCloud blocks nobody for more than thirty days, so it is said again."""
    await front.actions.ban(front.backend, BEN)
    await front.actions.keep_in_step()
    assert {"2"} == set(front.fake.state.blocked_until)
    (errand,) = await front.world.store.read.outbox.due(front.world.clock.now() + 30 * DAY, 10)
    assert 28 * DAY < errand.due_at - front.world.clock.now() < 30 * DAY
    front.world.clock.advance(29 * DAY)
    await front.actions.keep_in_step()
    assert 2 == len(front.fake.calls("/user/block"))
    await front.actions.unban(front.backend, BEN)
    await front.actions.keep_in_step()
    assert {} == front.fake.state.blocked_until
    assert [] == await front.errands()


async def test_a_new_nickname_is_told_of_who_is_known_there(front: Front) -> None:
    """Who never asked for a key is not."""
    await front.actions.provider_token(front.client("ada"), ADA)
    for client in (ADA, BEN):
        await front.actions.update_profile(front.backend, client, Profile(nickname=f"Miss {client}"))
    await front.actions.keep_in_step()
    assert {"1": "Miss ada"} == front.fake.state.names


async def test_an_app_that_gets_rongcloud_tells_it_everything(front: Front) -> None:
    """Groups that were there before, and who is banned."""
    await front.actions.change_app("annex", settings=msgspec.structs.replace(front.app.settings))
    await front.actions.change_app("hall", settings=front.world.hall.settings)
    await _plain_group(front)
    await front.actions.ban(front.backend, CY)
    await front.actions.keep_in_step()
    assert ({"1"}, {}) == (set(front.fake.state.groups), front.fake.state.blocked_until)
    await front.actions.change_app("hall", settings=front.app.settings)
    await front.actions.keep_in_step()
    assert ({"1", "2"}, {"3"}) == (set(front.fake.state.groups), set(front.fake.state.blocked_until))


async def test_an_app_that_gives_rongcloud_up_tells_it_nothing_more(front: Front) -> None:
    """What was still to be told is forgotten."""
    await _plain_group(front)
    settings = msgspec.structs.replace(front.app.settings, provider=ProviderName.EMBEDDED)
    await front.actions.change_app("hall", settings=settings)
    await front.actions.keep_in_step()
    assert ([], []) == (front.fake.asked, await front.errands())
