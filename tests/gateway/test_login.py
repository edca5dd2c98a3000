"""`login`: who is let in, as whom, and what becomes of the others (wire: platform#login)."""

import base64
from typing import Any

import msgspec
import pytest

from cast import Socket, Town
from gateway.watch import comes_true, quiet, refusal, refused
from parlance.core.actions.tenancy import tokens
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

REFUSED = 1008


def token(app: App, client: str, now: int, lifetime: int = MINUTE) -> str:
    """A token signed with the app's own secret."""
    return tokens.sign(app, ClientId(client), now, now + lifetime)


async def asked(town: Town, **data: Any) -> tuple[Socket, dict[str, Any]]:
    """A new socket that has asked to be let in, and the answer."""
    socket = await town.connect()
    return socket, await socket.request("login", {"app_id": "hall", "client_id": "ada", "device_id": "phone", **data})


async def is_refused(town: Town, code: int, **data: Any) -> None:
    """Ask to be let in, and be turned away with this code and a close."""
    socket, answer = await asked(town, **data)
    assert refused(code) == refusal(answer)
    assert REFUSED == await socket.closed()
    assert [] == list(town.application.hub.everybody())


async def test_a_token_lets_its_client_in(town: Town) -> None:
    """A login with a good token is answered with the server's time, and the client is in."""
    before = town.application.clock.now()
    _, answer = await asked(town, token=town.ada.token)
    assert ("login.success", "success") == (answer["type"], answer["msg"])
    assert before <= answer["data"]["time"] <= town.application.clock.now()
    assert ["ada"] == list(town.application.hub.clients(town.hall.app_id))


async def test_an_answer_without_ref_has_none(town: Town) -> None:
    """A login as the document shows it is answered as the document shows it."""
    socket = await town.connect()
    await socket.send("login", {"device_id": "1", "app_id": "hall", "client_id": "ada", "token": town.ada.token})
    answer = await socket.next("login.success")
    assert {"type", "msg", "data"} == answer.keys()
    assert {"time"} == answer["data"].keys()


async def test_nobody_else_is_told_of_a_login(town: Town) -> None:
    """Other clients and other devices hear nothing of it."""
    ben = await town.log_in(town.ben)
    ada = await town.log_in(town.ada, "laptop")
    await town.log_in(town.ada)
    assert await quiet(ada, ben)


@pytest.mark.parametrize("policy", [Policy.OPEN, Policy.KEY])
async def test_where_no_token_is_asked_for_none_is_needed(town: Town, policy: Policy) -> None:
    """An open app, and one with the policy key, let sockets in as the document does."""
    await town.app("yard", policy)
    _, answer = await asked(town, app_id="yard")
    assert "login.success" == answer["type"]


@pytest.mark.parametrize("policy", [Policy.OPEN, Policy.KEY])
async def test_a_token_that_is_shown_is_checked(town: Town, policy: Policy) -> None:
    """A wrong token is refused even where none is needed."""
    await town.app("yard", policy)
    await is_refused(town, 1, app_id="yard", token="x.y.z")


async def test_without_a_token_the_door_stays_shut(town: Town) -> None:
    """An app with the policy token asks for one."""
    await is_refused(town, 1)


async def test_the_refusal_carries_the_ref_back(town: Town) -> None:
    """A refused login says which request it answers."""
    socket = await town.connect()
    await socket.send("login", {"app_id": "hall", "client_id": "ada", "ref": "first"})
    assert "first" == (await socket.next("error"))["data"]["ref"]


async def test_wrong_tokens_are_refused(town: Town) -> None:
    """A bent signature, another secret, an expired token, one for later, and one without algorithm."""
    now = town.application.clock.now()
    good = town.ada.token
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    none = ".".join([header, good.split(".")[1], ""])
    foreign = msgspec.structs.replace(town.hall, token_secret="somebody else's secret, quite long enough")
    for wrong in (
        good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB"),
        token(foreign, "ada", now),
        token(town.hall, "ada", now - 2 * MINUTE),
        none,
        "",
        "nonsense",
        "." * 1000,
    ):
        await is_refused(town, 1, token=wrong)


async def test_somebody_elses_token_is_refused(town: Town) -> None:
    """Ben's token does not let Ada in."""
    await is_refused(town, 1, token=town.ben.token)


async def test_another_apps_token_is_refused(town: Town) -> None:
    """A token of the annex opens no door in the hall, whoever it names."""
    await is_refused(town, 1, token=town.dora.token, client_id="dora")
    await is_refused(town, 1, token=token(town.annex, "ada", town.application.clock.now()))


async def test_an_unknown_app_is_refused(town: Town) -> None:
    """Where there is no app there is no door."""
    await is_refused(town, 1, app_id="nowhere", token=town.ada.token)
    await is_refused(town, 1, app_id="x" * 100_000, token=town.ada.token)


async def test_the_banned_are_refused(town: Town) -> None:
    """A banned client is told so, with a code of its own."""
    await town.backend.post("/im/users/ada/ban")
    await is_refused(town, 213, token=town.ada.token)


async def test_a_ban_ends_what_is_open(town: Town) -> None:
    """A client that is banned while it is connected is told and let go of, on every device."""
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    await town.backend.post("/im/users/ada/ban")
    for socket in (phone, laptop):
        assert refused(213) == refusal(await socket.next("error"))
        assert REFUSED == await socket.closed()


async def test_after_the_ban_one_may_come_back(town: Town) -> None:
    """Unbanning opens the door again."""
    await town.backend.post("/im/users/ada/ban")
    await town.backend.post("/im/users/ada/unban")
    await town.log_in(town.ada)


@pytest.mark.parametrize("client_id", ["", "a b", "a\tb", "a\u0000b", "a" * 65, "a\u00a0b", "\u2028"])
async def test_impossible_client_ids_are_refused(town: Town, client_id: str) -> None:
    """What can be nobody's id is a wrong format, and the end of the socket."""
    await is_refused(town, 4406, client_id=client_id, token=town.ada.token)


async def test_an_impossible_device_is_refused(town: Town) -> None:
    """A device id is read as a client id is."""
    await is_refused(town, 4406, device_id="x" * 65, token=town.ada.token)


@pytest.mark.parametrize("field", ["app_id", "client_id"])
async def test_what_is_required_is_named(town: Town, field: str) -> None:
    """A login without app or client is refused, and the socket ends."""
    data = {"app_id": "hall", "client_id": "ada", "token": town.ada.token}
    socket = await town.connect()
    answer = await socket.request("login", {name: value for name, value in data.items() if name != field})
    assert refused(4001) == refusal(answer)
    assert field in answer["msg"]
    assert 1008 == await socket.closed()


async def test_a_number_is_its_decimal_string(town: Town) -> None:
    """1111 and "1111" are the same client."""
    await town.app("yard", Policy.OPEN)
    await asked(town, app_id="yard", client_id=1111)
    kicked, _ = await asked(town, app_id="yard", client_id="1111", device_id=7)
    await asked(town, app_id="yard", client_id=1111, device_id="7")
    assert 4409 == await kicked.closed()


async def test_the_profile_is_taken_over(town: Town) -> None:
    """What `ext` says of nickname and avatar is the user's from then on; other words in it are nobody's business."""
    ext = {"nickname": "Ada L.", "avatar": "http://a/b.png", "shoe": 38}
    await asked(town, token=town.ada.token, ext=ext)
    user = (await town.backend.get("/im/users/ada")).data
    assert ("Ada L.", "http://a/b.png") == (user["nickname"], user["avatar"])


async def test_a_profile_of_another_shape_is_passed_over(town: Town) -> None:
    """A nickname that is no text changes nothing."""
    _, answer = await asked(town, token=town.ada.token, ext={"nickname": {"first": "Ada"}, "avatar": 7})
    assert "login.success" == answer["type"]
    assert "" == (await town.backend.get("/im/users/ada")).data["nickname"]


async def test_a_login_creates_its_user(town: Town) -> None:
    """A client nobody has heard of has a user after its login."""
    await asked(town, client_id="eve", token=token(town.hall, "eve", town.application.clock.now()))
    assert "eve" == (await town.backend.get("/im/users/eve")).data["client_id"]


async def test_where_users_are_registered_first_strangers_are_refused(town: Town) -> None:
    """An app may keep to the users that its backend has made."""
    yard = await town.app("yard", Policy.OPEN)
    await town.application.actions.change_app("yard", settings=AppSettings(create_users=False))
    await is_refused(town, 211, app_id="yard", client_id="eve")
    assert [] == (await town.application.actions.list_users(Caller(yard), PageAsked(1, 10))).rows


async def test_before_the_login_nothing_is_done(town: Town) -> None:
    """Every other command is answered with "log in first", carries its ref back, and changes nothing."""
    socket = await town.connect()
    here = {"conv_id": town.group}
    for type_, data in (
        ("msg.send", {**here, "type": -1, "text": "let me in"}),
        ("msg.list", here),
        ("msg.read", {**here, "seq": 1}),
        ("msg.recall", {**here, "msg_id": "0" * 32}),
        ("msg.edit", {**here, "msg_id": "0" * 32, "text": "x"}),
        ("typing", here),
        ("presence", {"client_ids": ["ada"]}),
        ("sync", {}),
        ("conv.join", here),
        ("conv.leave", here),
        ("ping", {}),
        ("logout", {}),
    ):
        answer = await socket.request(type_, data)
        assert refused(1) == refusal(answer)
        assert "log in first" in answer["msg"]
    assert [] == (await town.backend.get(f"/im/conversations/{town.group}/message")).data["data"]
    assert "login.success" == (await socket.request("login", shown(town)))["type"]


def shown(town: Town, client: str = "ada", **more: Any) -> dict[str, Any]:
    """What one of the cast logs in with."""
    return {"app_id": "hall", "client_id": client, "token": getattr(town, client).token, **more}


async def test_what_follows_a_login_in_one_breath_is_done(town: Town) -> None:
    """A client need not wait for the answer to its login before it speaks."""
    ben = await town.log_in(town.ben)
    socket = await town.connect()
    await socket.send("login", shown(town))
    await socket.send("msg.send", {"conv_id": town.group, "type": -1, "text": "in one breath"})
    await socket.next("login.success")
    await socket.next("msg.sent")
    assert "in one breath" == (await ben.next("msg.new"))["data"]["text"]


async def test_what_follows_a_refused_login_is_not_done(town: Town) -> None:
    """What was sent in one breath with a login that is refused has no effect and no answer."""
    ben = await town.log_in(town.ben)
    socket = await town.connect()
    await socket.send("login", {**shown(town), "token": town.ben.token})
    await socket.send("msg.send", {"conv_id": town.group, "type": -1, "text": "in one breath"})
    assert refused(1) == refusal(await socket.next("error"))
    assert REFUSED == await socket.closed()
    assert [] == socket.unread
    assert await quiet(ben)


async def test_a_second_login_replaces_the_first(town: Town) -> None:
    """One connection is one client: after a second login it speaks as the second, and the first is not there."""
    watcher = await town.log_in(town.cy)
    await watcher.request("presence", {"client_ids": ["ada", "ben"]})
    socket = await town.log_in(town.ada)
    assert {"ada": True} == (await watcher.next("presence"))["data"]["clients"]
    assert "login.success" == (await socket.request("login", shown(town, "ben")))["type"]
    assert {"ada": False} == (await watcher.next("presence"))["data"]["clients"]
    assert {"ben": True} == (await watcher.next("presence"))["data"]["clients"]
    ada = await town.log_in(town.ada)
    await socket.request("msg.send", {"conv_id": town.group, "type": -1, "text": "who am I?"})
    assert "ben" == (await ada.next("msg.new"))["data"]["from_client"]


async def test_a_second_login_as_the_same_client_is_not_its_own_rival(town: Town) -> None:
    """A client that logs in again on its own connection is not kicked by itself."""
    socket = await town.log_in(town.ada)
    assert "login.success" == (await socket.request("login", shown(town, device_id="phone")))["type"]
    assert await quiet(socket)


async def test_a_second_login_that_is_refused_ends_the_first(town: Town) -> None:
    """The client of before is gone from the connection, and the connection with it."""
    socket = await town.log_in(town.ada)
    answer = await socket.request("login", {**shown(town), "token": town.ben.token})
    assert refused(1) == refusal(answer)
    assert REFUSED == await socket.closed()
    hub = town.application.hub
    await comes_true(lambda: [] == list(hub.everybody()), "nobody is connected")
