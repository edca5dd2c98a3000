"""Many devices of one client: which stay, and which give way (wire: platform#login)."""

from cast import Socket, Town
from gateway.watch import quiet
from parlance.core.model.app import AppSettings, Policy

KICKED = 4409


async def at_home(town: Town, device: str | None, client: str = "1111", app_id: str = "yard") -> Socket:
    """A client of an open app, logged in from a device, or without saying from which."""
    socket = await town.connect()
    data = {"app_id": app_id, "client_id": client}
    await socket.request("login", data if device is None else {**data, "device_id": device})
    return socket


async def test_the_same_device_replaces_itself(town: Town) -> None:
    """The older connection of a device is told, closed, and gets nothing more; the newer one stays."""
    older = await town.log_in(town.ada)
    newer = await town.log_in(town.ada)
    kick = await older.next("logout.kick")
    assert {"type", "msg", "data"} == kick.keys()
    assert {} == kick["data"]
    assert KICKED == await older.closed()
    await town.say("for the newer", sender="ben")
    assert "for the newer" == (await newer.next("msg.new"))["data"]["text"]
    assert [] == older.unread


async def test_a_kick_is_not_an_absence(town: Town) -> None:
    """Whoever watches the client sees no going and coming when a device replaces itself."""
    watcher = await town.log_in(town.ben)
    await town.log_in(town.ada)
    await watcher.request("presence", {"client_ids": ["ada"]})
    await (await at_home_of(town)).next("pong")
    assert await quiet(watcher)


async def at_home_of(town: Town) -> Socket:
    """Ada's phone once more, and a ping on its way."""
    socket = await town.log_in(town.ada)
    await socket.send("ping")
    return socket


async def test_other_devices_stay(town: Town) -> None:
    """Another device of the same client, and the same device of another client, are not touched."""
    laptop, ben = await town.log_in(town.ada, "laptop"), await town.log_in(town.ben)
    await town.log_in(town.ada)
    await town.log_in(town.ada)
    assert await quiet(laptop, ben)


async def test_the_same_ids_in_another_app_are_others(town: Town) -> None:
    """A client and a device of the same names in another app have nothing to do with it."""
    await town.app("yard", Policy.OPEN)
    await town.app("field", Policy.OPEN)
    first = await at_home(town, "phone", app_id="yard")
    await at_home(town, "phone", app_id="field")
    assert await quiet(first)


async def test_who_names_no_device_replaces_nobody(town: Town) -> None:
    """Without a device id nobody can tell that it is the same device: both stay."""
    await town.app("yard", Policy.OPEN)
    first, second = await at_home(town, None), await at_home(town, None)
    assert await quiet(first, second)


async def test_the_seventeenth_device_sends_the_oldest_away(town: Town) -> None:
    """A client has at most sixteen devices: the oldest gives way, the others stay."""
    devices = [await town.log_in(town.ada, f"device-{number}") for number in range(17)]
    await devices[0].next("logout.kick")
    assert KICKED == await devices[0].closed()
    assert await quiet(*devices[1:])


async def test_an_app_may_allow_fewer(town: Town) -> None:
    """How many devices a client may have is the app's to say."""
    await town.app("yard", Policy.OPEN)
    await town.application.actions.change_app("yard", settings=AppSettings(devices_per_client=1))
    phone = await at_home(town, "phone")
    laptop = await at_home(town, "laptop")
    assert KICKED == await phone.closed()
    assert await quiet(laptop)
