"""What a server's work leaves in /metrics."""

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from cast import Town

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def samples(town: Town) -> Samples:
    """Every sample of /metrics by name and labels."""
    page = (await town.bare.get("/metrics")).raw.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def requests(found: Samples) -> dict[tuple[str, ...], float]:
    """REST requests by dialect, method, route and status."""
    return {
        tuple(dict(labels)[name] for name in ("dialect", "method", "route", "status")): value
        for (name, labels), value in found.items()
        if name == "parlance_rest_requests_total"
    }


async def test_a_message_is_counted_on_its_whole_road(town: Town) -> None:
    """Frames, the stored message, its batch and its delivery: one each."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    before = await samples(town)
    await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "counted"})
    await ben.next("msg.new")
    after = await samples(town)

    def grown(name: str) -> float:
        return after[f"parlance_{name}", ()] - before[f"parlance_{name}", ()]

    counted = ("frames_in_total", "messages_stored_total", "store_batches_total", "fanout_deliveries_total")
    assert [1, 1, 1, 1] == [grown(name) for name in counted]
    assert 2 == grown("frames_out_total")
    assert 1 == grown("store_commit_seconds_count")
    assert (2, 2) == (after["parlance_connections", ()], after["parlance_connections_logged_in", ()])
    assert 2 == after["parlance_logins_total", ()]


async def test_a_send_that_is_repeated_is_counted_as_one(town: Town) -> None:
    """A `ref` that was there already stores nothing, and is counted as a repetition."""
    said = {"from_client": "ada", "type": -1, "text": "once", "ref": "r1"}
    before = await samples(town)
    for _ in range(2):
        await town.backend.post(f"/im/conversations/{town.group}/message", said)
    after = await samples(town)
    for name in ("parlance_messages_stored_total", "parlance_messages_duplicate_total"):
        assert 1 == after[name, ()] - before[name, ()]


async def test_requests_are_counted_by_the_table_of_routes(town: Town) -> None:
    """A request counts under its dialect and its route, an address nobody has under no dialect and no route."""
    await town.backend.get("/im/users/ada")
    await town.backend.get("/im/users/nobody-has-this-address/at/all")
    found = requests(await samples(town))
    assert 1 == found["platform", "GET", "/im/users/{client_id}", "200"]
    assert 1 == found["none", "GET", "", "404"]


async def test_sockets_are_no_requests(town: Town) -> None:
    """A socket's life is not the time of an answer."""
    socket = await town.log_in(town.ada)
    await socket.ws.close()
    assert not [key for key in requests(await samples(town)) if "/im/socket" in key]


async def test_uploads_are_counted(town: Town) -> None:
    """What is taken in with its bytes, and what is refused."""
    for name, content in (("a.txt", b"some words"), ("a.exe", b"MZ")):
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        await town.backend.call("POST", "/im/file/upload", data=form)
    found = await samples(town)
    names = ("parlance_uploads_total", "parlance_upload_bytes_total", "parlance_uploads_refused_total")
    assert [1, 10, 1] == [found[name, ()] for name in names]
