"""The clinic dialect in one piece, for whoever puts the server together."""

from parlance.apis.clinic import auth, envelope, faults
from parlance.apis.clinic.desk import desk
from parlance.apis.clinic.routes import table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect

PREFIXES = ("/im/conv/", "/im/from/", "/im/send/", "/im/creat/", "/im/create/", "/im/add/")
HEADERS = (*auth.HEADERS, "Content-Type", "Prefer", "Request-Id", "X-Request-Id")

DESCRIPTION = """\
Conversations and groups of patients and doctors. Every call is a POST with a JSON body.

Answers stand by themselves; a refusal is an HTTP status and `{code, message}`. Client ids nobody has heard of \
become known on first use. An app that is named nowhere is the server's default app."""


def clinic(actions: Actions, *, default_app: str, largest_body: int) -> Dialect:
    """Put it together. `default_app` is meant where a request names none; "": none."""
    return Dialect(
        name="clinic",
        title="Clinic API",
        description=DESCRIPTION,
        prefixes=PREFIXES,
        routes=table(actions),
        handler=desk(actions.authenticate, default_app, largest_body),
        refuse=envelope.refused,
        shown=faults.shown,
        refusal=envelope.Refusal,
        common_faults=(
            FaultCode.MISSING_FIELD,
            FaultCode.BAD_FORMAT,
            FaultCode.MALFORMED,
            FaultCode.BANNED,
            FaultCode.BAD_CREDENTIAL,
            FaultCode.BODY_TOO_LARGE,
            FaultCode.UNAVAILABLE,
            FaultCode.INTERNAL,
        ),
        security_schemes=auth.SCHEMES,
        security=auth.SECURITY,
        headers=HEADERS,
        request_headers={"Prefer": "`return=representation`: answer what was made instead of `{}`."},
    )
