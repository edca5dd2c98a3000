"""How this API shows each fault: HTTP status, and the core's own name for it."""

from types import MappingProxyType

from parlance.kernel.faults import FaultCode
from parlance.web.house import STATUS
from parlance.web.routes import Shown

_STATUS = {
    **STATUS,
    # What an operator asks for in a path or a body is not who the operator is.
    FaultCode.MISSING_APP: 400,
    FaultCode.UNKNOWN_APP: 404,
    FaultCode.WRONG_SIGNATURE: 403,
    FaultCode.SESSION_CONFLICT: 409,
}

TABLE = MappingProxyType({code: Shown(status, code.name.lower(), code.value) for code, status in _STATUS.items()})


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]
