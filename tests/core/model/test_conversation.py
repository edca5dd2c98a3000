"""Conversations."""

import msgspec
import pytest

from core.world import refused
from parlance.core.model.conversation import (
    ABILITIES,
    LARGEST_EXT,
    Kind,
    judge_ext,
    judge_size,
    kind_of,
    lifetime,
    only_other,
    pair,
)
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients, conversation

ADA, BEN = ClientId("ada"), ClientId("ben")


@pytest.mark.parametrize(
    ("kind", "can"),
    [
        (Kind.DIRECT, {"fixed_members", "counts_unread", "loosens"}),
        (Kind.TEMPORARY, {"expires", "members_invite", "counts_unread"}),
        (Kind.GROUP, {"members_invite", "counts_unread", "numbered"}),
        (Kind.ROOM, {"present_members", "open_floor"}),
        (Kind.SYSTEM, {"fixed_members", "counts_unread", "addressed", "the_apps_own"}),
        (Kind.SERVICE, {"counts_unread", "addressed", "open_floor"}),
    ],
)
def test_every_kind_has_its_row(kind: Kind, can: set[str]) -> None:
    """What a kind can do is said in one table."""
    asked_for = set(ABILITIES[kind].__struct_fields__)
    abilities = conversation(kind=kind).abilities
    assert abilities is ABILITIES[kind]
    assert can == {name for name in asked_for if getattr(abilities, name)}


def test_kinds_are_numbered() -> None:
    """As the platform document numbers them; other numbers are no kinds."""
    assert [Kind.DIRECT, Kind.TEMPORARY, Kind.GROUP, Kind.ROOM] == [kind_of(number) for number in (1, 2, 3, 4)]
    for number in (0, 5, 6, -1, 1 << 70):
        assert FaultCode.WRONG_KIND is refused(lambda number=number: kind_of(number))  # type: ignore[misc]


def test_an_end_comes_at_its_moment() -> None:
    """Not before; what has no end is never over."""
    brief = msgspec.structs.replace(conversation(), expires_at=1_000)
    assert [False, True, True] == [brief.over(now) for now in (999, 1_000, 1_001)]
    assert not conversation().over(1 << 62)


def test_a_pair_has_one_order() -> None:
    """Whoever is named first."""
    assert (ADA, BEN) == pair(ADA, BEN) == pair(BEN, ADA)


@pytest.mark.parametrize(("seconds", "expected"), [(None, 77), (1, SECOND), (60, 60 * SECOND), (2_592_000, 30 * DAY)])
def test_a_lifetime_is_in_seconds(seconds: int | None, expected: int) -> None:
    """From one second to thirty days; what is not said is the app's."""
    assert expected == lifetime(seconds, 77)


@pytest.mark.parametrize("seconds", [0, -1, 2_592_001, 1 << 70])
def test_a_lifetime_has_bounds(seconds: int) -> None:
    """Nothing shorter, nothing longer."""
    assert FaultCode.BAD_FORMAT is refused(lambda: lifetime(seconds, 77))


def test_the_other_of_two() -> None:
    """Naming oneself as well does no harm."""
    assert BEN == only_other(ADA, [BEN])
    assert BEN == only_other(ADA, [ADA, BEN])


@pytest.mark.parametrize("others", ["", "ada", "ben cy"])
def test_two_it_must_be(others: str) -> None:
    """No other, or more than one, is no direct conversation."""
    assert FaultCode.WRONG_KIND is refused(lambda: only_other(ADA, clients(others.split())))


def test_a_conversation_takes_its_capacity() -> None:
    """And nobody more."""
    judge_size(2, 2)
    assert FaultCode.FULL is refused(lambda: judge_size(2, 3))


def test_an_extension_is_measured_in_bytes() -> None:
    """64 KiB of them, and none at all is fine."""
    judge_ext(None)
    judge_ext("x" * LARGEST_EXT)
    judge_ext("é" * (LARGEST_EXT // 2))
    for ext in ("x" * (LARGEST_EXT + 1), "é" * (LARGEST_EXT // 2) + "x"):
        assert FaultCode.BAD_FORMAT is refused(lambda ext=ext: judge_ext(ext))  # type: ignore[misc]
