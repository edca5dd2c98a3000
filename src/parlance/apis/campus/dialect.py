"""The campus dialect in one piece, for whoever puts the server together."""

from parlance.apis.campus import auth, envelope, faults
from parlance.apis.campus.desk import desk
from parlance.apis.campus.routes import table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect

PREFIXES = ("/im/signature", "/signature", "/im/group", "/im/org", "/im/user/")
HEADERS = (*auth.HEADERS, "Content-Type", "X-Request-Id")

DESCRIPTION = """\
Signatures for LeanCloud's clients, groups with numbers, organisations with their classes and people.

Answers stand by themselves; a refusal is `{code, message}` with an HTTP status to match. Bodies are JSON or forms. \
What happens to a group is told its people by system messages on their sockets. Addresses without `/im` are those of \
the first revision."""


def campus(actions: Actions, *, default_app: str, largest_body: int) -> Dialect:
    """Put it together. `default_app` is meant by a request that names none ("": such a request is refused)."""
    return Dialect(
        name="campus",
        title="Campus API",
        description=DESCRIPTION,
        prefixes=PREFIXES,
        routes=table(actions),
        handler=desk(actions.authenticate, default_app, largest_body),
        refuse=envelope.refused,
        shown=faults.shown,
        refusal=envelope.Refusal,
        either_slash=True,
        common_faults=(
            FaultCode.MISSING_FIELD,
            FaultCode.MISSING_APP,
            FaultCode.BAD_FORMAT,
            FaultCode.BANNED,
            FaultCode.BAD_CREDENTIAL,
            FaultCode.BODY_TOO_LARGE,
            FaultCode.UNAVAILABLE,
            FaultCode.INTERNAL,
        ),
        security_schemes=auth.SCHEMES,
        security=auth.SECURITY,
        headers=HEADERS,
    )
