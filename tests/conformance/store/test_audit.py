"""The repository of what operators did."""

from conformance.store.stage import Stage
from parlance.core.model.audit import AuditAsked, AuditEntry


def entry(number: int, **more: str) -> AuditEntry:
    """One of Ann's deeds."""
    return AuditEntry(number, more.pop("operator", "ann"), "192.0.2.7", more.pop("action", "user.ban"), **more)


async def test_newest_first_and_settled(stage: Stage) -> None:
    """What came of it is written to the entry that was begun."""
    async with stage.store.begin() as tx:
        for number in (1, 2, 3):
            await tx.audit.add(entry(number))
        await tx.audit.settle(2, "done", "well")
    found = await stage.store.read.audit.page(AuditAsked(), 2)
    assert [(3, "begun", ""), (2, "done", "well")] == [(each.id, each.outcome, each.detail) for each in found]
    assert [1] == [each.id for each in await stage.store.read.audit.page(AuditAsked(before=2), 9)]


async def test_some_of_them(stage: Stage) -> None:
    """By each of what is asked, and by several."""
    async with stage.store.begin() as tx:
        await tx.audit.add(entry(1, app_id="hall", subject="ben"))
        await tx.audit.add(entry(2, operator="bob", action="app.change", app_id="hall"))
        await tx.audit.add(entry(3, action="login"))
    for asked, expected in (
        (AuditAsked(operator="bob"), [2]),
        (AuditAsked(app_id="hall"), [2, 1]),
        (AuditAsked(subject="ben"), [1]),
        (AuditAsked(actions=("login", "app.change")), [3, 2]),
        (AuditAsked(operator="ann", app_id="hall", actions=("user.ban",)), [1]),
        (AuditAsked(operator="nobody"), []),
    ):
        assert expected == [each.id for each in await stage.store.read.audit.page(asked, 9)], asked


async def test_what_is_old_goes(stage: Stage) -> None:
    """Up to a number."""
    async with stage.store.begin() as tx:
        for number in (1, 2, 3):
            await tx.audit.add(entry(number))
        await tx.audit.purge(3)
    assert [3] == [each.id for each in await stage.store.read.audit.page(AuditAsked(), 9)]
