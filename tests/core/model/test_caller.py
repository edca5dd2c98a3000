"""Who is asking."""

from core.world import refused
from parlance.core.model.caller import Caller
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import app

ADA, BEN = ClientId("ada"), ClientId("ben")


def test_a_backend_speaks_for_anybody() -> None:
    """It acts for the whole app."""
    backend = Caller(app())
    assert backend.is_backend
    assert [ADA, BEN] == [backend.speak_as(client, "from_client") for client in (ADA, BEN)]


def test_a_client_speaks_for_itself() -> None:
    """And for nobody else."""
    ada = Caller(app(), ADA)
    assert not ada.is_backend
    assert ADA == ada.speak_as(ADA, "from_client")
    assert FaultCode.FOREIGN_CLIENT is refused(lambda: ada.speak_as(BEN, "from_client"))


def test_a_backend_acts_as_anybody_and_a_client_as_itself() -> None:
    """Acting as a client, the backend has that client's rights and no more."""
    as_ada = Caller(app()).acting_as(ADA, "from_id")
    assert (ADA, False, True) == (as_ada.client_id, as_ada.is_backend, as_ada.keyed)
    assert as_ada == as_ada.acting_as(ADA, "from_id")
    assert FaultCode.FOREIGN_CLIENT is refused(lambda: as_ada.acting_as(BEN, "from_id"))
    assert not Caller(app(), keyed=False).acting_as(ADA, "from_id").keyed


def test_who_names_nobody_acts_as_before() -> None:
    """The backend as the backend, a client as itself."""
    for caller in (Caller(app()), Caller(app(), ADA)):
        assert caller == caller.acting_as(None, "by")
