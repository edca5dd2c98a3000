"""Signatures by which an app's backend lets a LeanCloud client do something.

HMAC-SHA1, hex, keyed with the app's server key. Whoever gives them out and whoever verifies them must build the
same text, so it is built here and nowhere else.
"""

import hmac
from enum import StrEnum

import msgspec

from parlance.core.model.app import App
from parlance.core.model.user import client_id
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId

SEPARATOR = ":"


class SignedAction(StrEnum):
    """What a change of members is called at the end of the text that is signed."""

    INVITE = "invite"
    KICK = "kick"


class Permission(msgspec.Struct, frozen=True):
    """What `client` may do: log in, if nothing else is said, or open a conversation with `members`.

    With an `action` it may bring them into `conv_id`, or take them out. Nobody named for INVITE: it may come
    in itself.
    """

    client: ClientId
    members: tuple[ClientId, ...] = ()
    conv_id: str | None = None
    action: SignedAction | None = None

    @property
    def sorted_members(self) -> str:
        """The members in the order of their code points, joined."""
        return SEPARATOR.join(sorted(self.members))

    def text(self, app_id: str, timestamp: int, nonce: str) -> str:
        """What is signed."""
        parts = [app_id, self.client]
        if self.conv_id is not None:
            parts.append(self.conv_id)
        parts += [self.sorted_members, str(timestamp), nonce]
        if self.action is not None:
            parts.append(self.action)
        return SEPARATOR.join(parts)


class Signed(msgspec.Struct, frozen=True):
    """A permission as it is handed out; `timestamp` is milliseconds."""

    permission: Permission
    timestamp: int
    nonce: str
    signature: str


def signature_of(app: App, permission: Permission, timestamp: int, nonce: str) -> str:
    """40 lowercase hex digits."""
    text = permission.text(app.app_id, timestamp, nonce)
    # SHA-1 is what the clients of this protocol compute; in an HMAC it is sound.
    return hmac.new(app.master_key.encode(), text.encode(), "sha1").hexdigest()


def plain_client_id(raw: str | int, field: str) -> ClientId:
    """A client id that can stand in a joined list: no colon. Raises BAD_FORMAT naming `field`."""
    client = client_id(raw, field)
    if SEPARATOR in client:
        raise bad_format(field, "a client id has no colon here, where colons join lists")
    return client


def joined_client_ids(raw: str, field: str) -> tuple[ClientId, ...]:
    """The client ids in a joined list, as they stand there; none in an empty one."""
    return tuple(plain_client_id(each, field) for each in raw.split(SEPARATOR)) if raw else ()
