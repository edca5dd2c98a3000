"""What a caller shows, and what is handed out to be shown."""

import msgspec


class Credentials(msgspec.Struct, frozen=True):
    """What came with a request, not yet believed.

    `key` is what was sent in a server key's place, `key_signature` stands for one that was not sent but signed
    with, `token` is a client token. `bad_scheme`: something was presented that is none of them. `said_server_key`:
    `key` was marked as one, so that the public key will not do.
    """

    app_id: str | None = None
    key: str | None = None
    token: str | None = None
    bad_scheme: bool = False
    key_signature: str | None = None
    said_server_key: bool = False


class IssuedToken(msgspec.Struct, frozen=True):
    """A client token and when it ends (ms)."""

    token: str
    expires_at: int
