"""The repository of conversations: making, finding, changing, ending. Searching has a file of its own."""

import asyncio

import msgspec

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.member import PLAIN
from parlance.kernel.ids import AppId, ConvId


async def find(stage: Stage, conversation: Conversation, ahead: int = 0) -> Conversation | None:
    """Find it, so many milliseconds from now."""
    return await stage.store.read.conversations.find(HALL, conversation.conv_id, stage.clock.now() + ahead)


async def test_a_conversation_is_found_as_it_was_kept(stage: Stage) -> None:
    """Everything about it comes back."""
    new = NewConversation(
        HALL,
        ConvId("c1"),
        Kind.TEMPORARY,
        ADA,
        stage.clock.now(),
        50,
        ext='{"a":1}',
        keep_history=False,
        expires_at=stage.clock.now() + 5,
        name="Tea",
        avatar="t.png",
        description="At four",
    )
    async with stage.store.begin() as tx:
        made = await tx.conversations.add(new)
    assert made is not None
    assert (new.conv_id, Kind.TEMPORARY, False, "At four") == (
        made.conv_id,
        made.kind,
        made.keep_history,
        made.description,
    )
    assert made == await find(stage, made)


async def test_another_app_does_not_see_it(stage: Stage) -> None:
    """An id of one app is unknown in the other, and free there."""
    group = await stage.group(ADA, conv_id="c1")
    assert await stage.store.read.conversations.find(ANNEX, group.conv_id, stage.clock.now()) is None
    elsewhere = await stage.group(ADA, conv_id="c1", app_id=ANNEX)
    assert group.id != elsewhere.id


async def test_several_are_found_at_once(stage: Stage) -> None:
    """Each is its own app's; what is over or was never there is not found."""
    one, two = await stage.group(ADA, conv_id="c1"), await stage.group(ADA, conv_id="c2")
    elsewhere = await stage.group(ADA, conv_id="c1", app_id=ANNEX)
    over = await stage.conversation(Kind.TEMPORARY, ADA, conv_id="c3", expires_at=stage.clock.now())
    asked = [(HALL, "c1"), (ANNEX, "c1"), (HALL, over.conv_id), (HALL, "c2"), (ANNEX, "c2"), (HALL, "c1")]
    find, now = stage.store.read.conversations.find, stage.clock.now()
    found = await asyncio.gather(*(find(app_id, ConvId(conv_id), now) for app_id, conv_id in asked))
    assert [one, elsewhere, None, two, None, one] == found


async def test_a_public_id_is_taken_once(stage: Stage) -> None:
    """Another conversation of the same id is refused, and nothing is done."""
    group = await stage.group(ADA, conv_id="c1")
    async with stage.store.begin() as tx:
        again = NewConversation(HALL, ConvId("c1"), Kind.GROUP, BEN, stage.clock.now(), 9)
        assert await tx.conversations.add(again) is None
    assert group == await find(stage, group)


async def test_a_pair_has_one_direct_conversation(stage: Stage) -> None:
    """It is found by the two; a second one is refused."""
    direct = await stage.conversation(Kind.DIRECT, ADA, BEN)
    assert direct == await stage.store.read.conversations.find_direct(HALL, (ADA, BEN))
    async with stage.store.begin() as tx:
        again = NewConversation(HALL, ConvId("other"), Kind.DIRECT, BEN, stage.clock.now(), 2, direct=(ADA, BEN))
        assert await tx.conversations.add(again) is None
        assert await tx.conversations.find(HALL, ConvId("other"), stage.clock.now()) is None
    assert await stage.store.read.conversations.find_direct(HALL, (ADA, CY)) is None
    assert await stage.store.read.conversations.find_direct(ANNEX, (ADA, BEN)) is None


async def test_what_is_said_about_it_changes(stage: Stage) -> None:
    """An update replaces that, and leaves the sequence alone."""
    group = await stage.group(ADA)
    await stage.say(group)
    changed = msgspec.structs.replace(
        group, ext="{}", name="N", avatar="A", description="D", capacity=7, updated_at=stage.clock.now(), last_seq=99
    )
    async with stage.store.begin() as tx:
        await tx.conversations.update(changed)
    expected = msgspec.structs.replace(changed, last_seq=1, last_message_at=stage.clock.now())
    assert expected == await find(stage, group)


async def test_something_that_belongs_to_it_changes(stage: Stage) -> None:
    """Its time moves forward, never back."""
    group, now = await stage.group(ADA), stage.clock.now()
    for at, expected in ((now, group.updated_at), (now + 2, now + 2), (now + 1, now + 2)):
        async with stage.store.begin() as tx:
            await tx.conversations.date(group.id, at)
        assert msgspec.structs.replace(group, updated_at=expected) == await find(stage, group)


async def test_deletion_makes_it_unknown_and_its_names_free(stage: Stage) -> None:
    """The same pair and the same public id begin anew, with a number never used before."""
    direct = await stage.conversation(Kind.DIRECT, ADA, BEN, conv_id="c1")
    await stage.say(direct)
    await stage.delete(direct)
    assert await find(stage, direct) is None
    assert await stage.store.read.conversations.find_direct(HALL, (ADA, BEN)) is None
    anew = await stage.conversation(Kind.DIRECT, ADA, BEN, conv_id="c1")
    assert (0, True) == (anew.last_seq, anew.id > direct.id)
    assert [] == await stage.seqs(anew)


async def test_after_its_end_it_is_unknown(stage: Stage) -> None:
    """To the millisecond, and it is then named as over until it is deleted."""
    brief = await stage.conversation(Kind.TEMPORARY, ADA, expires_at=stage.clock.now() + 10)
    later = await stage.conversation(Kind.TEMPORARY, ADA, expires_at=stage.clock.now() + 12)
    assert brief == await find(stage, brief, 9)
    assert await find(stage, brief, 10) is None
    over = stage.store.read.conversations.over
    assert [] == await over(stage.clock.now() + 9, 10)
    assert [brief, later] == await over(stage.clock.now() + 12, 10)
    assert [brief] == await over(stage.clock.now() + 12, 1)
    await stage.delete(brief)
    assert [later] == await over(stage.clock.now() + 12, 10)


async def test_members_are_counted(stage: Stage) -> None:
    """Those who are in; a conversation without members is left out."""
    full, empty = await stage.group(ADA, BEN, CY), await stage.group()
    async with stage.store.begin() as tx:
        await tx.members.leave(full.id, [CY], stage.clock.now())
    assert {full.id: 2} == await stage.store.read.conversations.counts([full.id, empty.id])
    assert {} == await stage.store.read.conversations.counts([])


async def test_what_was_deleted_goes_for_good_in_pieces(stage: Stage) -> None:
    """Messages and members go with it, a bounded number at once; what lives is not touched."""
    dead, living = await stage.group(ADA, BEN), await stage.group(ADA)
    for _ in range(5):
        await stage.say(dead)
    await stage.say(living)
    await stage.delete(dead)

    async def purge(before: int) -> int:
        async with stage.store.begin() as tx:
            return await tx.conversations.purge(before, 3)

    assert 0 == await purge(stage.clock.now())
    gone = []
    while rows := await purge(stage.clock.now() + 1):
        gone.append(rows)
    assert ([5, 3], 5 + 2 + 1) == (gone, sum(gone))
    assert [1] == await stage.seqs(living)
    assert {ADA: PLAIN} == await stage.store.read.members.of(living.id)


async def test_all_of_an_app_can_be_gone_through(stage: Stage) -> None:
    """By their public ids, byte by byte; what was deleted or has an end is not among them."""

    async def made(name: str, app_id: AppId = HALL, expires_at: int | None = None) -> Conversation:
        async with stage.store.begin() as tx:
            new = NewConversation(app_id, ConvId(name), Kind.GROUP, ADA, stage.clock.now(), 50, expires_at=expires_at)
            kept = await tx.conversations.add(new)
        assert kept is not None
        return kept

    b, small, z = await made("b"), await made("a"), await made("Z")
    await made("c", expires_at=stage.clock.now() + 5)
    await made("d", ANNEX)
    gone = await made("e")
    async with stage.store.begin() as tx:
        await tx.conversations.delete(gone.id, stage.clock.now())
    following = stage.store.read.conversations.following
    assert [z, small] == await following(HALL, "", 2)
    assert [b] == await following(HALL, "a", 2)
    assert [] == await following(HALL, "b", 2)
