"""Every dialect has the same parts, and a page that says what its table serves and refuses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import parlance.apis
from cast import Town
from parlance.app.config import DIALECTS
from parlance.app.front import _DIALECTS, _admin
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect, Shown

APIS = Path(parlance.apis.__file__).parent
PARTS = {
    "README.md",
    "__init__.py",
    "routes.py",
    "auth.py",
    "desk.py",
    "dialect.py",
    "envelope.py",
    "faults.py",
    "ids.py",
}

STATUS = re.compile(r"[2-5]\d\d")

Row = tuple[int, str, str]
"""HTTP status, what the dialect calls the fault (a code or a key), and its words."""


ALL = {**_DIALECTS, "admin": _admin}


@pytest.fixture(params=sorted(ALL))
def dialect(request: pytest.FixtureRequest, town: Town) -> Dialect:
    """Each of them, and ours for operators."""
    return ALL[request.param](town.application)


def page(dialect: Dialect) -> str:
    """What is written about a dialect."""
    return (APIS / dialect.name / "README.md").read_text(encoding="utf-8")


def test_every_dialect_can_be_switched_off() -> None:
    """Each has a folder, and a name in the configuration."""
    assert set(DIALECTS) == set(_DIALECTS) <= {path.parent.name for path in APIS.glob("*/__init__.py")}


async def test_whoever_knows_one_knows_all(dialect: Dialect) -> None:
    """The same parts under the same names."""
    assert PARTS <= {path.name for path in (APIS / dialect.name).iterdir()}


async def test_the_page_lists_what_is_served(dialect: Dialect) -> None:
    """Every address of the table is in the page, and the other way round; none twice."""
    written = re.findall(r"^\| ([A-Z]+) \| `(/[^`]*)` \|", page(dialect), re.MULTILINE)
    served = [(route.method, route.path) for route in dialect.routes]
    assert sorted(served) == sorted(written)


async def test_the_page_lists_what_is_refused(dialect: Dialect) -> None:
    """Everything that a call may refuse is in the page as it is shown, and nothing that is never shown so."""
    written = set(_written(page(dialect)))
    refused = {
        _row(route.otherwise.get(code) or dialect.shown(code))
        for route in dialect.routes
        for code in (*route.faults, *dialect.common_faults)
    }
    refused |= {_row(dialect.shown(code)) for code in (FaultCode.UNKNOWN_ROUTE, FaultCode.WRONG_METHOD)}
    possible = {_row(dialect.shown(code)) for code in FaultCode}
    possible |= {_row(how) for route in dialect.routes for how in route.otherwise.values()}
    assert set() == refused - written
    assert set() == written - possible


async def test_every_fault_has_a_place(dialect: Dialect) -> None:
    """Nothing that the core refuses leaves a dialect without words."""
    for code in FaultCode:
        how = dialect.shown(code)
        assert 200 <= how.status <= 599
        assert how.words


async def test_what_is_served_is_described(dialect: Dialect, town: Town) -> None:
    """In `/openapi.json`, under tags that are the dialect's own."""
    described = (await town.bare.get("/openapi.json")).body
    own = {tag["name"] for tag in described["tags"] if tag["x-api"] == dialect.name}
    for route in dialect.routes:
        operation = described["paths"][route.path][route.method.lower()]
        assert set(operation["tags"]) <= own


def _row(how: Shown) -> Row:
    return how.status, str(how.code), how.words


def _written(text: str) -> Iterator[Row]:
    for first, second, words in re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|", text, re.MULTILINE):
        # A code that is a number stands before the status, a key behind it.
        if first.isdigit() and STATUS.fullmatch(second):
            yield int(second), first, words
        elif STATUS.fullmatch(first):
            yield int(first), second.strip("`"), words
