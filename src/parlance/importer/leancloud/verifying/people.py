"""People: whether each is known here, with the profile that was theirs."""

from collections.abc import Iterator
from typing import Any

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.conversation_row import object_of
from parlance.core.model.moving import MovedPerson
from parlance.core.model.user import User
from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.moving import Clients, person
from parlance.importer.leancloud.rehoming import addresses_in
from parlance.importer.leancloud.sources import BadRow
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What, shown
from parlance.importer.leancloud.verifying.homes import Keys, is_same, keys_of
from parlance.importer.leancloud.verifying.source import Aside, Object, Placed, Source

AT_ONCE = 500
_SHOWN = ("nickname", "avatar", "username", "ext")


async def compare_people(
    source: Source, aside: Aside, actions: Actions, caller: Caller, findings: Findings, watching: Watching
) -> None:
    """Look for everybody who is there."""
    watching.begins("people", None)
    line, clients, waiting = findings.lines[Topic.PEOPLE], Clients(), list[tuple[Placed, Object, MovedPerson]]()
    seen: set[object] = set()
    for placed, row in source.objects("_User"):
        if row is not None and row.get("objectId") in seen:
            continue
        line.there += 1
        try:
            waiting.append((placed, row or {}, person(row or {}, clients)))
            seen.add(waiting[-1][1]["objectId"])
        except BadRow:
            _put_aside(aside, findings, placed, Difference(What.UNREADABLE, placed.file, placed.line))
        if len(waiting) >= AT_ONCE:
            await _compare(waiting, aside, actions, caller, findings)
            watching.advanced(len(waiting), len(waiting))
            waiting = []
    await _compare(waiting, aside, actions, caller, findings)


async def _compare(
    some: list[tuple[Placed, Object, MovedPerson]], aside: Aside, actions: Actions, caller: Caller, findings: Findings
) -> None:
    here = await actions.find_users(caller, [each.client_id for _, _, each in some])
    keys = await keys_of((url for _, row, _ in some for url in addresses_in(row)), actions, caller)
    for placed, _, there in some:
        user = here.get(there.client_id)
        if user is None:
            _put_aside(aside, findings, placed, Difference(What.PERSON_MISSING, there.client_id, placed.line))
            continue
        findings.lines[Topic.PEOPLE].here += 1
        for difference in _differences(there, user, keys):
            findings.add(difference)


def _differences(there: MovedPerson, here: User, keys: Keys) -> Iterator[Difference]:
    for name in _SHOWN:
        was, now = getattr(there.profile, name) or "", getattr(here, name) or ""
        if not is_same(_read(name, was), _read(name, now), keys):
            yield Difference(What.PROFILE, there.client_id, name, shown(was), shown(now))


def _read(name: str, text: str) -> Any:
    return object_of(text) if name == "ext" else text


def _put_aside(aside: Aside, findings: Findings, placed: Placed, difference: Difference) -> None:
    reason = aside.reason(placed)
    if reason is None:
        findings.add(difference)
        return
    findings.lines[Topic.PEOPLE].aside += 1
    findings.reasons[reason] += 1
