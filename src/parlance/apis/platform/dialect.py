"""The platform dialect in one piece, for whoever puts the server together."""

from parlance.apis.platform import auth, envelope, faults
from parlance.apis.platform.desk import desk
from parlance.apis.platform.files import Receive
from parlance.apis.platform.routes import table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode
from parlance.web.routes import Dialect

PREFIXES = ("/im/users", "/im/tokens", "/im/conversations", "/im/file/", "/im/socket", "/im")
HEADERS = (*auth.HEADERS, "Content-Type", "Request-Id", "X-Request-Id")

DESCRIPTION = """\
Conversations, members, messages, users, tokens and files of one app.

Every answer is an envelope: `code` 0 is success; other codes come with HTTP 200 and say in `message` what was \
wrong, naming the field. Credentials that are refused are 401, somebody else's client id is 403.

What arrives is pushed on the socket, which has a page of its own."""


def platform(actions: Actions, receive: Receive, *, largest_body: int, public_url: str = "") -> Dialect:
    """Put it together. `receive` takes a file out of a request; `public_url` "" is where each caller found us."""
    return Dialect(
        name="platform",
        title="Platform API",
        description=DESCRIPTION,
        prefixes=PREFIXES,
        routes=table(actions, receive, public_url),
        handler=desk(actions.authenticate, largest_body),
        refuse=envelope.refused,
        shown=faults.shown,
        envelope=envelope.Answer,
        refusal=envelope.Refusal,
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
        request_headers={"Request-Id": "The caller's own id for the request; comes back in the envelope."},
    )
