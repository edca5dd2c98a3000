"""The admin API in one piece, for whoever puts the server together."""

from collections.abc import Collection

from parlance.apis.admin import auth, envelope, faults
from parlance.apis.admin.desk import desk
from parlance.apis.admin.routes import LOGGED, table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect

DESCRIPTION = """\
For operators, and the console that speaks for them. An operator may do everything, to every app; everything it does \
is written down.

Credentials are the operators' own, no app's keys. Answers stand by themselves; a refusal is an HTTP status and \
`{"error": {code, message, field}}`."""


def admin(actions: Actions, *, largest_body: int, plain: bool = False, proxies: Collection[str] = ()) -> Dialect:
    """Put it together. `plain`: it may be asked without encryption from other machines.

    `proxies` (addresses, networks) are believed when they say where somebody comes from.
    """
    return Dialect(
        name="admin",
        title="Admin API",
        description=DESCRIPTION,
        prefixes=("/admin/",),
        routes=table(actions),
        handler=desk(actions, LOGGED, largest_body, plain=plain, proxies=proxies),
        refuse=envelope.refused,
        shown=faults.shown,
        refusal=envelope.Refusal,
        common_faults=(
            FaultCode.NOT_LOGGED_IN,
            FaultCode.SESSION_EXPIRED,
            FaultCode.NOT_PERMITTED,
            FaultCode.MISSING_FIELD,
            FaultCode.BAD_FORMAT,
            FaultCode.MALFORMED,
            FaultCode.BODY_TOO_LARGE,
            FaultCode.UNAVAILABLE,
            FaultCode.INTERNAL,
        ),
        security_schemes=auth.SCHEMES,
        security=auth.SECURITY,
        headers=auth.HEADERS,
    )
