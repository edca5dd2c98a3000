"""Writing people into the directory."""

from parlance.core.actions.directory.backend import backend_only
from parlance.core.actions.people.acquaintance import make_known
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.organisation import HIGHEST_NUMBER, Person, PersonRole
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId


class PutPerson:
    """Writes down what somebody is in an organisation and which of its classes they are in: by the backend."""

    def __init__(self, store: Store, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._bans = bans
        self._clock = clock

    async def __call__(
        self, caller: Caller, organization_id: int, client: ClientId, role: str, class_ids: tuple[int, ...] = ()
    ) -> Person:
        """Replaces what was written before. One nobody has heard of becomes known.

        Raises KEY_REQUIRED, BAD_FORMAT (role), UNKNOWN_ORGANISATION (the organisation, or one of the
        classes, or it is another organisation's), UNKNOWN_CLIENT, BANNED.
        """
        backend_only(caller)
        app_id = caller.app.app_id
        wanted = tuple(dict.fromkeys(class_ids))
        person = Person(app_id, organization_id, client, _role(role), wanted)
        async with self._store.begin() as tx:
            if await tx.directory.organisation(app_id, organization_id) is None:
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown organisation")
            possible = [class_id for class_id in wanted if 1 <= class_id <= HIGHEST_NUMBER]
            known = await tx.directory.classes(app_id, organization_id, possible)
            for class_id in wanted:
                if class_id not in known:
                    raise Fault(FaultCode.UNKNOWN_ORGANISATION, f"unknown class: {class_id}", field="class_ids")
            await make_known(tx, self._bans, caller, (client,), self._clock.now())
            await tx.directory.put_person(person)
        return person


class DeletePerson:
    """Takes somebody out of an organisation and its classes: by the backend."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, organization_id: int, client: ClientId) -> None:
        """Raises KEY_REQUIRED, UNKNOWN_ORGANISATION, UNKNOWN_CLIENT (not in it)."""
        backend_only(caller)
        app_id = caller.app.app_id
        async with self._store.begin() as tx:
            if await tx.directory.organisation(app_id, organization_id) is None:
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown organisation")
            if not await tx.directory.delete_person(app_id, organization_id, client):
                raise Fault(FaultCode.UNKNOWN_CLIENT, f"not in the organisation: {client}")


def _role(raw: str) -> PersonRole:
    try:
        return PersonRole(raw)
    except ValueError:
        raise bad_format("role", f"a role is one of {', '.join(PersonRole)}") from None
