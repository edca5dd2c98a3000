"""Who writes the directory."""

from parlance.core.model.caller import Caller
from parlance.kernel.faults import Fault, FaultCode


def backend_only(caller: Caller) -> None:
    """Raise KEY_REQUIRED for anybody but the app's backend."""
    if not caller.is_backend:
        raise Fault(FaultCode.KEY_REQUIRED)
