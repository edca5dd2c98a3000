"""Members."""

import msgspec

from parlance.core.model.member import OWNER, PLAIN, Inbox, Role, Roster
from parlance.kernel.ids import ClientId
from realtime.parts import clients, conversation

ADA, BEN, CY = clients(["ada", "ben", "cy"])
ROSTER = Roster(conversation(), {ADA: OWNER, BEN: PLAIN})


def test_roles_rise() -> None:
    """Each may what the one below it may."""
    assert Role.MEMBER < Role.ADMIN < Role.OWNER


def test_a_roster_knows_how_everybody_stands() -> None:
    """And that others do not."""
    assert (OWNER, PLAIN, None) == tuple(map(ROSTER.standing, (ADA, BEN, CY)))


def test_people_come_at_the_end() -> None:
    """Who comes with another standing stands so from then on; the roster before stays as it was."""
    after = ROSTER.joined_by({CY: PLAIN, BEN: OWNER})
    assert {ADA: OWNER, BEN: OWNER, CY: PLAIN} == after.members
    assert [ADA, BEN, CY] == list(after.members)
    assert {ADA: OWNER, BEN: PLAIN} == ROSTER.members


def test_people_go() -> None:
    """Who was not in changes nothing."""
    assert {ADA: OWNER} == ROSTER.left_by([BEN, CY]).members
    assert ROSTER == ROSTER.left_by(iter([ClientId("eve")]))


def test_what_is_said_about_it_changes() -> None:
    """And who is in does not."""
    other = msgspec.structs.replace(conversation(), ext="{}")
    assert Roster(other, ROSTER.members) == ROSTER.about(other)


def test_unread_is_what_came_since() -> None:
    """Never less than nothing, though a copy of the conversation may be behind."""
    at_five = msgspec.structs.replace(conversation(), last_seq=5)
    assert [5, 2, 0, 0] == [Inbox(at_five, read_seq, 0).unread for read_seq in (0, 3, 5, 7)]
