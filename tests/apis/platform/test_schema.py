"""The live server against its own description: nothing it answers is outside it, and nothing makes it stumble."""

import asyncio
import re
import sys
from pathlib import Path

from cast import Town
from parlance.core.model.app import Policy

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


async def test_the_server_does_as_it_says(town: Town, tmp_path: Path) -> None:
    """About a thousand calls, right and wrong, the same in every run, all answered as described."""
    await town.application.actions.register_app("666666", master_key="master", policy=Policy.OPEN)
    run = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("run", f"{town.base}/openapi.json"),
        *("-H", "app-id: 666666", "-H", "app-key: master"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1"),
        *("--checks", CHECKS, "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    assert 0 == run.returncode, said.decode()
    generated = re.search(r"(\d+) generated", said.decode())
    assert generated is not None
    assert int(generated[1]) > 500
