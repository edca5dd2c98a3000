"""Files, deliveries, the log, and the servers."""

import aiohttp
import msgspec
import pytest

from apis.admin.office import HALL, Operator, arrived, refusal
from cast import SERVERS, Town
from parlance.apis.admin.auth import SAFE_METHODS
from parlance.apis.admin.routes import LOGGED, NAMES, table
from parlance.core.actions.people.ban import Ban
from parlance.core.model.delivery import DeliveryState


async def test_a_file_is_listed_and_deleted(town: Town, ann: Operator) -> None:
    """With all that the app's files weigh together; afterwards its address leads nowhere."""
    form = aiohttp.FormData()
    form.add_field("file", b"hello", filename="<b>hello</b>.txt")
    assert 200 == (await town.ada.rest.post("/im/file/upload", data=form)).status
    found = await ann.ask("GET", f"{HALL}/files")
    [file] = found["files"]
    assert (1, 5, "ada") == (found["total"], found["bytes"], file["uploader"])
    assert 200 == (await town.bare.get(file["path"])).status
    await ann.ask("DELETE", f"{HALL}/files", {"key": file["key"]})
    assert 404 == (await town.bare.get(file["path"])).status
    assert (404, "unknown_file") == refusal(await ann.rest.delete(f"{HALL}/files", {"key": file["key"]}))
    assert [] == (await ann.ask("GET", f"{HALL}/files"))["files"]
    assert ["file.list", "file.delete", "file.delete", "file.list"] == [
        each[0] for each in await ann.log("action=file.")
    ]


async def test_deliveries_and_their_second_life(town: Town, ann: Operator) -> None:
    """Newest first, by what became of them; one or many are told again."""
    actions = town.application.actions
    # Nobody listens there: what is told dies, as if it had been tried for days.
    settings = msgspec.structs.replace(town.hall.settings, hook_url="http://127.0.0.1:9", keep_events=True)
    await actions.change_app("hall", settings=settings)
    await town.application.directory.refresh()
    for text in ("one", "two"):
        await town.say(text)
    async with town.application.store.begin() as tx:
        await tx.deliveries.bury_all(town.hall.app_id, "gave up")
    dead = await ann.ask("GET", f"{HALL}/deliveries?state=dead&limit=1")
    assert (["receivers.offline"], True) == ([each["event"] for each in dead["deliveries"]], dead["more"])
    newest = dead["deliveries"][0]["id"]
    older = await ann.ask("GET", f"{HALL}/deliveries?state=dead&before={newest}")
    assert 1 <= len(older["deliveries"])
    assert {"count": 1} == await ann.ask("POST", f"{HALL}/deliveries/{newest}/replay")
    assert {"count": 0} == await ann.ask("POST", f"{HALL}/deliveries/{newest}/replay")
    for span in ({"end": -1}, {"start": 1 << 99}):
        assert {"count": 0} == await ann.ask("POST", f"{HALL}/deliveries/replay", span)
    many = await ann.ask("POST", f"{HALL}/deliveries/replay", {"only_dead": True, "end": 1 << 99})
    assert len(older["deliveries"]) == many["count"]
    assert [] == (await ann.ask("GET", f"{HALL}/deliveries?state=dead"))["deliveries"]
    assert (404, "unknown_route") == refusal(await ann.rest.post(f"{HALL}/deliveries/x/replay"))
    assert (400, "bad_format") == refusal(await ann.rest.get(f"{HALL}/deliveries?before=x"))
    assert DeliveryState.WAITING == (await actions.list_deliveries(town.hall.app_id))[0].state


async def test_the_log_is_read_page_by_page(town: Town, ann: Operator) -> None:
    """By who, by what, by whose."""
    bob = await arrived(town, "bob")
    for client in ("ada", "ben", "cy"):
        await bob.ask("PUT", f"{HALL}/users/{client}/ban")
    await ann.rest.put("/admin/apps/annex/users/nobody/ban")
    page = await ann.ask("GET", "/admin/audit?limit=2")
    assert (["nobody", "cy"], True) == ([each["subject"] for each in page["entries"]], page["more"])
    older = f"before={page['entries'][-1]['id']}&action=user."
    assert [("user.ban", "ben", "done"), ("user.ban", "ada", "done")] == await ann.log(older)
    assert [("user.ban", "nobody", "unknown_client")] == await ann.log("operator=ann&action=user.ban")
    assert [("user.ban", "nobody", "unknown_client")] == await ann.log("app_id=annex")
    assert (400, "bad_format") == refusal(await ann.rest.get("/admin/audit?before=x"))
    assert NAMES == page["actions"]


async def test_a_bug_of_ours_is_in_the_log(town: Town, ann: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """As such, and without a word about it."""

    async def broken(*_words: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Ban, "__call__", broken)
    assert (500, "internal") == refusal(await ann.rest.put(f"{HALL}/users/ben/ban"))
    [entry] = (await ann.ask("GET", "/admin/audit?action=user.ban"))["entries"]
    assert ("internal", "") == (entry["outcome"], entry["detail"])


async def test_what_changes_something_is_in_the_log(town: Town) -> None:
    """Nobody can add a call that is not, and every name there is one of a call."""
    routes = table(town.application.actions)
    changing = {(route.method, route.path) for route in routes if route.method not in SAFE_METHODS and not route.public}
    assert changing <= set(LOGGED) <= {(route.method, route.path) for route in routes}


async def test_how_the_servers_are(town: Town, ann: Operator) -> None:
    """Each by itself, with samples that grow, and the size of the database."""
    socket = await town.log_in(town.ben)
    await town.application.figures.take()
    await town.say("one")
    await socket.next("msg.new")
    await town.application.figures.take()
    found = await ann.ask("GET", "/admin/servers")
    assert (SERVERS, 0) == (len(found["servers"]), found["silent"])
    if SERVERS > 1:
        # Who is with which of them is chance; each by itself is tried in tests/cluster.
        return
    [server] = found["servers"]
    # One more may have been taken since, of a moment in which nobody said anything.
    sample = next(each for each in reversed(server["samples"]) if each["messages"])
    assert (1, 1) == (sample["connections"], sample["clients"])
    assert sample["commit_most"] >= sample["commit_half"] > 0
    assert server["database_bytes"] > 0
    assert sample["memory"] > 1_000_000


async def test_an_app_s_key_opens_nothing(town: Town) -> None:
    """Operators have credentials of their own."""
    for path in ("/admin/servers", "/admin/audit", f"{HALL}/users", f"{HALL}/files"):
        assert (401, "not_logged_in") == refusal(await town.backend.get(path)), path
