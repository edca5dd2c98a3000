"""The commands within the tests' own process, in a thread: a dozen processes would import everything a dozen times."""

import asyncio
import os
from dataclasses import dataclass

from click.testing import CliRunner

from parlance.cli.main import main

_NOT_OURS = ("PARLANCE_", "LEANCLOUD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


async def run(*words: str, **variables: str) -> Ended:
    """A command from beginning to end."""
    without: dict[str, str | None] = {name: None for name in os.environ if name.upper().startswith(_NOT_OURS)}
    done = await asyncio.to_thread(CliRunner().invoke, main, words, env=without | variables)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)
