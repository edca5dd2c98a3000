"""The repository of restrictions: who may not speak in a conversation, or not come in."""

import asyncio

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.member import PLAIN
from parlance.core.model.restriction import FOREVER, FREE, Listed, Restraint, Restriction
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import NotInTransactionError

SILENCED = Restriction(silenced_until=FOREVER)
BLOCKED = Restriction(blocked=True)


async def test_who_is_restricted_is_known_member_or_not(stage: Stage) -> None:
    """With both restraints, or one; who is free is not in the list."""
    group = await stage.group(ADA, BEN)
    both = Restriction(silenced_until=7, blocked=True)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, {BEN: SILENCED, CY: both, ADA: FREE}, stage.clock.now(), ADA)
    assert {BEN: SILENCED, CY: both} == await stage.store.read.restrictions.of(group.id)
    assert {} == await stage.store.read.restrictions.of(group.id + 1)


async def test_what_was_put_last_holds(stage: Stage) -> None:
    """A restriction is replaced whole, and lifted by being free."""
    group = await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, {BEN: SILENCED, CY: BLOCKED}, stage.clock.now(), ADA)
        await tx.restrictions.put(group.id, {BEN: BLOCKED, CY: FREE}, stage.clock.now(), None)
    assert {BEN: BLOCKED} == await stage.store.read.restrictions.of(group.id)


async def test_a_reader_restricts_nobody(stage: Stage) -> None:
    """It takes a transaction."""
    group = await stage.group(ADA)
    with pytest.raises(NotInTransactionError):
        await stage.store.read.restrictions.put(group.id, {BEN: BLOCKED}, stage.clock.now(), ADA)


async def test_members_and_restrictions_come_together(stage: Stage) -> None:
    """Everybody who is in, and everybody who is restricted."""
    group, quiet = await stage.group(ADA, BEN), await stage.group(ADA)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, {BEN: SILENCED, CY: BLOCKED}, stage.clock.now(), ADA)
        assert ({ADA: PLAIN, BEN: PLAIN}, {BEN: SILENCED, CY: BLOCKED}) == await tx.members.with_restrictions(group.id)
    members = stage.store.read.members
    assert ({ADA: PLAIN}, {}) == await members.with_restrictions(quiet.id)


async def test_several_are_asked_for_at_once(stage: Stage) -> None:
    """Each has its own answer; who is in none is not in another."""
    group, quiet = await stage.group(ADA, BEN), await stage.group(CY)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, {BEN: SILENCED, CY: BLOCKED}, stage.clock.now(), ADA)
    asked = (quiet.id, group.id, quiet.id + 100, group.id)
    found = await asyncio.gather(*(stage.store.read.members.with_restrictions(one) for one in asked))
    both = ({ADA: PLAIN, BEN: PLAIN}, {BEN: SILENCED, CY: BLOCKED})
    assert [({CY: PLAIN}, {}), both, ({}, {}), both] == found


async def test_whom_a_restraint_concerns_is_listed_page_by_page(stage: Stage) -> None:
    """By client id; a silence that ends by itself is in no list."""
    group = await stage.group(ADA)
    crowd = [ClientId(f"guest{number}") for number in range(5)]
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, dict.fromkeys(crowd, BLOCKED), stage.clock.now(), ADA)
        await tx.restrictions.put(group.id, {BEN: SILENCED, CY: Restriction(FOREVER - 1)}, stage.clock.now(), ADA)
    page = stage.store.read.restrictions.page
    assert Listed((crowd[0], crowd[1]), crowd[1]) == await page(group.id, Restraint.BLOCKED, None, 2)
    assert Listed((crowd[2], crowd[3]), crowd[3]) == await page(group.id, Restraint.BLOCKED, crowd[1], 2)
    assert Listed((crowd[4],)) == await page(group.id, Restraint.BLOCKED, crowd[3], 2)
    assert Listed(()) == await page(group.id, Restraint.BLOCKED, crowd[4], 2)
    assert Listed((BEN,)) == await page(group.id, Restraint.SILENCED, None, 1)


async def test_which_conversations_keep_a_client_out(stage: Stage) -> None:
    """By their public ids; not those that are gone, and only of its app."""
    first, second, gone = [await stage.group(ADA, conv_id=name) for name in ("a", "b", "c")]
    other = await stage.group(ADA, app_id=ANNEX)
    async with stage.store.begin() as tx:
        for group in (first, second, gone, other):
            await tx.restrictions.put(group.id, {BEN: BLOCKED}, stage.clock.now(), ADA)
        await tx.restrictions.put(second.id, {CY: SILENCED}, stage.clock.now(), ADA)
    await stage.delete(gone)
    blocking = stage.store.read.restrictions.blocking
    assert [first.conv_id, second.conv_id] == await blocking(HALL, BEN, None, 10)
    assert [first.conv_id] == await blocking(HALL, BEN, None, 1)
    assert [second.conv_id] == await blocking(HALL, BEN, first.conv_id, 10)
    assert [] == await blocking(HALL, CY, None, 10)


async def test_restrictions_go_with_their_conversation(stage: Stage) -> None:
    """When it is taken out for good."""
    group = await stage.group(ADA)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(group.id, {BEN: BLOCKED, CY: SILENCED}, stage.clock.now(), ADA)
    await stage.delete(group)
    stage.clock.advance(1_000)
    purged: list[int] = []
    while not purged or purged[-1]:
        async with stage.store.begin() as tx:
            purged.append(await tx.conversations.purge(stage.clock.now(), 1))
    assert {} == await stage.store.read.restrictions.of(group.id)
    assert 4 == sum(purged)
