"""`make chaos`: a long run, with everything that happens on the screen and a verdict at the end."""

import argparse
import asyncio
import secrets  # noqa: TID251 - a seed that nobody has chosen
import sys
import tempfile
from pathlib import Path

import pytest

from chaos.play import Length, Outcome, play
from chaos.verdict import shortened
from databases import postgres_server

LARGEST_SEED = 100_000


def main() -> int:
    """0: every promise was kept."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long things fail (600)")
    parser.add_argument("--steps", type=int, help="so many deeds, however long they take")
    parser.add_argument("--seed", type=int, help="of an earlier run: its deeds again, in their order")
    asked = parser.parse_args()
    seed = secrets.randbelow(LARGEST_SEED) if asked.seed is None else asked.seed
    folder = Path(tempfile.mkdtemp(prefix="parlance-chaos-"))
    _say(f"seed {seed}: three servers, everything fails for {asked.seconds:.0f} s")
    try:
        postgres_server()
        outcome = asyncio.run(play(seed, Length(asked.seconds, asked.steps), folder, _say))
    except pytest.skip.Exception as lacking:
        _say(f"this cannot be tried here: it {lacking}")
        return 2
    return report(outcome, folder)


def report(outcome: Outcome, folder: Path) -> int:
    """Say how it went."""
    _say(f"\nseed {outcome.seed}: {len(outcome.steps)} deeds in {outcome.seconds:.0f} s")
    for what, figure in outcome.figures.items():
        _say(f"  {figure:>10,} {what}")
    for remark in shortened(outcome.remarks):
        _say(f"  {remark}")
    if not outcome.complaints:
        _say("nothing was lost or doubled, the sequences are whole, and everybody has everything")
        return 0
    _say(f"\nNOT ALL PROMISES WERE KEPT: {len(outcome.complaints)} complaints")
    for complaint in shortened(outcome.complaints):
        _say(f"  {complaint}")
    (folder / "complaints.txt").write_text("\n".join(outcome.complaints) + "\n")
    (folder / "steps.txt").write_text("\n".join(outcome.steps) + "\n")
    _say(f"\nlogs: {folder}\nagain: make chaos SEED={outcome.seed} ARGS='--steps {len(outcome.steps)}'")
    return 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
