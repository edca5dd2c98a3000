"""The leancloud dialect in one piece, for whoever puts the server together."""

from parlance.apis.leancloud import auth, envelope, faults
from parlance.apis.leancloud.desk import desk
from parlance.apis.leancloud.routes import COMMON, table
from parlance.core.actions.catalogue import Actions
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.web.routes import Dialect

PREFIXES = ("/1.1/", "/1.2/", "/v1/", "/2/", "//1.1/", "//1.2/")
HEADERS = (*auth.HEADERS, *auth.CLIENT_HEADERS, "Content-Type", "Cache-Control", "Request-Id", "X-Request-Id")
"""`Cache-Control` comes with the bytes of a file, from the storage SDK in a page."""

DESCRIPTION = """\
LeanCloud's REST API of instant messaging, versions 1.2 and 1.1, and what its clients ask for over HTTP.

Calls take the server key (`X-LC-Key: <master key>,master`, or `X-LC-Sign`), save those that clients make. A refusal \
is an HTTP status and `{code, error}`. What is storage and not chat is 404.

The socket is found through `/v1/route`."""


def leancloud(
    actions: Actions,
    *,
    clock: Clock,
    ids: Ids,
    default_app: str,
    largest_body: int,
    public_url: str = "",
) -> Dialect:
    """Put it together. `default_app` is meant where a request names none."""
    return Dialect(
        name="leancloud",
        title="LeanCloud API",
        description=DESCRIPTION,
        prefixes=PREFIXES,
        routes=table(actions, clock, ids, public_url),
        handler=desk(actions.authenticate, default_app, largest_body),
        refuse=envelope.refused,
        shown=faults.shown,
        refusal=envelope.Refusal,
        common_faults=COMMON,
        security_schemes=auth.SCHEMES,
        security=auth.SECURITY,
        headers=HEADERS,
        doubled_slash=True,
        invites=True,
    )
