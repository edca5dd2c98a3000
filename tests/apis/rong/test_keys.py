"""The key of the real-time service, where this server is that service."""

from apis.rong.parts import answer, shown, uid
from cast import Rest, Town
from parlance.core.actions.tenancy.tokens import sign
from parlance.core.model.app import AppSettings
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import ClientId


async def test_the_key_opens_our_sockets(town: Town) -> None:
    """It is a client token: what RongCloud's would be for RongCloud."""
    _, body = answer(await shown(town, town.ada).get("/api/im/token"))
    socket = await town.connect()
    await socket.send("login", {"app_id": "hall", "client_id": "ada", "token": body["key"]})
    await socket.next("login.success")


async def test_the_key_is_ones_own(town: Town) -> None:
    """Nobody logs in as somebody else with it."""
    _, body = answer(await shown(town, town.ada).get("/api/im/token/"))
    socket = await town.connect()
    await socket.send("login", {"app_id": "hall", "client_id": "ben", "token": body["key"]})
    await socket.next("error")


def signed(town: Town, name: str) -> Rest:
    """A client of `hall` whose token the app's own backend has made, without asking us."""
    now = town.clock.now()
    return town.bare.showing(Authorization=f"Token {sign(town.hall, ClientId(name), now, now + MINUTE)}")


async def test_who_was_never_heard_of(town: Town) -> None:
    """Becomes known by asking, with a number of its own."""
    dan = signed(town, "dan")
    assert 200 == (await dan.get("/api/im/token/")).status
    assert (await uid(town, "dan")) > (await uid(town, "cy"))


async def test_an_app_of_registered_people(town: Town) -> None:
    """Lets nobody else in: a token for somebody it does not know is good, and its owner still nobody."""
    await town.application.actions.change_app("hall", settings=AppSettings(create_users=False))
    await town.application.directory.refresh()
    dan, nobody = signed(town, "dan"), {"userid": ["用户不存在。"]}
    assert (400, nobody) == answer(await dan.get("/api/im/token/"))
    assert (400, nobody) == answer(await dan.post("/api/im/group/", {"name": "a"}))
    assert 200 == (await shown(town, town.ada).get("/api/im/token/")).status
