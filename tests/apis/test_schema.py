"""The live server against its own description: nothing it answers is outside it, and nothing makes it stumble."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from cast import Town
from parlance.app.config import DIALECTS
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.kernel.ids import ClientId

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
BY_TOKEN = {"rong"}
"""The dialects in which only clients speak."""


@pytest.mark.parametrize("name", [*DIALECTS, "server"])
async def test_the_server_does_as_it_says(town: Town, tmp_path: Path, name: str) -> None:
    """Hundreds of calls to each dialect, right and wrong, the same in every run, all answered as described."""
    actions = town.application.actions
    app = await actions.register_app("666666", master_key="master", policy=Policy.OPEN)
    token = (await actions.issue_token(Caller(app), ClientId("lili"))).token
    shown = f"Authorization: Token {token}" if name in BY_TOKEN else "app-key: master"
    run = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("run", f"{town.base}/openapi.json", "--include-operation-id-regex", rf"^{name}\."),
        *("-H", "app-id: 666666", "-H", shown),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1"),
        *("--checks", CHECKS, "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    assert 0 == run.returncode, said.decode()
    generated = re.search(r"(\d+) generated", said.decode())
    assert generated is not None
    assert int(generated[1]) > (200 if name in DIALECTS else 20)
