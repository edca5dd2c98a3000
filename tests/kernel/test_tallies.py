"""Counting."""

from parlance.kernel.tallies import SECONDS, RequestTally, Spans


def test_spans_fall_between_bounds() -> None:
    """A span up to a bound is counted with it, one longer than all at the end."""
    spans = Spans()
    for seconds in (0.0, 0.001, 0.0011, 5.0, 5.1, 100.0):
        spans.add(seconds)
    assert [2, 1] == spans.counts[:2]
    assert [1, 2] == spans.counts[-2:]
    assert (6, len(SECONDS) + 1) == (sum(spans.counts), len(spans.counts))
    assert 110.1021 == round(spans.total, 4)


def test_requests_are_counted_by_what_they_were() -> None:
    """Dialect, method, route and status; the time by dialect alone."""
    tally = RequestTally()
    for status in (200, 200, 401):
        tally.add("platform", "GET", "/im/users", status, 0.002)
    tally.add("campus", "POST", "/im/group", 200, 0.1)
    assert {
        ("platform", "GET", "/im/users", 200): 2,
        ("platform", "GET", "/im/users", 401): 1,
        ("campus", "POST", "/im/group", 200): 1,
    } == tally.answers
    assert [3, 1] == [sum(tally.spans[dialect].counts) for dialect in ("platform", "campus")]


def test_made_up_methods_are_one() -> None:
    """Nobody grows the tally by inventing methods."""
    tally = RequestTally()
    for number in range(100):
        tally.add("platform", f"M{number}", "/", 405, 0.0)
    assert {("platform", "other", "/", 405): 100} == tally.answers
