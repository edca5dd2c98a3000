"""Taking over an app's people."""

from collections.abc import Sequence

from parlance.core.model.caller import Caller
from parlance.core.model.moving import MovedPerson, Refusal, TakenOver
from parlance.core.model.user import judge_profile
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode


class TakeOverPeople:
    """Makes known whoever is not; of those who are, nothing changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, people: Sequence[MovedPerson]) -> TakenOver:
        """Raises NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        app_id, refused, wanted = caller.app.app_id, list[Refusal](), dict[str, MovedPerson]()
        for index, person in enumerate(people):
            try:
                judge_profile(person.profile)
            except Fault as fault:
                refused.append(Refusal(index, fault.sentence))
                continue
            wanted.setdefault(person.client_id, person)
        async with self._store.begin() as tx:
            known = await tx.users.find_many(app_id, [person.client_id for person in wanted.values()])
            new = [person for person in wanted.values() if person.client_id not in known]
            for person in new:
                await tx.users.put(app_id, person.client_id, person.profile, person.created_at)
        return TakenOver(len(new), len(people) - len(new) - len(refused), refused)
