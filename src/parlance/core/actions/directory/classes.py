"""Writing classes into the directory."""

from parlance.core.actions.directory.backend import backend_only
from parlance.core.model.caller import Caller
from parlance.core.model.school_class import SchoolClass, judge_class
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode, bad_format


class PutClass:
    """Writes a class of an organisation down, or anew: by the backend."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self, caller: Caller, organization_id: int, class_id: int, name: str | None = None
    ) -> SchoolClass:
        """What is not given stays as it was.

        Raises KEY_REQUIRED, UNKNOWN_ORGANISATION, BAD_FORMAT (also for another organisation's class).
        """
        backend_only(caller)
        app_id = caller.app.app_id
        judge_class(SchoolClass(app_id, class_id, organization_id, name or ""))
        async with self._store.begin() as tx:
            if await tx.directory.organisation(app_id, organization_id) is None:
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown organisation")
            before = await tx.directory.school_class(app_id, class_id)
            if before is not None and before.organization_id != organization_id:
                raise bad_format("class_id", "another organisation has a class of that number")
            kept = before.name if before is not None else ""
            school_class = SchoolClass(app_id, class_id, organization_id, kept if name is None else name)
            await tx.directory.put_class(school_class)
        return school_class


class DeleteClass:
    """Forgets a class: by the backend. Who was in it stays in the organisation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, organization_id: int, class_id: int) -> None:
        """Raises KEY_REQUIRED, UNKNOWN_ORGANISATION (no such class, or another organisation's)."""
        backend_only(caller)
        async with self._store.begin() as tx:
            if not await tx.directory.delete_class(caller.app.app_id, organization_id, class_id):
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown class")
