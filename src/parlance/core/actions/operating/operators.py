"""Operators: made, given passwords, taken away."""

from parlance.core.model.operator import (
    FIRST,
    Operator,
    fits,
    hashed,
    judge_name,
    judge_password,
    made_up_password,
)
from parlance.core.ports.aside import Aside
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import Ids


class Operators:
    """What the command line does about them, and they about themselves."""

    def __init__(self, store: Store, aside: Aside, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._aside = aside
        self._clock = clock
        self._ids = ids

    async def all(self) -> list[Operator]:
        """Every operator, by name."""
        return await self._store.read.operators.all()

    async def first(self) -> str | None:
        """Make the operator that an installation begins with; its password, or None if there is somebody already."""
        if await self._store.read.operators.all():
            return None
        password, operator = await self._made(FIRST, None)
        async with self._store.begin() as tx:
            # Several servers may begin at the same time.
            if await tx.operators.all():
                return None
            await tx.operators.put(operator)
        return password

    async def set_password(self, name: str, password: str | None = None) -> str:
        """Give an operator a password (None: one is made up), and make the operator if there is none of that name.

        All its sessions end. Answers the password. Raises BAD_FORMAT for a name or password that will not do.
        """
        judge_name(name)
        set_to, operator = await self._made(name, password)
        async with self._store.begin() as tx:
            await _put(tx, operator)
        return set_to

    async def change_password(self, name: str, old: str, new: str) -> None:
        """What an operator does itself; its sessions end. Raises BAD_CREDENTIAL (the old one is wrong), BAD_FORMAT."""
        judge_password(new)
        operator = await self._store.read.operators.find(name)
        if operator is None or not await self._aside(lambda: fits(old, operator.password)):
            raise _wrong_old()
        _, changed = await self._made(name, new)
        async with self._store.begin() as tx:
            # Looking at passwords takes a while: who was given another meanwhile, or taken away, stays so.
            known = await tx.operators.find(name)
            if known is None or known.password != operator.password:
                raise _wrong_old()
            await _put(tx, changed)

    async def remove(self, name: str) -> None:
        """Take an operator away. Raises BAD_FORMAT if there is none, or no other."""
        async with self._store.begin() as tx:
            if [name] == [operator.name for operator in await tx.operators.all()]:
                raise bad_format("name", "the last operator stays")
            if not await tx.operators.remove(name):
                raise bad_format("name", "there is no operator of that name")

    async def _made(self, name: str, password: str | None) -> tuple[str, Operator]:
        chosen = made_up_password(self._ids.secret()) if password is None else password
        judge_password(chosen)
        salt, now = self._ids.random_hex(), self._clock.now()
        kept = await self._aside(lambda: hashed(chosen, salt))
        return chosen, Operator(name, kept, now, now)


async def _put(tx: Transaction, operator: Operator) -> None:
    await tx.operators.put(operator)
    await tx.operators.end_sessions(operator.name)


def _wrong_old() -> Fault:
    return Fault(FaultCode.BAD_CREDENTIAL, "the old password is wrong", field="old")
