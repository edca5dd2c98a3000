"""The dialect's page says what the dialect's table serves."""

import re
from pathlib import Path

import parlance.apis.clinic
from apis.clinic.ward import Ward
from parlance.apis.clinic.contents import TYPES
from parlance.apis.clinic.faults import TABLE
from parlance.kernel.faults import FaultCode

FOLDER = Path(parlance.apis.clinic.__file__).parent
README = (FOLDER / "README.md").read_text()


def test_every_dialect_has_the_same_parts() -> None:
    """Whoever knows one dialect finds the way in all of them."""
    parts = {path.name for path in FOLDER.iterdir()}
    assert {"README.md", "routes.py", "auth.py", "envelope.py", "faults.py", "ids.py"} <= parts


async def test_the_page_lists_what_is_served(ward: Ward) -> None:
    """Every address in the table is in the page, and the other way round; all of them are POST."""
    written = set(re.findall(r"^\| ([A-Z]+) \| `(/im/[^`]*)` \|", README, re.MULTILINE))
    paths = (await ward.bare.get("/openapi.json")).body["paths"]
    served = {
        (method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation["operationId"].startswith("clinic.")
    }
    assert served == written
    assert {"POST"} == {method for method, _ in served}


async def test_the_calls_have_tags_of_their_own(ward: Ward) -> None:
    """So that the pages of the API show them together."""
    described = (await ward.bare.get("/openapi.json")).body
    tags = {tag["name"] for tag in described["tags"] if tag["x-api"] == "clinic"}
    assert {"Clinic conversations", "Clinic messages", "Clinic groups"} == tags


def test_the_table_is_total() -> None:
    """Every fault of the core is in it, and no stranger."""
    assert set(FaultCode) == set(TABLE)


def test_a_code_is_its_status_and_two_digits_more() -> None:
    """And one code has one status and one set of words."""
    assert [] == [how for how in TABLE.values() if int(how.code) // 100 != how.status]
    assert len({how.code for how in TABLE.values()}) == len(set(TABLE.values()))


def test_the_page_lists_every_code() -> None:
    """With its HTTP status and its words."""
    written = {
        (int(code), int(status), words)
        for code, status, words in re.findall(r"^\| (\d+) \| (\d{3}) \| ([^|]+?) \|", README, re.MULTILINE)
    }
    assert {(int(how.code), how.status, how.words) for how in TABLE.values()} == written


def test_the_page_lists_every_type_of_message() -> None:
    """With the number it has elsewhere."""
    written = re.findall(r"^\| (\d) \| \w+ \| [^|]+ \| (-\d) \|", README, re.MULTILINE)
    assert {number: kind.value for number, kind in TYPES.items()} == {int(here): int(there) for here, there in written}
