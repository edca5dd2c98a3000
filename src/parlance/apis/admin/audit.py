"""The log of what operators did."""

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.ids import place_of, shown_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model.audit import AuditAsked, AuditEntry
from parlance.kernel.pages import LARGEST_PAGE
from parlance.web.routes import Operation

TAG = "Admin: log"
ROWS = 50


class AuditWanted(msgspec.Struct, frozen=True):
    """Which entries; what is left out is left open."""

    operator: str = ""
    app_id: str = ""
    subject: str = ""
    action: str = ""
    """One action (`user.ban`), or all about something (`user.`)."""
    before: str = ""
    """Only those older than the one of this id."""
    limit: int = ROWS


class EntryShown(msgspec.Struct):
    """Who did what to what, from where, and what came of it: `begun`, `done`, or a fault."""

    id: str
    at: int
    operator: str
    address: str
    action: str
    app_id: str
    subject: str
    outcome: str
    detail: str


class EntriesFound(msgspec.Struct):
    """Some, newest first; `more` are older. `actions` are all names that there are."""

    entries: list[EntryShown]
    more: bool
    actions: list[str]


class Audit:
    """The call about it. `names` are those of all actions."""

    def __init__(self, actions: Actions, names: list[str]) -> None:
        self._actions = actions
        self._names = names

    async def list(self, call: Call[AuditWanted]) -> EntriesFound:
        """GET /admin/audit."""
        wanted = call.fields
        named = wanted.action
        among = tuple(name for name in self._names if name.startswith(named)) if named.endswith(".") else (named,)
        asked = AuditAsked(
            wanted.operator, wanted.app_id, wanted.subject, among if named else (), place_of(wanted.before, "before")
        )
        most = max(1, min(wanted.limit, LARGEST_PAGE - 1))
        found = await self._actions.audit.page(asked, most + 1)
        return EntriesFound([_shown(entry) for entry in found[:most]], len(found) > most, self._names)


def _shown(entry: AuditEntry) -> EntryShown:
    return EntryShown(
        shown_id(entry.id),
        entry.at,
        entry.operator,
        entry.address,
        entry.action,
        entry.app_id,
        entry.subject,
        entry.outcome,
        entry.detail,
    )


LIST = Operation(
    answer_example=examples.ENTRIES, summary="Read the log", tag=TAG, description="Entries are kept for 400 days."
)
