"""The repository of operators, their sessions, and who was wrong about passwords."""

from conformance.store.stage import Stage
from parlance.core.model.operator import Failures, Operator, OperatorSession

ANN = Operator("ann", "hashed", 1, 1)


async def test_an_operator_is_kept(stage: Stage) -> None:
    """And given another password; nobody else is touched."""
    async with stage.store.begin() as tx:
        await tx.operators.put(ANN)
        await tx.operators.put(Operator("bob", "other", 1, 1))
        await tx.operators.put(Operator("ann", "new", 2, 2))
    assert [Operator("ann", "new", 1, 2), Operator("bob", "other", 1, 1)] == await stage.store.read.operators.all()
    assert await stage.store.read.operators.find("cy") is None


async def test_an_operator_goes_with_its_sessions(stage: Stage) -> None:
    """Once."""
    session = OperatorSession("hash", "ann", 1, 9, one_time=True)
    async with stage.store.begin() as tx:
        await tx.operators.put(ANN)
        await tx.operators.add_session(session)
    assert session == await stage.store.read.operators.session("hash")
    async with stage.store.begin() as tx:
        assert await tx.operators.remove("ann")
        assert not await tx.operators.remove("ann")
        assert not await tx.operators.end_session("hash")
    assert await stage.store.read.operators.session("hash") is None


async def test_what_is_old_is_tidied_away(stage: Stage) -> None:
    """Sessions that are over, and failures that nobody remembers."""
    async with stage.store.begin() as tx:
        for name, ends in (("over", 5), ("on", 6)):
            await tx.operators.add_session(OperatorSession(name, "ann", 1, ends))
        for subject, at in (("old", 2), ("new", 3)):
            await tx.operators.put_failures(subject, Failures(1, 0), at)
        await tx.operators.tidy(5, 3, 0, 9)
        assert {"new": Failures(1, 0)} == await tx.operators.failures(["old", "new"])
    assert [None, "on"] == [
        session and session.token
        for session in [await stage.store.read.operators.session(name) for name in ("over", "on")]
    ]


async def test_more_failures_than_there_is_room_for(stage: Stage) -> None:
    """The oldest go."""
    async with stage.store.begin() as tx:
        for at in range(5):
            await tx.operators.put_failures(f"of {at}", Failures(1, 0), at)
        await tx.operators.tidy(0, 0, 0, 5)
        assert 5 == len(await tx.operators.failures([f"of {at}" for at in range(5)]))
        await tx.operators.tidy(0, 0, 0, 1)
        assert {"of 3", "of 4"} == set(await tx.operators.failures([f"of {at}" for at in range(5)]))


async def test_where_an_operator_comes_from(stage: Stage) -> None:
    """Until it is too long ago, or there is no such operator any more."""
    operators = stage.store.read.operators
    async with stage.store.begin() as tx:
        await tx.operators.put(ANN)
        for at, network in ((1, "home"), (2, "cafe"), (3, "home")):
            await tx.operators.came_from("ann", network, at)
        await tx.operators.came_from("bob", "home", 9)
    assert [True, False, True] == [
        await operators.comes_from("ann", *asked) for asked in (("home", 3), ("home", 4), ("cafe", 2))
    ]
    async with stage.store.begin() as tx:
        await tx.operators.tidy(0, 0, 3, 9)
    assert [True, False] == [await operators.comes_from("ann", network, 0) for network in ("home", "cafe")]
    async with stage.store.begin() as tx:
        await tx.operators.remove("ann")
    assert [False, True] == [await operators.comes_from(name, "home", 0) for name in ("ann", "bob")]


async def test_failures_are_replaced_and_forgotten(stage: Stage) -> None:
    """One by one."""
    async with stage.store.begin() as tx:
        for wrong in (1, 2):
            await tx.operators.put_failures("a", Failures(wrong, wrong), wrong)
        await tx.operators.put_failures("b", Failures(1, 0), 1)
        assert {"a": Failures(2, 2), "b": Failures(1, 0)} == await tx.operators.failures(["a", "b", "c"])
        await tx.operators.forget_failures(["a"])
        assert {"b": Failures(1, 0)} == await tx.operators.failures(["a", "b"])


async def test_all_of_somebody_s_sessions_end(stage: Stage) -> None:
    """And nobody else's."""
    async with stage.store.begin() as tx:
        for name in ("ann", "bob"):
            await tx.operators.add_session(OperatorSession(name, name, 1, 9))
        await tx.operators.end_sessions("ann")
    assert await stage.store.read.operators.session("ann") is None
    assert await stage.store.read.operators.session("bob") is not None


async def test_the_size_of_the_database(stage: Stage) -> None:
    """It has one, and a name."""
    assert await stage.store.size() > 0
    assert stage.store.database in {"SQLite", "PostgreSQL"}
