"""LeanCloud's clients come in, and come back."""

from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.tenancy import session_tokens
from parlance.core.actions.tenancy.check_signature import Signatures
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.events import TagTaken
from parlance.core.model.session import SessionAsked, SessionOpened, SessionToken
from parlance.core.model.signature import Permission
from parlance.core.model.text import bytes_of
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId

LONGEST_TAG = 64
LONGEST_DEVICE = 512
"""Bytes: some are tokens by which a device is pushed to."""
NO_TAG = frozenset({"", "default"})
"""Under these a client has as many devices as it likes."""


class SessionTokens:
    """Gives out session tokens and takes them back: one that was made before its client was thrown out is void."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def make(self, app: App, client: ClientId, tag: str | None, device: str | None) -> SessionToken:
        """A token, good from now."""
        return session_tokens.make(app, client, tag, device, self._clock.now())

    async def read(self, app: App, token: str) -> session_tokens.Held:
        """What it says. Raises SESSION_EXPIRED."""
        held = session_tokens.read(app, token, self._clock.now())
        if held.made_at <= await self._store.read.users.kicked_at(app.app_id, held.client):
            raise Fault(FaultCode.SESSION_EXPIRED)
        return held


class OpenSession:
    """Lets a client in: with a session token, or a signature, or as it is if the app asks for neither."""

    def __init__(
        self,
        store: Store,
        directory: AppDirectory,
        welcome: Welcome,
        signatures: Signatures,
        tokens: SessionTokens,
        presence: Presence,
        clock: Clock,
    ) -> None:
        self._presence = presence
        self._store = store
        self._directory = directory
        self._welcome = welcome
        self._signatures = signatures
        self._tokens = tokens
        self._clock = clock

    async def __call__(self, asked: SessionAsked, connection: int) -> SessionOpened:
        """Other devices give way to `connection` if it takes their tag.

        Raises UNKNOWN_APP, SESSION_EXPIRED (only for a token), WRONG_SIGNATURE, SESSION_CONFLICT (it comes back
        by itself, and another device has its tag), BANNED, UNKNOWN_CLIENT, BAD_FORMAT (tag, device).
        """
        for field, name, longest in (("tag", asked.tag, LONGEST_TAG), ("deviceId", asked.device, LONGEST_DEVICE)):
            if name is not None and bytes_of(name, field) > longest:
                raise bad_format(field, f"it has at most {longest} bytes")
        app = await self._directory.find(asked.app_id)
        if app is None:
            raise Fault(FaultCode.UNKNOWN_APP)
        tag, device = asked.tag, asked.device
        if asked.token is not None:
            held = await self._tokens.read(app, asked.token)
            if held.client != asked.client_id:
                raise Fault(FaultCode.SESSION_EXPIRED)
            # Who comes back does not name them again.
            tag, device = tag or held.tag, device or held.device
        elif app.policy.asks_for_login_token or app.settings.signed_logins:
            await self._signatures.verify(app, Permission(asked.client_id), asked.signature)
        await self._welcome(app, asked.client_id)
        await self._presence.expect(app.app_id, asked.client_id)
        tag_at = 0
        if tag is not None and tag not in NO_TAG:
            tag_at = await self._take(app, asked, tag, device or "", connection)
        token = self._tokens.make(app, asked.client_id, tag, device)
        return SessionOpened(Caller(app, asked.client_id), token, tag, device, tag_at)

    async def _take(self, app: App, asked: SessionAsked, tag: str, device: str, connection: int) -> int:
        app_id, client = app.app_id, asked.client_id
        if asked.reconnect:
            holder, since = await self._store.read.tag_holders.holder(app_id, client, tag)
            if holder == device:
                return since
        async with self._store.begin() as tx:
            holder, since = await tx.tag_holders.holder(app_id, client, tag)
            if asked.reconnect and holder not in {None, device}:
                raise Fault(FaultCode.SESSION_CONFLICT)
            if holder != device:
                since = await tx.tag_holders.take(app_id, client, tag, device, self._clock.now())
            tx.announce(TagTaken(app_id, client, tag, device, connection, since))
        return since


class RefreshSession:
    """Another token for who is logged in: that it is, is reason enough."""

    def __init__(self, tokens: SessionTokens) -> None:
        self._tokens = tokens

    async def __call__(self, caller: Caller, tag: str | None, device: str | None) -> SessionToken:
        """A token, good from now. Raises NOT_PERMITTED for a backend."""
        if caller.client_id is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client has a session")
        return self._tokens.make(caller.app, caller.client_id, tag, device)


class SessionOf:
    """Who asks over HTTP, by the token of its session."""

    def __init__(self, directory: AppDirectory, tokens: SessionTokens, bans: Bans) -> None:
        self._directory = directory
        self._tokens = tokens
        self._bans = bans

    async def __call__(self, app_id: str, token: str) -> Caller:
        """Raises SESSION_EXPIRED, BANNED."""
        app = await self._directory.find(app_id)
        if app is None:
            raise Fault(FaultCode.SESSION_EXPIRED)
        held = await self._tokens.read(app, token)
        self._bans.check(app.app_id, held.client)
        return Caller(app, held.client)
