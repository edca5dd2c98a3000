"""Regular expressions: what they find, which are refused, and when they are ended."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest

from core.model.where.asking import Row, found, holds
from core.world import refused
from parlance.core.model.where.budget import Budget
from parlance.core.model.where.dialect import spelled
from parlance.core.model.where.patterns import Pattern
from parlance.core.model.where.reading import read_where
from parlance.kernel.clock import StoppedClock, SystemClock
from parlance.kernel.faults import Fault, FaultCode

FOR_EVER = "^(a|aa)+$"
VICTIM = "a" * 60 + "b"


def _finds(pattern: str, text: str, options: str = "") -> bool:
    return Pattern(pattern, options).found_in(text, Budget(SystemClock().monotonic, 60))


@pytest.mark.parametrize(
    ("pattern", "finds", "leaves"),
    [
        (r"\Qa.b\E", "xa.bx", "xaxbx"),
        (r"^\Qa.b\E", "a.bx", "xa.b"),
        (r"\Qa.b\E$", "xa.b", "a.bx"),
        (r"^\Qa.b\E$", "a.b", "a.bx"),
        (r"\Qa\E\\E\Qb\E", r"a\Eb", "ab"),
        (r"\Q[(*\E", "x[(*", "[("),
        (r"\Qnever ended", "is never ended", "ended"),
        (r"[\Q]^\E]x", "]x", "ax"),
        ("abc", "xabcx", "ab"),
        ("中文", "说中文", "中"),
        ("a.c", "abc", "ac"),
        (r"a\.c", "a.c", "abc"),
        ("", "", None),
        ("^(?!.*spam)", "ham", "spam"),
        ("^((?!spam).)*$", "ham", "a spam"),
        (r"(?<n>a)\k<n>", "aa", "ab"),
        (r"(?<n>a)\k{n}", "aa", "ab"),
        (r"\x{4e2d}+", "中中", "文"),
        (r"a{2,3}b", "aab", "ab"),
        (r"a{e}", "a{e}", "a"),
        (r"a\z", "a", "a\n"),
        (r"a\Z", "a\n", "a\nb"),
        ("[^^]a", "xa", "^a"),
        ("[]x]a", "]a", "[a"),
        ("[[:digit:]]a", "1a", ":a"),
        ("[[x]a", "[a", "ba"),
        ("(?i)a", "A", "b"),
        ("(?i:a)b", "Ab", "AB"),
        ("a(?#b)c", "ac", "abc"),
        ("(?>a+)b", "aab", "aac"),
        (r"\d++x", "12x", "x"),
        (r"\p{Han}+x", "中x", "ax"),
        (r"[\P{Han}\d]x", "ax", "中x"),
    ],
)
def test_patterns_mean_what_pcre_says(pattern: str, finds: str, leaves: str | None) -> None:
    r"""Texts between `\Q` and `\E`, classes, groups and escapes are those of PCRE."""
    assert _finds(pattern, finds)
    assert leaves is None or not _finds(pattern, leaves)


@pytest.mark.parametrize(
    ("pattern", "options", "finds", "leaves"),
    [
        (r"\QABC\E", "i", "xabcx", "ab"),
        ("^b$", "m", "a\nb\nc", "abc"),
        ("a.b", "s", "a\nb", "ab"),
        ("a b # says nothing", "x", "ab", "a b"),
        ("^A.B$", "ims", "x\na\nb", "ab"),
    ],
)
def test_options(pattern: str, options: str, finds: str, leaves: str) -> None:
    """Whatever the case, line by line, dots for line feeds, and the free form."""
    assert _finds(pattern, finds, options)
    assert not _finds(pattern, leaves, options)


@pytest.mark.parametrize("text", ["ab", "ab\n"])
def test_the_end_is_before_a_last_line_feed(text: str) -> None:
    """`$` takes the last line feed for the end, in a plain text as in any pattern."""
    for pattern in (r"\Qb\E$", r"^\Qab\E$", "[b]$"):
        assert _finds(pattern, text)


@pytest.mark.parametrize("pattern", [r"\Qtext\E", r"^\Qtext\E", r"\Qtext\E$", "text", r"a\.b", ""])
def test_a_plain_text_is_swift(pattern: str) -> None:
    """What a client makes of `contains` and the like is not even given to the engine."""
    assert read_where({"x": {"$regex": pattern}}).swift
    assert not read_where({"x": {"$regex": pattern, "$options": "i"}}).swift


@pytest.mark.parametrize("pattern", ["a|b", "te.t", "a+", "(a)", "[a]", "a$b", "a^", r"\d", "^a|b", "a?", "(?i)a"])
def test_other_patterns_are_not(pattern: str) -> None:
    """Whatever has a meaning takes the engine."""
    assert not read_where({"x": {"$regex": pattern}}).swift


def test_only_texts_match() -> None:
    """Numbers and objects match nothing; an array matches by its texts."""
    rows: list[Row] = [{"x": "abc"}, {"x": ["-", "abc"]}, {"x": 1}, {"x": {"abc": 1}}, {"x": None}, {}]
    assert rows[:2] == found({"x": {"$regex": "b"}}, *rows)
    assert rows[:2] == found({"x": {"$regex": "B", "$options": "i"}}, *rows)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(",
            ")",
            "[",
            "a**",
            "(?<n>a",
            r"\k<n>",
            "[z-a]",
            "\\",
            r"\y",
            "(?<=a",
            "*a",
            "[:alpha:]",
            "(?P<1>a)",
            r"(a)\g{1}",
        ),
        *("(?e)(abc){e<=1}", "(?V1)a", "(?b)a", "(?r)a", "(?p)a", r"\L<words>", r"\x{110000}"),
        *("(?R)", "a(?0)?", "(a(?1)?b)", "(?<n>a(?&n)?)", "(?P<n>a(?P>n)?)", "(a)(?-1)"),
        *("(" * 51 + ")" * 51, "a" * 1001),
        *("a{10001}", "(?:a{1000}^){11}", "((a{10}){10}b{99}){100}", "[ab]{999999999999}", "(?:.{1000}x){1000,}"),
    ],
)
def test_what_is_no_pattern(pattern: str) -> None:
    """Neither PCRE's own mistakes, nor what only our engine takes, nor what calls itself, nor monsters."""

    def tried() -> None:
        holds({"x": {"$regex": pattern, "$options": "s"}}, {"x": "a"})

    assert FaultCode.BAD_FORMAT is refused(tried)


@pytest.mark.parametrize(
    "pattern", ["a{10000}", "(?:a{1000}^){9}", r"\d{4}(-\d{2}){2}", "(a{0,1000}){0,1000}b", "a+?b*+c"]
)
def test_what_is_repeated_so_often_and_no_oftener(pattern: str) -> None:
    """The engine writes out what is repeated, so all of it together is limited; what may be repeated is not."""
    Pattern(pattern, "i").prepare()


def test_a_bad_pattern_is_found_before_any_row() -> None:
    """Preparing tells, even if there is nothing to look at."""
    where = read_where({"x": {"$regex": "(?<=a", "$options": "i"}})
    assert FaultCode.BAD_FORMAT is refused(where.prepare)


def test_a_search_that_would_not_end_is_ended() -> None:
    """When its time is over, a search is given up, and says why."""
    budget = Budget(SystemClock().monotonic, 0.1)
    pattern = Pattern(FOR_EVER, "")
    began = perf_counter()
    with pytest.raises(Fault) as caught, budget.spent():
        pattern.found_in(VICTIM, budget)
    assert perf_counter() - began < 60
    assert ("where", "the query takes too long") == (caught.value.field, caught.value.reason)


def test_others_run_while_a_search_takes_its_time() -> None:
    """The engine lets go of the interpreter: what else is to be done, is done meanwhile."""
    with ThreadPoolExecutor(1) as aside:
        search = aside.submit(lambda: refused(lambda: _endless(0.5)))
        turns = sum(1 for _ in _turns(search.done))
        assert FaultCode.BAD_FORMAT is search.result()
    assert turns > 1_000


def _endless(seconds: float) -> None:
    budget = Budget(SystemClock().monotonic, seconds)
    with budget.spent():
        Pattern(FOR_EVER, "").found_in(VICTIM, budget)


def _turns(done: Callable[[], bool]) -> Iterator[None]:
    while not done():
        yield


def test_a_budget_is_spent_in_several_goes() -> None:
    """What was spent is gone; what passes in between costs nothing."""
    clock = StoppedClock()
    budget = Budget(clock.monotonic, 1.0)
    with budget.spent():
        clock.advance(400)
        assert 0.6 == pytest.approx(budget.left)
    clock.advance(10_000)
    assert 0.6 == pytest.approx(budget.left)
    with budget.spent():
        clock.advance(600)
        assert FaultCode.BAD_FORMAT is refused(lambda: budget.left)


def test_a_pattern_is_spelled_once_for_the_engine() -> None:
    """The engine's spelling of what it does not know."""
    assert r"a\.b(?P=n)\Z" == spelled(r"\Qa.b\E\k'n'\z").text
