"""Client tokens, minted for an app's backend."""

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import client_id
from parlance.web.calls import Call
from parlance.web.routes import Operation


class TokenAsked(msgspec.Struct, frozen=True):
    """Whose token."""

    client_id: str | int


class TokenShown(msgspec.Struct):
    """A client token."""

    token: str
    expires_at: int
    """Milliseconds."""


class Tokens:
    """The call about tokens."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def issue(self, call: Call[TokenAsked]) -> TokenShown:
        """POST /im/tokens."""
        issued = await self._actions.issue_token(call.caller, client_id(call.fields.client_id))
        return TokenShown(token=issued.token, expires_at=issued.expires_at)


ISSUE = Operation(
    summary="Mint a client token",
    tag="Tokens",
    description="For a client's login on the socket and its own calls here. Always takes the server key; creates the "
    "user if the app allows that.",
    example={"client_id": "lili"},
    answer_example={
        "code": 0,
        "message": "ok",
        "data": {"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…", "expires_at": 1608730911686},
        "request-id": None,
    },
)
