"""Who is connected here."""

import pytest

from parlance.core.model.events import BanChanged, KickedOut, LoggedIn, PresenceChanged, TagTaken
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub
from realtime.parts import Exchange, Phone, app, clients

HALL, ADA, BEN = AppId("hall"), ClientId("ada"), ClientId("ben")


@pytest.fixture
def exchange() -> Exchange:
    """A hub with nobody in it."""
    return Exchange()


def _login(phone: Phone) -> LoggedIn:
    return LoggedIn(phone.caller.app.app_id, phone.client, phone.device_id, phone.number)


def test_the_first_and_the_last_are_known_as_such(exchange: Exchange) -> None:
    """A client comes with its first connection and goes with its last."""
    phones = [exchange.unconnected("ada") for _ in range(3)]
    assert [True, False, False] == [phone.connect() for phone in phones]
    assert {ADA: phones} == exchange.hub.clients(HALL)
    assert [False, False, True] == [exchange.hub.remove(phone, ADA) for phone in phones]
    assert {} == exchange.hub.clients(HALL)


def test_nothing_stays_of_who_has_gone(exchange: Exchange) -> None:
    """Clients, apps and watchers are forgotten with their last connection."""
    for name in ("ada", "ben"):
        phone = exchange.phone(name, of=app(f"app of {name}"))
        exchange.hub.watch(phone, clients(["cy", "eve"]))
        phone.hang_up()
    assert ({}, {}, {}) == (exchange.hub._apps, exchange.hub._watchers, exchange.hub._watched)


def test_apps_do_not_meet(exchange: Exchange) -> None:
    """The same name in two apps is two clients."""
    here, there = exchange.phone("ada"), exchange.phone("ada", of=app("annex"))
    assert [{ADA: [here]}, {ADA: [there]}] == [exchange.hub.clients(AppId(name)) for name in ("hall", "annex")]
    assert {} == exchange.hub.clients(AppId("nowhere"))
    assert [here, there] == list(exchange.hub.everybody())


def test_the_same_device_is_replaced(exchange: Exchange) -> None:
    """The older connection ends, wherever the login is announced; other devices and clients stay."""
    old, tablet, other = exchange.phone("ada", "d1"), exchange.phone("ada", "d2"), exchange.phone("ben", "d1")
    new = exchange.phone("ada", "d1")
    for _ in range(2):
        exchange.hub.heard([_login(new)])
    assert [["replaced"], [], [], []] == [phone.ends for phone in (old, tablet, other, new)]


def test_a_login_elsewhere_replaces_here(exchange: Exchange) -> None:
    """The announcement comes from another server, where the new connection is."""
    old = exchange.phone("ada", "d1")
    exchange.hub.heard([LoggedIn(HALL, ADA, "d1", 99)])
    assert (["replaced"], {}) == (old.ends, exchange.hub.clients(HALL))


def test_a_device_without_a_name_replaces_nothing(exchange: Exchange) -> None:
    """Who does not say which device it is cannot mean another one."""
    first, second = exchange.phone("ada"), exchange.phone("ada")
    exchange.hub.heard([_login(second)])
    assert ([], []) == (first.ends, second.ends)


def test_sixteen_devices_and_no_more(exchange: Exchange) -> None:
    """The seventeenth makes the oldest give way."""
    phones = [exchange.phone("ada", f"d{number}") for number in range(17)]
    assert [["replaced"]] + [[]] * 16 == [phone.ends for phone in phones]
    assert phones[1:] == exchange.hub.clients(HALL)[ADA]


def test_an_app_says_how_many(exchange: Exchange) -> None:
    """One at a time: the newer is not the client's first, so nobody hears that it came online twice."""
    single = app(devices=1)
    first, second = exchange.unconnected("ada", "d1", single), exchange.unconnected("ada", "d2", single)
    assert [True, False] == [first.connect(), second.connect()]
    assert [["replaced"], []] == [first.ends, second.ends]


def test_as_many_give_way_as_are_too_many(exchange: Exchange) -> None:
    """An app that allows fewer than before has its way at the next login."""
    old = [exchange.phone("ada", f"d{number}", app(devices=4)) for number in range(4)]
    newest = exchange.phone("ada", "d4", app(devices=2))
    assert [["replaced"]] * 3 + [[]] == [phone.ends for phone in old]
    assert [old[3], newest] == exchange.hub.clients(HALL)[ADA]


def test_one_device_there_always_is(exchange: Exchange) -> None:
    """A senseless setting does not throw out who has just come."""
    phone = exchange.phone("ada", "d1", app(devices=0))
    assert [] == phone.ends


def test_the_banned_are_shown_out(exchange: Exchange) -> None:
    """All of a client's connections; being let in again, and others, make no difference."""
    phones = [exchange.phone("ada"), exchange.phone("ada"), exchange.phone("ben")]
    namesake = exchange.phone("ada", of=app("annex"))
    exchange.hub.heard([BanChanged(HALL, ADA, banned=False), PresenceChanged(HALL, ADA, online=True)])
    assert [[], [], []] == [phone.ends for phone in phones]
    exchange.hub.heard([BanChanged(HALL, ADA, banned=True), BanChanged(HALL, ClientId("nobody"), banned=True)])
    assert [["banned"], ["banned"], [], []] == [phone.ends for phone in (*phones, namesake)]


def test_a_tag_has_one_device(exchange: Exchange) -> None:
    """Whoever held it on another device gives way; other tags, who has none, and other clients stay."""
    holders = (("d1", "pc"), ("d2", "pc"), ("d1", "tv"), ("d1", None))
    phones = [exchange.phone("ada", device, tag=tag) for device, tag in holders]
    ben, new = exchange.phone("ben", "d1", tag="pc"), exchange.phone("ada", "d2", tag="pc")
    exchange.hub.heard([TagTaken(HALL, ADA, "pc", "d2", new.number)])
    assert [["displaced"], [], [], [], [], []] == [phone.ends for phone in (*phones, ben, new)]


def test_who_is_kicked_goes_everywhere(exchange: Exchange) -> None:
    """All of a client's connections, with the app's words; nobody else's."""
    phones = [exchange.phone("ada"), exchange.phone("ada", tag="pc"), exchange.phone("ben")]
    exchange.hub.heard([KickedOut(HALL, ADA, "moderated")])
    assert [["kicked: moderated"], ["kicked: moderated"], []] == [phone.ends for phone in phones]


def test_watching_is_for_some(exchange: Exchange) -> None:
    """Each connection watches whom it named last, and nobody else."""
    first, second = exchange.phone("ada"), exchange.phone("ben")
    hub = exchange.hub
    hub.watch(first, clients(["cy", "eve"]))
    hub.watch(second, clients(["cy"]))
    assert [(first, second), (first,), ()] == [
        tuple(hub.watchers(HALL, client)) for client in clients(["cy", "eve", "bob"])
    ]
    hub.watch(first, clients(["bob"]))
    assert [(second,), (), (first,)] == [tuple(hub.watchers(HALL, client)) for client in clients(["cy", "eve", "bob"])]
    hub.watch(second, ())
    assert () == hub.watchers(HALL, ClientId("cy"))


def test_watching_stays_within_an_app(exchange: Exchange) -> None:
    """Nobody is told of another app's clients."""
    phone = exchange.phone("ada")
    exchange.hub.watch(phone, clients(["cy"]))
    assert () == exchange.hub.watchers(AppId("annex"), ClientId("cy"))


def test_everybody_can_be_ended_while_counted(exchange: Exchange) -> None:
    """Whoever goes through all connections may end them on the way."""
    phones = [exchange.phone(name) for name in ("ada", "ada", "ben")]
    for connection in exchange.hub.everybody():
        connection.banned()
    assert [["banned"]] * 3 == [phone.ends for phone in phones]
    assert [] == list(Hub().everybody())
