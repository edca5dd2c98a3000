"""People: whether each is known here, with the profile that was theirs."""

from collections.abc import Iterator

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.moving import MovedPerson
from parlance.core.model.user import User
from parlance.importer.leancloud.bringing import Watching
from parlance.importer.leancloud.moving import Clients, person
from parlance.importer.leancloud.sources import BadRow
from parlance.importer.leancloud.verifying.findings import Difference, Findings, Topic, What, shown
from parlance.importer.leancloud.verifying.source import Aside, Placed, Source

AT_ONCE = 500
_SHOWN = ("nickname", "avatar", "username", "ext")


async def compare_people(
    source: Source, aside: Aside, actions: Actions, caller: Caller, findings: Findings, watching: Watching
) -> None:
    """Look for everybody who is there."""
    watching.begins("people", None)
    line, clients, waiting = findings.lines[Topic.PEOPLE], Clients(), list[tuple[Placed, MovedPerson]]()
    for placed, row in source.objects("_User"):
        line.there += 1
        try:
            waiting.append((placed, person(row or {}, clients)))
        except BadRow:
            _put_aside(aside, findings, placed, Difference(What.UNREADABLE, placed.file, placed.line))
        if len(waiting) >= AT_ONCE:
            await _compare(waiting, aside, actions, caller, findings)
            watching.advanced(len(waiting), len(waiting))
            waiting = []
    await _compare(waiting, aside, actions, caller, findings)


async def _compare(
    some: list[tuple[Placed, MovedPerson]], aside: Aside, actions: Actions, caller: Caller, findings: Findings
) -> None:
    here = await actions.find_users(caller, [each.client_id for _, each in some])
    for placed, there in some:
        user = here.get(there.client_id)
        if user is None:
            _put_aside(aside, findings, placed, Difference(What.PERSON_MISSING, there.client_id, placed.line))
            continue
        findings.lines[Topic.PEOPLE].here += 1
        for difference in _differences(there, user):
            findings.add(difference)


def _differences(there: MovedPerson, here: User) -> Iterator[Difference]:
    for name in _SHOWN:
        was, now = getattr(there.profile, name) or "", getattr(here, name) or ""
        if was != now:
            yield Difference(What.PROFILE, there.client_id, name, shown(was), shown(now))


def _put_aside(aside: Aside, findings: Findings, placed: Placed, difference: Difference) -> None:
    reason = aside.reason(placed)
    if reason is None:
        findings.add(difference)
        return
    findings.lines[Topic.PEOPLE].aside += 1
    findings.reasons[reason] += 1
