"""What is asked for when a group is made or changed."""

from typing import Any

import pytest

from core.world import refused
from parlance.core.model.group import HIGHEST_ID, GroupChange, NewGroup, judge_change, judge_new_group
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

ADA = ClientId("ada")
MUCH = "x" * 70_000


@pytest.mark.parametrize(
    "fine",
    [
        {},
        {"code": "4711"},
        {"code": "00000000"},
        {"capacity": 1},
        {"capacity": 10_000},
        {"organization_id": 0},
        {"organization_id": HIGHEST_ID},
        {"conv_id": ConvId("5673c5ef60b27f7a2627062f")},
        {"conv_id": ConvId("x" * 64)},
        {"name": "群聊", "avatar": "http://pic.hisihi.com/232rwfrqw.jpg", "description": "群描述信息"},
    ],
)
def test_what_is_fine(fine: dict[str, Any]) -> None:
    """It passes without a word."""
    judge_new_group(NewGroup(ADA, **fine))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "471"}, "code"),
        ({"code": "471100000"}, "code"),
        ({"code": "47 1"}, "code"),
        ({"code": "４７１１"}, "code"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 10_001}, "capacity"),
        ({"organization_id": -1}, "organization_id"),
        ({"organization_id": HIGHEST_ID + 1}, "organization_id"),
        ({"conv_id": ConvId("")}, "conversation_id"),
        ({"conv_id": ConvId("a/b c")}, "conversation_id"),
        ({"conv_id": ConvId("x" * 65)}, "conversation_id"),
        ({"name": MUCH}, "name"),
        ({"avatar": "\x00"}, "avatar"),
        ({"name": "x" * 40_000, "description": "x" * 40_000}, "description"),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any], field: str) -> None:
    """By its field."""
    with pytest.raises(Fault) as caught:
        judge_new_group(NewGroup(ADA, **wrong))
    assert (FaultCode.BAD_FORMAT, field) == (caught.value.code, caught.value.field)


def test_a_change_changes_something() -> None:
    """Nothing set is something left out."""
    assert FaultCode.MISSING_FIELD is refused(lambda: judge_change(GroupChange()))


def test_changes_are_judged_alike() -> None:
    """What is not set is not judged."""
    judge_change(GroupChange(name=""))
    judge_change(GroupChange("n", "a", "d", 7))
    for wrong in (GroupChange(name=MUCH), GroupChange(description="\ud800"), GroupChange(capacity=0)):
        assert FaultCode.BAD_FORMAT is refused(lambda wrong=wrong: judge_change(wrong))  # type: ignore[misc]
