"""People: found, banned, thrown out, handed out, forgotten."""

from urllib.parse import quote

from apis.admin.office import HALL, Operator, refusal
from cast import Town
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId


async def test_finding_people(town: Town, ann: Operator) -> None:
    """By a part of their id or of a name, page by page; it is seen who is connected."""
    await town.application.actions.create_user(Caller(town.hall), ClientId("b2"), Profile(nickname="Benedict"))
    await town.log_in(town.ben)
    found = await ann.ask("GET", f"{HALL}/users?q=BEN")
    assert [("b2", False), ("ben", True)] == [(each["client_id"], each["online"]) for each in found["users"]]
    page = await ann.ask("GET", f"{HALL}/users?page=2&size=3")
    assert (1, 4, 2, 2) == (len(page["users"]), page["total"], page["page"], page["pages"])
    assert [] == (await ann.ask("GET", f"{HALL}/users?q=dora"))["users"], "she is of another app"


async def test_somebody_with_devices(town: Town, ann: Operator) -> None:
    """And since when they are connected."""
    await town.log_in(town.ben, "phone")
    await town.log_in(town.ben, "desk")
    shown = await ann.ask("GET", f"{HALL}/users/ben")
    assert [("phone", "platform"), ("desk", "platform")] == [
        (each["device_id"], each["protocol"]) for each in shown["devices"]
    ]
    assert shown["user"]["online"]


async def test_ids_of_any_kind(town: Town, ann: Operator) -> None:
    """Whatever a client id has in it can stand in an address."""
    name = "学生/7?#%2F&x"
    await town.application.actions.create_user(Caller(town.hall), ClientId(name), Profile())
    shown = await ann.ask("GET", f"{HALL}/users/{quote(name, safe='')}")
    assert name == shown["user"]["client_id"]


async def test_ids_that_lead_elsewhere(town: Town, ann: Operator) -> None:
    """What browsers take for a way through the path is written with a space, which ids do not have."""
    for name in (".", ".."):
        await town.application.actions.create_user(Caller(town.hall), ClientId(name), Profile())
        shown = await ann.ask("GET", f"{HALL}/users/%20{name}")
        assert name == shown["user"]["client_id"]
        await ann.ask("PUT", f"{HALL}/users/%20{name}/ban")
        await ann.ask("DELETE", f"{HALL}/users/%20{name}/ban")
    assert (404, "unknown_client") == refusal(await ann.rest.get(f"{HALL}/users/%20ben"))


async def test_a_ban_and_its_end(town: Town, ann: Operator) -> None:
    """The connection ends at once; afterwards she may come back."""
    socket = await town.log_in(town.ben)
    await ann.ask("PUT", f"{HALL}/users/ben/ban")
    await socket.closed()
    assert (await ann.ask("GET", f"{HALL}/users/ben"))["user"]["banned"]
    await ann.ask("DELETE", f"{HALL}/users/ben/ban")
    await town.log_in(town.ben)
    assert [("user.unban", "ben", "done"), ("user.ban", "ben", "done")] == await ann.log("subject=ben")


async def test_one_device_is_thrown_out(town: Town, ann: Operator) -> None:
    """The other stays; without a device all of them go."""
    phone, desk = await town.log_in(town.ben, "phone"), await town.log_in(town.ben, "desk")
    await ann.ask("POST", f"{HALL}/users/ben/kick", {"device_id": "phone"})
    await phone.closed()
    assert ["desk"] == [each["device_id"] for each in (await ann.ask("GET", f"{HALL}/users/ben"))["devices"]]
    await ann.ask("POST", f"{HALL}/users/ben/kick", {})
    await desk.closed()


async def test_all_that_is_kept_is_handed_out(town: Town, ann: Operator) -> None:
    """As one file; that it was is written down."""
    said = [await town.say(text, sender="ben") for text in ("one", "two")]
    await town.say("not his")
    reply = await ann.rest.get(f"{HALL}/users/ben/export")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" == reply.headers["Cache-Control"]
    export = reply.body
    assert ("ben", said) == (export["user"]["client_id"], [each["msg_id"] for each in export["messages"]])
    assert [town.group] == [each["conv_id"] for each in export["conversations"]]
    assert [("user.export", "ben", "done")] == await ann.log("subject=ben")


async def test_somebody_is_forgotten(town: Town, ann: Operator) -> None:
    """What he said is gone, he is out, and stays out."""
    await town.say("one", sender="ben")
    assert {"messages": 1, "files": 0, "conversations": 1} == await ann.ask("DELETE", f"{HALL}/users/ben")
    found = await ann.ask("GET", f"{HALL}/conversations/{town.group}/messages")
    assert [] == found["messages"]
    assert ("", True) == ((user := (await ann.ask("GET", f"{HALL}/users/ben"))["user"])["nickname"], user["banned"])


async def test_nobody_of_that_name(ann: Operator) -> None:
    """Neither a stranger, nor somebody of another app, nor what can be nobody."""
    for method, path in (("GET", ""), ("PUT", "/ban"), ("POST", "/kick"), ("DELETE", ""), ("GET", "/export")):
        for name in ("nobody", "dora", "a%20b"):
            reply = await ann.rest.call(method, f"{HALL}/users/{name}{path}", {})
            assert (404, "unknown_client") == refusal(reply), (method, name, path)
