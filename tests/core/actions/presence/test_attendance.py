"""How many are here, and how many were today."""

from parlance.core.actions.presence.attendance import Attendance, Attended
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.events import PresenceChanged
from parlance.kernel.clock import DAY, StoppedClock
from parlance.kernel.ids import AppId, ClientId

HALL, ANNEX = AppId("hall"), AppId("annex")


def asking(app_id: AppId) -> Caller:
    """An app's backend."""
    return Caller(App(app_id, "", "", "", "", Policy.TOKEN, AppSettings(), 0, 0))


def moved(client: str, app_id: AppId = HALL, *, online: bool) -> PresenceChanged:
    """Somebody came or went."""
    return PresenceChanged(app_id, ClientId(client), online)


def test_each_is_counted_once() -> None:
    """However often it comes and goes; other apps' people are theirs."""
    attendance = Attendance(StoppedClock())
    attendance.heard([moved("ada", online=True), moved("ben", online=True), moved("cy", ANNEX, online=True)])
    attendance.heard([moved("ben", online=False), moved("ben", online=True), moved("ben", online=False)])
    assert Attended(1, 2) == attendance(asking(HALL))
    assert Attended(1, 1) == attendance(asking(ANNEX))
    assert Attended(0, 0) == attendance(asking(AppId("nowhere")))


def test_a_new_day_begins_with_who_is_here() -> None:
    """Who went yesterday was not here today."""
    clock = StoppedClock()
    attendance = Attendance(clock)
    attendance.heard([moved("ada", online=True), moved("ben", online=True), moved("ben", online=False)])
    clock.advance(DAY)
    assert Attended(1, 1) == attendance(asking(HALL))
    attendance.heard([moved("cy", online=True)])
    assert Attended(2, 2) == attendance(asking(HALL))
