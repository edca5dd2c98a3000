"""The dialect's page says what is served; what every dialect's page has to say is tried for all of them together."""

import re
from pathlib import Path

import parlance.apis.clinic
from apis.clinic.ward import Ward
from parlance.apis.clinic.contents import TYPES
from parlance.apis.clinic.faults import TABLE
from parlance.kernel.faults import FaultCode

README = (Path(parlance.apis.clinic.__file__).parent / "README.md").read_text()


async def test_everything_is_post(ward: Ward) -> None:
    """And what is written about the calls stands under tags of their own."""
    paths = (await ward.bare.get("/openapi.json")).body["paths"]
    own = [
        (method, tag)
        for methods in paths.values()
        for method, operation in methods.items()
        if operation["operationId"].startswith("clinic.")
        for tag in operation["tags"]
    ]
    assert {
        ("post", "Clinic conversations"),
        ("post", "Clinic messages"),
        ("post", "Clinic groups"),
    } == set(own)


def test_the_table_is_total() -> None:
    """Every fault of the core is in it, and no stranger."""
    assert set(FaultCode) == set(TABLE)


def test_a_code_is_its_status_and_two_digits_more() -> None:
    """And one code has one status and one set of words."""
    assert [] == [how for how in TABLE.values() if int(how.code) // 100 != how.status]
    shown = {(how.status, how.code, how.words) for how in TABLE.values()}
    assert len({code for _, code, _ in shown}) == len(shown)


def test_the_page_lists_every_code() -> None:
    """With its HTTP status and its words; none that is never shown."""
    written = {
        (int(code), int(status), words)
        for code, status, words in re.findall(r"^\| (\d+) \| (\d{3}) \| ([^|]+?) \|", README, re.MULTILINE)
    }
    assert {(int(how.code), how.status, how.words) for how in TABLE.values()} == written


def test_the_page_lists_every_type_of_message() -> None:
    """With the number it has elsewhere."""
    written = re.findall(r"^\| (\d) \| \w+ \| [^|]+ \| (-\d) \|", README, re.MULTILINE)
    assert {number: kind.value for number, kind in TYPES.items()} == {int(here): int(there) for here, there in written}
