"""Conversations that those who started them find again, and what LeanCloud's faces say of them."""

import msgspec

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind, NewConversation, unique_id_of
from parlance.core.model.member import PLAIN
from parlance.kernel.ids import AppId, ConvId

UNIQUE = unique_id_of([ADA, BEN, CY])


async def start(
    stage: Stage, kind: Kind = Kind.GROUP, app_id: AppId = HALL, expires_at: int | None = None
) -> Conversation | None:
    """Begin a conversation of Ada, Ben and Cy, if there is none yet."""
    new = NewConversation(app_id, ConvId(stage.ids.uuid()), kind, ADA, stage.clock.now(), 10, expires_at=expires_at)
    async with stage.store.begin() as tx:
        return await tx.conversations.add(msgspec.structs.replace(new, unique_id=UNIQUE))


async def find(stage: Stage, kind: Kind = Kind.GROUP) -> Conversation | None:
    """The one that is found again."""
    return await stage.store.read.conversations.find_unique(HALL, UNIQUE, kind, stage.clock.now())


async def test_it_is_found_again(stage: Stage) -> None:
    """Of its kind, in its app, by nothing else."""
    made = await start(stage)
    assert made is not None
    assert made == await find(stage)
    assert None is await find(stage, Kind.TEMPORARY)
    assert None is await stage.store.read.conversations.find_unique(ANNEX, UNIQUE, Kind.GROUP, stage.clock.now())
    assert None is await stage.store.read.conversations.find_unique(HALL, "other", Kind.GROUP, stage.clock.now())


async def test_there_is_only_one(stage: Stage) -> None:
    """Of each kind and app; nothing is done for a second one."""
    first = await start(stage)
    assert None is await start(stage)
    assert None is not await start(stage, app_id=ANNEX)
    assert None is not await start(stage, Kind.TEMPORARY, expires_at=stage.clock.now() + 10)
    assert first == await find(stage)
    assert [] == await stage.verify()


async def test_what_is_gone_makes_way(stage: Stage) -> None:
    """What was deleted, and what is over though nobody has deleted it yet."""
    first = await start(stage)
    assert first is not None
    await stage.delete(first)
    assert None is await find(stage)
    assert None is not await start(stage)
    brief = await start(stage, Kind.TEMPORARY, expires_at=stage.clock.now() + 10)
    assert brief == await find(stage, Kind.TEMPORARY)
    stage.clock.advance(10)
    assert None is await find(stage, Kind.TEMPORARY)
    again = await start(stage, Kind.TEMPORARY, expires_at=stage.clock.now() + 10)
    assert again is not None
    assert again == await find(stage, Kind.TEMPORARY)


async def test_a_direct_conversation_becomes_a_group(stage: Stage) -> None:
    """With a number, room and an open door; its members stay, its pair may have another."""
    direct = await stage.conversation(Kind.DIRECT, ADA, BEN)
    await stage.say(direct)
    roomy = msgspec.structs.replace(direct, capacity=77, open_door=True)
    async with stage.store.begin() as tx:
        group = await tx.conversations.loosen(roomy, stage.clock.now())
        await tx.members.join(group.id, {CY: PLAIN}, stage.clock.now())
    expected = msgspec.structs.replace(roomy, kind=Kind.GROUP, group_id=1)
    assert expected == group
    found = await stage.store.read.conversations.find(HALL, direct.conv_id, stage.clock.now())
    assert msgspec.structs.replace(expected, last_seq=1, last_message_at=stage.clock.now()) == found
    assert None is await stage.store.read.conversations.find_direct(HALL, (ADA, BEN))
    assert found == await stage.store.read.conversations.find_group(HALL, 1)
    assert None is not await stage.conversation(Kind.DIRECT, ADA, BEN)
    assert [] == await stage.verify()


async def test_it_keeps_its_unique_id_if_that_is_free(stage: Stage) -> None:
    """The first that becomes a group is found by it, a second one is not."""
    loosened = []
    for _ in range(2):
        new = NewConversation(HALL, ConvId(stage.ids.uuid()), Kind.DIRECT, ADA, stage.clock.now(), 2)
        async with stage.store.begin() as tx:
            made = await tx.conversations.add(msgspec.structs.replace(new, direct=(ADA, BEN), unique_id=UNIQUE))
            assert made is not None
            loosened.append(await tx.conversations.loosen(made, stage.clock.now()))
    assert [UNIQUE, None] == [group.unique_id for group in loosened]
    assert loosened[0] == await find(stage)


async def test_columns_and_the_door_are_kept(stage: Stage) -> None:
    """As they were made; columns change with what is said about it."""
    new = NewConversation(HALL, ConvId("c"), Kind.GROUP, ADA, stage.clock.now(), 10, columns='{"n":1}', open_door=True)
    async with stage.store.begin() as tx:
        made = await tx.conversations.add(new)
    assert made is not None
    assert ('{"n":1}', True) == (made.columns, made.open_door)
    assert made == await stage.store.read.conversations.find(HALL, made.conv_id, stage.clock.now())
    for columns in ('{"n":2}', None):
        changed = msgspec.structs.replace(made, columns=columns)
        async with stage.store.begin() as tx:
            await tx.conversations.update(changed)
        assert changed == await stage.store.read.conversations.find(HALL, made.conv_id, stage.clock.now())
