"""Operators come in, stay for a while, and go.

Invariants:
- A password is looked at after its attempt has been counted: many at once are many.
- Where an operator came in lately, others' guesses at its name count for nothing, and its own for the address alone.
- What is kept of a session cannot be shown to come in with.
- Attempts are counted in the store: every server knows of those at every other.
"""

import msgspec

from parlance.core.model.operator import (
    KNOWN_FOR,
    LINK_LIFETIME,
    LONGEST_PAUSE_OF_ADDRESS,
    LONGEST_PAUSE_OF_NAME,
    NOBODYS,
    SESSION_LIFETIME,
    Failures,
    OperatorSession,
    csrf_token,
    fits,
    network_of,
    pause,
    token_hash,
)
from parlance.core.ports.aside import Aside
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import Ids

_LONGEST_NAME = 64
_WRONG = "wrong name or password"


class SignedIn(msgspec.Struct, frozen=True):
    """An operator with an open session. `token` is shown once, `csrf` is said with whatever changes something."""

    operator: str
    token: str
    csrf: str
    expires_at: int


class SignIn:
    """Opens sessions, knows them again, ends them."""

    def __init__(self, store: Store, aside: Aside, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._aside = aside
        self._clock = clock
        self._ids = ids

    async def __call__(self, name: str, password: str, address: str) -> SignedIn:
        """Raises BAD_CREDENTIAL, or RATE_LIMITED where it was wrong too often."""
        network = network_of(address)
        subjects = {f"address {network}": LONGEST_PAUSE_OF_ADDRESS}
        if not await self._store.read.operators.comes_from(name, network, self._clock.now() - KNOWN_FOR):
            subjects[f"name {name[:_LONGEST_NAME]}"] = LONGEST_PAUSE_OF_NAME
        await self._count(subjects)
        operator = await self._store.read.operators.find(name)
        kept = NOBODYS if operator is None else operator.password
        if not await self._aside(lambda: fits(password, kept)) or operator is None:
            raise Fault(FaultCode.BAD_CREDENTIAL, _WRONG)
        return await self._opened(operator.name, network, right=tuple(subjects), password=kept)

    async def by_link(self, key: str, address: str) -> SignedIn:
        """Come in with a link that was given out. Raises BAD_CREDENTIAL (used, too old, or none), RATE_LIMITED."""
        network = network_of(address)
        link = await self._store.read.operators.session(token_hash(key))
        if link is None or not link.one_time or link.expires_at <= self._clock.now():
            # Nobody can guess one. It is counted so that nobody fills the log, and not asked before: a link is the way
            # in for who is kept out by others' guesses.
            await self._count({f"address {network}": LONGEST_PAUSE_OF_ADDRESS})
            raise Fault(FaultCode.BAD_CREDENTIAL, "the link has been used, or is too old")
        return await self._opened(link.operator, network, right=(), link=link.token)

    async def link(self, name: str, lifetime: int = LINK_LIFETIME) -> str:
        """What opens one session for that operator within `lifetime` ms. Raises BAD_FORMAT if there is none."""
        key, now = self._ids.secret(), self._clock.now()
        async with self._store.begin() as tx:
            if await tx.operators.find(name) is None:
                raise bad_format("name", "there is no operator of that name")
            await tx.operators.add_session(OperatorSession(token_hash(key), name, now, now + lifetime, one_time=True))
        return key

    async def known(self, token: str | None) -> SignedIn:
        """Whose session it is. Raises NOT_LOGGED_IN for none, SESSION_EXPIRED for one that is over."""
        if not token:
            raise Fault(FaultCode.NOT_LOGGED_IN)
        session = await self._store.read.operators.session(token_hash(token))
        if session is None or session.one_time or session.expires_at <= self._clock.now():
            raise Fault(FaultCode.SESSION_EXPIRED, "the session is over: log in again")
        return SignedIn(session.operator, token, csrf_token(token), session.expires_at)

    async def out(self, token: str) -> None:
        """End a session."""
        async with self._store.begin() as tx:
            await tx.operators.end_session(token_hash(token))

    async def _count(self, subjects: dict[str, int]) -> None:
        """Count an attempt as a wrong one, until it turns out to be right."""
        now = self._clock.now()
        async with self._store.begin() as tx:
            known = await tx.operators.failures(list(subjects))
            locked_until = max((each.locked_until for each in known.values()), default=0)
            if locked_until > now:
                wait = -(-(locked_until - now) // SECOND)
                raise Fault(FaultCode.RATE_LIMITED, f"too many attempts: wait {wait} s", retry_after=wait)
            for subject, longest in subjects.items():
                wrong = known.get(subject, Failures()).wrong + 1
                await tx.operators.put_failures(subject, Failures(wrong, now + pause(wrong, longest)), now)

    async def _opened(
        self,
        operator: str,
        network: str,
        right: tuple[str, ...],
        link: str | None = None,
        password: str | None = None,
    ) -> SignedIn:
        """By a link, or by the password that is kept so: if it still is, for looking at it took a while."""
        token, now = self._ids.secret(), self._clock.now()
        expires_at = now + SESSION_LIFETIME
        async with self._store.begin() as tx:
            if link is not None and not await tx.operators.end_session(link):
                raise Fault(FaultCode.BAD_CREDENTIAL, "the link has been used, or is too old")
            if password is not None:
                known = await tx.operators.find(operator)
                if known is None or known.password != password:
                    raise Fault(FaultCode.BAD_CREDENTIAL, _WRONG)
            await tx.operators.forget_failures(right)
            await tx.operators.came_from(operator, network, now)
            await tx.operators.add_session(OperatorSession(token_hash(token), operator, now, expires_at))
        return SignedIn(operator, token, csrf_token(token), expires_at)
