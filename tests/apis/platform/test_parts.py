"""The dialect's page says what the dialect's table serves."""

import re
from pathlib import Path

import parlance.apis.platform
from cast import Town
from parlance.apis.platform.faults import TABLE
from parlance.kernel.faults import FaultCode

FOLDER = Path(parlance.apis.platform.__file__).parent
README = (FOLDER / "README.md").read_text()
NEVER_OVER_REST = {
    FaultCode.NOT_LOGGED_IN,
    FaultCode.UNKNOWN_FILE,
    FaultCode.UNKNOWN_ORGANISATION,
    FaultCode.ALREADY_NOTIFIED,
    FaultCode.PROVIDER_FAILED,
}


def test_every_dialect_has_the_same_parts() -> None:
    """Whoever knows one dialect finds the way in all of them."""
    parts = {path.name for path in FOLDER.iterdir()}
    assert {"README.md", "routes.py", "auth.py", "envelope.py", "faults.py", "ids.py"} <= parts


async def test_the_page_lists_what_is_served(town: Town) -> None:
    """Every address in the table is in the page, and the other way round."""
    written = set(re.findall(r"^\| ([A-Z]+) \| `(/im/[^`]*)` \|", README, re.MULTILINE))
    paths = (await town.bare.get("/openapi.json")).body["paths"]
    served = {(method.upper(), path) for path, methods in paths.items() if path.startswith("/im") for method in methods}
    assert served == written


def test_the_page_lists_every_code() -> None:
    """With its HTTP status and its words."""
    written = {
        (int(code), int(status), words)
        for code, status, words in re.findall(r"^\| (\d+) \| (\d+) \| ([^|]+?) \|", README, re.MULTILINE)
    }
    shown = {(int(how.code), how.status, how.words) for code, how in TABLE.items() if code not in NEVER_OVER_REST}
    assert shown == written
