"""Signatures by which an app's backend lets a LeanCloud client do something.

HMAC-SHA1, hex, keyed with the app's server key. Whoever gives them out and whoever verifies them must build the
same text, so it is built here and nowhere else.
"""

import hmac
from enum import StrEnum

import msgspec

from parlance.core.model.app import App
from parlance.core.model.user import client_id
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId

SEPARATOR = ":"
_MILLISECONDS = 100_000_000_000
"""What is higher are milliseconds: as seconds it would be the year 5138."""


class SignedAction(StrEnum):
    """What a change of members is called at the end of the text that is signed."""

    INVITE = "invite"
    KICK = "kick"
    BLOCK = "conversation-block-clients"
    UNBLOCK = "conversation-unblock-clients"
    CLIENT_BLOCKS = "client-block-conversations"
    CLIENT_UNBLOCKS = "client-unblock-conversations"

    @property
    def is_about_blacklist(self) -> bool:
        """Whether it keeps somebody out, or no more."""
        return self not in {SignedAction.INVITE, SignedAction.KICK}


class Permission(msgspec.Struct, frozen=True):
    """What `client` may do: log in, if nothing else is said, or open a conversation with `members`.

    With an `action` it may bring them into `conv_id`, take them out, or keep them out. Nobody named for INVITE:
    it may come in itself. With `history` it may read what was said in `conv_id`.
    """

    client: ClientId
    members: tuple[ClientId, ...] = ()
    conv_id: str | None = None
    action: SignedAction | None = None
    history: bool = False

    @property
    def sorted_members(self) -> str:
        """The members in the order of their code points, joined."""
        return SEPARATOR.join(sorted(self.members))

    def text(self, app_id: str, timestamp: int, nonce: str) -> str:
        """What is signed."""
        parts = [app_id, self.client]
        if self.conv_id is not None:
            parts.append(self.conv_id)
        if self.history:
            return SEPARATOR.join((*parts, nonce, str(timestamp)))
        parts += [self.sorted_members, str(timestamp), nonce]
        if self.action is not None:
            parts.append(self.action)
        return SEPARATOR.join(parts)

    def texts(self, app_id: str, timestamp: int, nonce: str) -> tuple[str, ...]:
        """What may have been signed: some things are said in two ways.

        Who comes in by itself is named or is not. LeanCloud's document and its examples disagree about history.
        """
        text = self.text(app_id, timestamp, nonce)
        if self.history:
            return text, SEPARATOR.join((app_id, self.client, self.conv_id or "", str(timestamp), nonce))
        if self.action is SignedAction.INVITE and self.members in {(), (self.client,)}:
            other = () if self.members else (self.client,)
            return text, msgspec.structs.replace(self, members=other).text(app_id, timestamp, nonce)
        return (text,)


class Signed(msgspec.Struct, frozen=True):
    """A permission as it is handed out; `timestamp` is milliseconds."""

    permission: Permission
    timestamp: int
    nonce: str
    signature: str


def signature_of(app: App, permission: Permission, timestamp: int, nonce: str) -> str:
    """40 lowercase hex digits."""
    return _over(app, permission.text(app.app_id, timestamp, nonce))


def signs(app: App, permission: Permission, timestamp: int, nonce: str, signature: str) -> bool:
    """Whether a signature, in letters of either case, is one for this. Takes as long whatever is wrong with it."""
    shown = signature.lower().encode(errors="replace")
    texts = permission.texts(app.app_id, timestamp, nonce)
    return any([hmac.compare_digest(_over(app, text).encode(), shown) for text in texts])  # noqa: C419 - see above


def moment_of(timestamp: int) -> int:
    """The milliseconds that a signature's timestamp means: some sign seconds."""
    return timestamp * SECOND if timestamp < _MILLISECONDS else timestamp


def _over(app: App, text: str) -> str:
    # SHA-1 is what the clients of this protocol compute; in an HMAC it is sound.
    return hmac.new(app.master_key.encode(), text.encode(errors="replace"), "sha1").hexdigest()


def plain_client_id(raw: str | int, field: str) -> ClientId:
    """A client id that can stand in a joined list: no colon. Raises BAD_FORMAT naming `field`."""
    client = client_id(raw, field)
    if SEPARATOR in client:
        raise bad_format(field, "a client id has no colon here, where colons join lists")
    return client


def joined_client_ids(raw: str, field: str) -> tuple[ClientId, ...]:
    """The client ids in a joined list, as they stand there; none in an empty one."""
    return tuple(plain_client_id(each, field) for each in raw.split(SEPARATOR)) if raw else ()
