"""What /metrics shows."""

from prometheus_client.parser import text_string_to_metric_families

from parlance.app.metrics import CONTENT_TYPE, Metrics, Tallies
from parlance.kernel.tallies import SECONDS


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of the page by name and labels."""
    families = text_string_to_metric_families(metrics.rendered().decode())
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value for family in families for each in family.samples
    }


def test_every_metric_is_ours_and_explained() -> None:
    """Each name begins with parlance_, each metric says what it is, each counter starts at 0."""
    page = Metrics(Tallies()).rendered().decode()
    families = list(text_string_to_metric_families(page))
    assert [] == [family.name for family in families if not family.name.startswith("parlance_")]
    assert [] == [family.name for family in families if not family.documentation]
    assert "text/plain" in CONTENT_TYPE


def test_what_is_counted_is_shown_at_the_next_look() -> None:
    """Counting is adding to a number; the page reads it when it is asked for."""
    tallies = Tallies()
    metrics = Metrics(tallies)
    before = samples(metrics)
    tallies.store.messages += 3
    tallies.sockets.connections = 7
    after = samples(metrics)
    assert (0, 3) == (before["parlance_messages_stored_total", ()], after["parlance_messages_stored_total", ()])
    assert 7 == after["parlance_connections", ()]


def test_requests_are_counted_by_dialect_route_and_status() -> None:
    """A route is counted as the table of routes writes it; a method nobody knows is `other`."""
    tallies = Tallies()
    tallies.requests.add("platform", "POST", "/im/users", 200, 0.002)
    tallies.requests.add("platform", "POST", "/im/users", 200, 0.2)
    tallies.requests.add("platform", "BREW", "", 405, 9.0)
    found = samples(Metrics(tallies))
    labels = {"dialect": "platform", "method": "POST", "route": "/im/users", "status": "200"}
    assert 2 == found["parlance_rest_requests_total", tuple(sorted(labels.items()))]
    strange = {"dialect": "platform", "method": "other", "route": "", "status": "405"}
    assert 1 == found["parlance_rest_requests_total", tuple(sorted(strange.items()))]


def test_a_histogram_adds_up() -> None:
    """Each bucket counts what was not longer than its bound; the last one counts all."""
    tallies = Tallies()
    for seconds in (0.0005, SECONDS[0], 0.002, 100.0):
        tallies.store.commits.add(seconds)
    found = samples(Metrics(tallies))
    counts = [found["parlance_store_commit_seconds_bucket", (("le", str(bound)),)] for bound in (*SECONDS, "+Inf")]
    assert [2.0, 3.0] == counts[:2]
    assert 4.0 == counts[-1] == found["parlance_store_commit_seconds_count", ()]
    assert 100.0035 == found["parlance_store_commit_seconds_sum", ()]
    assert counts == sorted(counts)


def test_levels_are_asked_for() -> None:
    """What only somebody else knows is asked for at each look."""
    known = [1]
    metrics = Metrics(Tallies(), {"cached_members": ("Members kept at hand.", lambda: known[0])})
    first = samples(metrics)["parlance_cached_members", ()]
    known[0] = 2
    assert (1, 2) == (first, samples(metrics)["parlance_cached_members", ()])


def test_the_process_and_the_version_are_shown() -> None:
    """An operator sees what runs, and since when."""
    names = {name for name, _ in samples(Metrics(Tallies()))}
    assert {"parlance_build_info", "parlance_process_cpu_seconds_total", "parlance_process_open_fds"} <= names


def test_two_servers_in_one_process_do_not_share() -> None:
    """A registry of its own for each: no global counts."""
    one, other = Tallies(), Tallies()
    one.store.messages = 5
    assert 0 == samples(Metrics(other))["parlance_messages_stored_total", ()]
