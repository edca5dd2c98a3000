"""Writing organisations into the directory."""

from parlance.core.actions.directory.backend import backend_only
from parlance.core.model.caller import Caller
from parlance.core.model.organisation import Organisation, judge_organisation
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode


class PutOrganisation:
    """Writes an organisation down, or anew: by the backend."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self, caller: Caller, organization_id: int, name: str | None = None, avatar: str | None = None
    ) -> Organisation:
        """What is not given stays as it was. Raises KEY_REQUIRED, BAD_FORMAT."""
        backend_only(caller)
        app_id = caller.app.app_id
        judge_organisation(Organisation(app_id, organization_id, name or "", avatar or ""))
        async with self._store.begin() as tx:
            before = await tx.directory.organisation(app_id, organization_id) or Organisation(app_id, organization_id)
            organisation = Organisation(
                app_id,
                organization_id,
                before.name if name is None else name,
                before.avatar if avatar is None else avatar,
            )
            await tx.directory.put_organisation(organisation)
        return organisation


class DeleteOrganisation:
    """Forgets an organisation with its classes and people: by the backend. Its groups stay."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, organization_id: int) -> None:
        """Raises KEY_REQUIRED, UNKNOWN_ORGANISATION."""
        backend_only(caller)
        async with self._store.begin() as tx:
            if not await tx.directory.delete_organisation(caller.app.app_id, organization_id):
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown organisation")
