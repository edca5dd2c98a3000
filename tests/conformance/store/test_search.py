"""Questions about conversations."""

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked


@pytest.fixture
async def four(stage: Stage) -> list[Conversation]:
    """Four conversations a millisecond apart: Room-1 (updated), direct_2, Group%3 and a temporary one."""
    made = []
    for kind, members, conv_id in (
        (Kind.ROOM, (), "Room-1"),
        (Kind.DIRECT, (ADA, BEN), "direct_2"),
        (Kind.GROUP, (BEN, ADA, CY), "Group%3"),
        (Kind.TEMPORARY, (CY, BEN), "temporary4"),
    ):
        expires_at = stage.clock.now() + 1_000 if kind is Kind.TEMPORARY else None
        made.append(await stage.conversation(kind, *members, conv_id=conv_id, expires_at=expires_at))
        stage.clock.advance(1)
    await stage.group(ADA, BEN, app_id=ANNEX)
    return made


async def found(
    stage: Stage, *conditions: tuple[Field, Op, tuple[str | int, ...]], member: ClientId | None = None
) -> list[str]:
    """The public ids for which all hold; both ways of asking must agree."""
    asked = [Condition(field, op, values) for field, op, values in conditions]
    now = stage.clock.now()
    page = await stage.store.read.conversations.search(HALL, asked, now, PageAsked(1, 100), member)
    rows = await stage.store.read.conversations.matching(HALL, asked, now, member)
    assert page.rows == rows
    assert page.total == len(rows)
    return [row.conv_id for row in rows]


ALL = ["temporary4", "Group%3", "direct_2", "Room-1"]


async def test_no_condition_finds_everything_newest_first(stage: Stage, four: list[Conversation]) -> None:
    """All of the app's, none of another's."""
    assert ALL == await found(stage)


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        (Op.EQUAL, "direct_2", ["direct_2"]),
        (Op.UNEQUAL, "direct_2", ["temporary4", "Group%3", "Room-1"]),
        (Op.GREATER, "direct_2", ["temporary4"]),
        (Op.GREATER_OR_EQUAL, "direct_2", ["temporary4", "direct_2"]),
        (Op.LESS, "Room-1", ["Group%3"]),
        (Op.LESS_OR_EQUAL, "Room-1", ["Group%3", "Room-1"]),
        (Op.LIKE, "GROUP%", ["Group%3"]),
        (Op.LIKE, "%D%r%_2", ["direct_2"]),
        (Op.LIKE, "direct__", ["direct_2"]),
        (Op.LIKE, "direct", []),
        (Op.LIKE, "%\\%%", []),
    ],
)
async def test_texts(stage: Stage, four: list[Conversation], op: Op, value: str, expected: list[str]) -> None:
    """Texts compare by code point; `like` is SQL's, without escapes, ASCII case ignored."""
    assert expected == await found(stage, (Field.CONV_ID, op, (value,)))


async def test_case_is_ignored_for_ascii_alone(stage: Stage) -> None:
    """An Ä is no ä."""
    await stage.group(ADA, conv_id="Äb")
    assert ["Äb"] == await found(stage, (Field.CONV_ID, Op.LIKE, ("ÄB",)))
    assert [] == await found(stage, (Field.CONV_ID, Op.LIKE, ("äb",)))


async def test_several_values(stage: Stage, four: list[Conversation]) -> None:
    """`in` holds for each of the values, and for nothing if there are none."""
    assert ["direct_2", "Room-1"] == await found(stage, (Field.CONV_ID, Op.IN, ("Room-1", "direct_2", "x")))
    assert ["Group%3", "direct_2"] == await found(stage, (Field.CONV_TYPE, Op.IN, (1, 3)))
    assert [] == await found(stage, (Field.CONV_ID, Op.IN, ()))


async def test_kinds_and_creators(stage: Stage, four: list[Conversation]) -> None:
    """By the number of the kind, and by who made it."""
    assert ["Group%3"] == await found(stage, (Field.CONV_TYPE, Op.EQUAL, (3,)))
    assert ["Room-1"] == await found(stage, (Field.CONV_TYPE, Op.GREATER, (3,)))
    assert ["direct_2", "Room-1"] == await found(stage, (Field.CREATOR, Op.EQUAL, (ADA,)))
    assert ["Group%3"] == await found(stage, (Field.CREATOR, Op.LIKE, ("b%",)))


async def test_times_of_creation(stage: Stage, four: list[Conversation]) -> None:
    """In milliseconds."""
    second = four[1].created_at
    assert ["direct_2"] == await found(stage, (Field.CREATED, Op.EQUAL, (second,)))
    assert ["temporary4", "Group%3"] == await found(stage, (Field.CREATED, Op.GREATER, (second,)))
    assert ["direct_2", "Room-1"] == await found(stage, (Field.CREATED, Op.LESS_OR_EQUAL, (second,)))


async def test_what_was_never_changed_has_no_time_of_change(stage: Stage, four: list[Conversation]) -> None:
    """It is neither before nor after any time, and unequal to all."""
    async with stage.store.begin() as tx:
        await tx.conversations.update(_updated(four[0], 500))
    assert ["Room-1"] == await found(stage, (Field.UPDATED, Op.LESS, (501,)))
    assert ["Room-1"] == await found(stage, (Field.UPDATED, Op.IN, (500,)))
    assert ALL[:3] == await found(stage, (Field.UPDATED, Op.UNEQUAL, (500,)))
    assert ALL == await found(stage, (Field.UPDATED, Op.UNEQUAL, (1,)))


def _updated(conversation: Conversation, at: int) -> Conversation:
    return Conversation(
        conversation.id,
        conversation.app_id,
        conversation.conv_id,
        conversation.kind,
        conversation.creator,
        conversation.created_at,
        conversation.capacity,
        updated_at=at,
    )


@pytest.mark.parametrize(
    ("op", "values", "expected"),
    [
        (Op.EQUAL, ("cy",), ["temporary4", "Group%3"]),
        (Op.UNEQUAL, ("cy",), ["direct_2", "Room-1"]),
        (Op.IN, ("ada", "nobody"), ["Group%3", "direct_2"]),
        (Op.LIKE, ("A%",), ["Group%3", "direct_2"]),
        (Op.GREATER, ("ben",), ["temporary4", "Group%3"]),
        (Op.LESS, ("ben",), ["Group%3", "direct_2"]),
    ],
)
async def test_members(
    stage: Stage, four: list[Conversation], op: Op, values: tuple[str, ...], expected: list[str]
) -> None:
    """A condition on members holds if one member fulfils it; `!=` if nobody is the one named."""
    assert expected == await found(stage, (Field.MEMBER, op, values))


async def test_who_left_is_no_member(stage: Stage, four: list[Conversation]) -> None:
    """Membership of the past is not searched."""
    async with stage.store.begin() as tx:
        await tx.members.leave(four[2].id, [CY], stage.clock.now())
    assert ["temporary4"] == await found(stage, (Field.MEMBER, Op.EQUAL, (CY,)))
    assert ["temporary4"] == await found(stage, member=CY)


async def test_all_conditions_must_hold(stage: Stage, four: list[Conversation]) -> None:
    """And only in conversations of the member who asks."""
    conditions = ((Field.MEMBER, Op.EQUAL, (BEN,)), (Field.MEMBER, Op.EQUAL, (CY,)))
    assert ["temporary4", "Group%3"] == await found(stage, *conditions)
    assert ["Group%3"] == await found(stage, *conditions, member=ADA)


async def test_what_is_over_or_deleted_is_not_found(stage: Stage, four: list[Conversation]) -> None:
    """Neither by its id nor among all."""
    await stage.delete(four[2])
    stage.clock.advance(1_000)
    assert ["direct_2", "Room-1"] == await found(stage)
    assert [] == await found(stage, (Field.CONV_ID, Op.EQUAL, ("Group%3",)))


async def test_pages(stage: Stage, four: list[Conversation]) -> None:
    """Cut from the newest on; one past the end is empty and knows the total."""
    search = stage.store.read.conversations.search
    second = await search(HALL, [], stage.clock.now(), PageAsked(2, 3), None)
    assert (["Room-1"], 4) == ([row.conv_id for row in second.rows], second.total)
    beyond = await search(HALL, [], stage.clock.now(), PageAsked(10**12, 100), None)
    assert ([], 4) == (beyond.rows, beyond.total)


async def test_numbers_beyond_all_measure(stage: Stage, four: list[Conversation]) -> None:
    """What does not fit in 64 bits compares as what it is: too large."""
    assert ALL == await found(stage, (Field.CREATED, Op.LESS, (10**40,)))
    assert [] == await found(stage, (Field.CREATED, Op.LESS, (-(10**40),)))
    assert [] == await found(stage, (Field.CONV_TYPE, Op.IN, (10**40,)))


async def test_questions_beyond_all_measure(stage: Stage) -> None:
    """Too many conditions, or too long a pattern, is a wrong format."""
    one = Condition(Field.CONV_ID, Op.EQUAL, ("x",))
    pattern = Condition(Field.CONV_ID, Op.LIKE, ("%" * 60_000,))
    for conditions in ([one] * 101, [pattern]):
        with pytest.raises(Fault) as refused:
            await stage.store.read.conversations.matching(HALL, conditions, 0, None)
        assert FaultCode.BAD_FORMAT == refused.value.code


async def test_quotes_are_only_letters(stage: Stage, four: list[Conversation]) -> None:
    """Nothing that is asked for becomes part of the statement."""
    assert [] == await found(stage, (Field.CONV_ID, Op.EQUAL, ("' OR 1=1 --",)))
    assert [] == await found(stage, (Field.CONV_ID, Op.IN, ('"] OR 1=1', "$1", "EACH_TEXT($1)")))
