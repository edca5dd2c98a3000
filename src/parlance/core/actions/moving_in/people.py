"""Taking over an app's people."""

from collections.abc import Sequence

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.moving import MovedPerson, Refusal, TakenOver
from parlance.core.model.origin import Noun, new_profile
from parlance.core.model.user import Profile, User, judge_profile
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

_as_it_was = msgspec.json.Decoder(Profile)
_as_it_is = msgspec.json.Encoder()
_NOTHING = Profile()


class TakeOverPeople:
    """Makes known whoever is not; of those who are, what says nothing yet is said, and what changed there only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, people: Sequence[MovedPerson]) -> TakenOver:
        """Raises NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        refused, wanted = list[Refusal](), dict[ClientId, MovedPerson]()
        for index, person in enumerate(people):
            try:
                judge_profile(person.profile)
            except Fault as fault:
                refused.append(Refusal(index, fault.sentence))
                continue
            wanted.setdefault(person.client_id, person)
        added, changed = await self._put(caller, wanted)
        return TakenOver(added, len(people) - added - changed - len(refused), refused, changed)

    async def _put(self, caller: Caller, wanted: dict[ClientId, MovedPerson]) -> tuple[int, int]:
        """How many were new, and how many are somewhat different now."""
        app_id, added, changed, seen = caller.app.app_id, 0, 0, dict[str, str]()
        async with self._store.begin() as tx:
            known = await tx.users.find_many(app_id, list(wanted))
            before = await tx.origins.of(app_id, Noun.PERSON, list(wanted))
            for client, person in wanted.items():
                state, here = _as_it_is.encode(person.profile).decode(), known.get(client)
                if before.get(client) == state or (here is not None and here.banned):
                    continue
                seen[client] = state
                profile = _wanted(person.profile, before.get(client), here)
                if here is None:
                    added += 1
                elif profile == _NOTHING:
                    continue
                else:
                    changed += 1
                await tx.users.put(app_id, client, profile, person.created_at)
            await tx.origins.put(app_id, Noun.PERSON, seen)
        return added, changed


def _wanted(there: Profile, before: str | None, here: User | None) -> Profile:
    if here is None:
        return there
    return new_profile(None if before is None else _as_it_was.decode(before), there, here)
