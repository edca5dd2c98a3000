"""The short form of `make chaos`: everything fails once, and nothing is lost."""

from pathlib import Path

import pytest

from chaos.plan import Deed, Plan
from chaos.play import SERVERS, Length, play
from chaos.verdict import shortened

SEED, STEPS = 2174, 9
"""A seed with which nine deeds do nearly everything that can be done."""
DEEDS = {Deed.KILL, Deed.STOP, Deed.FREEZE, Deed.NATS_DOWN, Deed.POSTGRES_CRASH}

pytestmark = [pytest.mark.needs("nats-server")]


async def test_nothing_is_lost_whatever_fails(tmp_path: Path) -> None:
    """Nothing doubled or out of order either; unread is exact, and everybody ends with everything."""
    outcome = await play(SEED, Length(steps=STEPS), tmp_path)
    assert [] == shortened(outcome.complaints), f"seed {SEED}, {STEPS} steps; logs: {tmp_path}"
    assert outcome.figures["acknowledged"] > 100
    assert outcome.figures["logins"] > outcome.figures["people"]


def test_everything_fails_in_it() -> None:
    """The seed was chosen for that."""
    plan = Plan(SEED, SERVERS)
    assert {step.deed for step in (plan.next() for _ in range(STEPS))} >= DEEDS
