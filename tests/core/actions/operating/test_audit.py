"""What operators did is written down."""

from core.world import World
from parlance.core.model.audit import BEGUN, DONE, AuditAsked
from parlance.core.model.operator import AUDIT_KEPT, MOST_REFUSALS, REFUSALS_WITHIN

ALL = AuditAsked()


async def test_before_and_after(world: World) -> None:
    """An entry is there before its outcome is known, and says when and from where."""
    audit = world.actions.audit
    entry = await audit.begin("ann", "192.0.2.7", "user.ban", "hall", "ben")
    [begun] = await audit.page(ALL, 10)
    assert ("ann", "192.0.2.7", "user.ban", "hall", "ben", BEGUN) == (
        begun.operator,
        begun.address,
        begun.action,
        begun.app_id,
        begun.subject,
        begun.outcome,
    )
    assert world.clock.now() == begun.at
    await audit.settle(entry, DONE, "for spam")
    [settled] = await audit.page(ALL, 10)
    assert (DONE, "for spam") == (settled.outcome, settled.detail)


async def test_a_page_of_some(world: World) -> None:
    """Newest first; by who, whose, what, and what to."""
    audit = world.actions.audit
    for operator, action, app, subject in (
        ("ann", "user.ban", "hall", "ben"),
        ("bob", "user.ban", "annex", "dora"),
        ("ann", "app.rotate", "hall", ""),
    ):
        await audit.begin(operator, "", action, app, subject)
    assert ["app.rotate", "user.ban", "user.ban"] == [each.action for each in await audit.page(ALL, 10)]
    newest, *_ = await audit.page(ALL, 1)
    assert ["dora", "ben"] == [each.subject for each in await audit.page(AuditAsked(before=newest.id), 10)]
    asked = {
        AuditAsked(operator="bob"): ["dora"],
        AuditAsked(app_id="hall"): ["", "ben"],
        AuditAsked(subject="ben"): ["ben"],
        AuditAsked(actions=("app.rotate", "nothing")): [""],
        AuditAsked(operator="ann", actions=("user.ban",)): ["ben"],
        AuditAsked(operator="nobody"): [],
    }
    for which, subjects in asked.items():
        assert subjects == [each.subject for each in await audit.page(which, 10)]


async def test_whatever_it_was_can_be_written_down(world: World) -> None:
    """What was sent from outside may be long, and no text."""
    entry = await world.actions.audit.begin("x" * 1000, "", "login", "", "a\x00\ud800b")
    await world.actions.audit.settle(entry, DONE, "y" * 9000)
    [kept] = await world.actions.audit.page(ALL, 0)
    assert (256, "a?b", 1000) == (len(kept.operator), kept.subject, len(kept.detail))


async def test_nobody_fills_the_log_from_outside(world: World) -> None:
    """Of more attempts than a person reads there is only their number, once an hour; then it begins anew."""
    audit = world.actions.audit
    for at in range(MOST_REFUSALS + 7):
        await audit.refused(f"x{at}", f"10.0.0.{at}", "login", "bad_credential")
    assert [f"x{MOST_REFUSALS - 1}"] == [each.operator for each in await audit.page(ALL, 1)]
    world.clock.advance(REFUSALS_WITHIN)
    await audit.tidy()
    await audit.tidy()
    [summed, last] = await audit.page(ALL, 2)
    assert ("", "login", "bad_credential", "7 more within the hour") == (
        summed.operator,
        summed.action,
        summed.outcome,
        summed.detail,
    )
    assert f"x{MOST_REFUSALS - 1}" == last.operator
    await audit.refused("y", "10.0.0.1", "login", "bad_credential")
    assert ["y", ""] == [each.operator for each in await audit.page(ALL, 2)]


async def test_old_entries_go(world: World) -> None:
    """After a good year."""
    await world.actions.audit.begin("ann", "", "login")
    world.clock.advance(AUDIT_KEPT)
    await world.actions.audit.begin("bob", "", "login")
    await world.actions.audit.tidy()
    assert ["bob", "ann"] == [each.operator for each in await world.actions.audit.page(ALL, 10)]
    world.clock.advance(1)
    await world.actions.audit.tidy()
    assert ["bob"] == [each.operator for each in await world.actions.audit.page(ALL, 10)]
