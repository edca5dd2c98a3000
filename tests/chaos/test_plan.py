"""What is done follows from the seed alone."""

from itertools import islice

from chaos.plan import Deed, Plan, Step

ASLEEP = {Deed.KILL, Deed.STOP, Deed.FREEZE}
AWAKE = {Deed.START, Deed.THAW}


def steps(seed: int, count: int) -> list[Step]:
    """The first so many deeds of a plan for three servers."""
    plan = Plan(seed, 3)
    return list(islice(iter(plan.next, None), count))


def test_a_seed_repeats_a_run() -> None:
    """To the last deed and the last rest; another seed does something else."""
    assert steps(7, 200) == steps(7, 200)
    assert steps(7, 200) != steps(8, 200)


def test_somebody_is_always_awake() -> None:
    """Or there would be nobody to be tried; and whoever is awake can be put to sleep, and the other way round."""
    awake = {0, 1, 2}
    for step in steps(7, 500):
        if step.deed in ASLEEP:
            assert step.server in awake
            awake.discard(step.server)
        elif step.deed in AWAKE and step.server is not None:
            assert step.server not in awake
            awake.add(step.server)
        assert awake


def test_in_the_end_everything_is_whole() -> None:
    """What is down is started, what is frozen thaws; what is well is left alone."""
    plan = Plan(7, 3)
    assert [] == plan.healing()
    for _ in range(50):
        plan.next()
    healed = [step.deed for step in plan.healing()]
    assert {Deed.NATS_UP, Deed.POSTGRES_UP, *AWAKE} >= set(healed)
