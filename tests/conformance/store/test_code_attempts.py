"""Who was wrong about a group's code."""

from conformance.store.stage import ADA, BEN, CY, Stage
from parlance.core.model.conversation import Conversation
from parlance.core.ports.code_attempts import Attempts
from parlance.kernel.clock import DAY
from parlance.kernel.ids import ClientId


async def put(stage: Stage, group: Conversation, attempts: Attempts, client: ClientId = CY) -> None:
    """Keep how a client fared."""
    async with stage.store.begin() as tx:
        await tx.code_attempts.put(group.id, client, attempts, stage.clock.now())


async def test_what_is_put_is_found(stage: Stage) -> None:
    """The latest of it, for that client and that group; everybody else was never wrong."""
    group, other = await stage.group(ADA), await stage.group(ADA)
    await put(stage, group, Attempts(1))
    await put(stage, group, Attempts(2, 77))
    of = stage.store.read.code_attempts.of
    assert [Attempts(2, 77), Attempts(), Attempts()] == [
        await of(group.id, CY),
        await of(group.id, BEN),
        await of(other.id, CY),
    ]


async def test_it_is_forgotten(stage: Stage) -> None:
    """For that client alone."""
    group = await stage.group(ADA)
    await put(stage, group, Attempts(1))
    await put(stage, group, Attempts(2), BEN)
    async with stage.store.begin() as tx:
        await tx.code_attempts.forget(group.id, CY)
        await tx.code_attempts.forget(group.id, ADA)
    of = stage.store.read.code_attempts.of
    assert [Attempts(), Attempts(2)] == [await of(group.id, CY), await of(group.id, BEN)]


async def test_what_is_long_past_is_taken_out(stage: Stage) -> None:
    """With what was deleted; what is of today stays."""
    group = await stage.group(ADA)
    await put(stage, group, Attempts(1))
    stage.clock.advance(DAY)
    await put(stage, group, Attempts(2), BEN)
    async with stage.store.begin() as tx:
        assert 1 == await tx.conversations.purge(stage.clock.now(), 100)
    of = stage.store.read.code_attempts.of
    assert [Attempts(), Attempts(2)] == [await of(group.id, CY), await of(group.id, BEN)]


async def test_it_ends_with_the_group(stage: Stage) -> None:
    """There is no code to be wrong about."""
    group = await stage.group(ADA)
    await put(stage, group, Attempts(1))
    await stage.delete(group)
    assert Attempts() == await stage.store.read.code_attempts.of(group.id, CY)
