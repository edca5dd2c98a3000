"""The rong dialect in one piece, for whoever puts the server together."""

from parlance.apis.rong import auth, envelope, faults
from parlance.apis.rong.desk import desk
from parlance.apis.rong.groups import Receive
from parlance.apis.rong.routes import table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect

DESCRIPTION = """\
Groups for a mobile app whose backend fronts RongCloud, as Django REST framework would serve them.

The login user comes from `Authorization: Token <JWT>`. What is refused says why in `detail`, or under the field \
that was wrong. Addresses work with and without the slash at their end."""


def rong(actions: Actions, receive: Receive, *, largest_body: int, default_app: str, public_url: str = "") -> Dialect:
    """Put it together. `receive` reads a form with a file; `default_app` is meant by who names no app."""
    return Dialect(
        name="rong",
        title="Rong API",
        description=DESCRIPTION,
        prefixes=("/api/im/",),
        routes=table(actions, receive, public_url, largest_body),
        handler=desk(actions.authenticate, default_app, largest_body),
        refuse=envelope.refused,
        shown=faults.shown,
        refusal=envelope.Detail | envelope.FieldErrors,
        either_slash=True,
        common_faults=(
            FaultCode.MISSING_FIELD,
            FaultCode.MISSING_APP,
            FaultCode.BAD_FORMAT,
            FaultCode.BANNED,
            FaultCode.BAD_CREDENTIAL,
            FaultCode.NOT_LOGGED_IN,
            FaultCode.BODY_TOO_LARGE,
            FaultCode.UNAVAILABLE,
            FaultCode.INTERNAL,
        ),
        security_schemes=auth.SCHEMES,
        security=auth.SECURITY,
        headers=(*auth.HEADERS, "Content-Type", "Request-Id", "X-Request-Id"),
    )
