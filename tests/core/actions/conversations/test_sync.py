"""Coming back."""

import contextlib
from collections.abc import Awaitable, Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.world import World, refusal
from parlance.core.actions.conversations.sync import Changed, Synced
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.message import NewContent
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

Change = Callable[[], Awaitable[object]]


async def _synced(world: World, caller: Caller, since: int = 0, most: int = 100) -> Synced:
    return await world.actions.sync(caller, since, most)


def _by_id(synced: Synced) -> dict[str, Changed]:
    return {row.inbox.conversation.conv_id: row for row in synced.rows}


async def test_it_tells_everything_to_a_newcomer(world: World) -> None:
    """From nothing, a client learns its conversations, how far each goes and what was said last."""
    await world.say("one")
    last = await world.say("two")
    (row,) = (await _synced(world, world.ben)).rows
    inbox = row.inbox
    assert (world.group, 2, 0, 2) == (inbox.conversation.conv_id, inbox.conversation.last_seq, 0, inbox.unread)
    assert last.msg_id == (row.last_message and row.last_message.msg_id)


async def test_own_messages_are_not_unread(world: World) -> None:
    """Who sends has read what it sent."""
    await world.say("one")
    (row,) = (await _synced(world, world.ada)).rows
    assert (1, 0) == (row.inbox.read_seq, row.inbox.unread)


async def test_what_was_said_before_one_came_is_not_unread(world: World) -> None:
    """Who comes into a conversation starts with nothing unread."""
    await world.say("one")
    await world.actions.invite(world.ada, world.group, (ClientId("cy"),))
    (row,) = (await _synced(world, world.cy)).rows
    assert 0 == row.inbox.unread


async def test_it_tells_only_what_changed(world: World) -> None:
    """What was the same long before the last sync is not told again."""
    await world.open(Kind.DIRECT, "ada", "ben")
    world.clock.advance(10 * SECOND)
    since = (await _synced(world, world.ada)).time
    world.clock.advance(10 * SECOND)
    await world.say("news", sender="ben")
    synced = await _synced(world, world.ada, since)
    assert [world.group] == list(_by_id(synced))


async def test_what_is_under_way_is_told_the_next_time(world: World) -> None:
    """The time of a sync lies a little back, for what was asked for before it and is committed after it."""
    now = world.clock.now()
    assert now - 5 * SECOND == (await _synced(world, world.ada, now - DAY)).time
    assert now - SECOND == (await _synced(world, world.ada, now - SECOND)).time


async def test_every_change_is_told(world: World) -> None:
    """A message, an edit, a recall, a new extension and a read mark each bring a conversation back."""
    sent = await world.say("one")
    actions, caller, group = world.actions, world.backend, world.group
    conditions = [Condition(Field.CONV_ID, Op.EQUAL, (group,))]
    changes: list[Change] = [
        lambda: world.say("more"),
        lambda: actions.edit(caller, group, sent.msg_id, NewContent("two", None)),
        lambda: actions.recall(caller, group, sent.msg_id),
        lambda: actions.update_conversations(caller, conditions, "{}"),
        lambda: actions.mark_read(world.ben, group, 1),
    ]
    for change in changes:
        world.clock.advance(10 * SECOND)
        since = (await _synced(world, world.ben)).time
        world.clock.advance(10 * SECOND)
        assert [] == (await _synced(world, world.ben, since)).rows
        await change()
        assert [group] == list(_by_id(await _synced(world, world.ben, since)))


async def test_who_was_removed_is_told_once(world: World) -> None:
    """A removed member learns that it is out, and nothing of what is said after."""
    await world.say("before")
    await world.actions.remove_members(world.ada, world.group, (ClientId("ben"),))
    world.clock.advance(20 * SECOND)
    await world.say("after")
    synced = await _synced(world, world.ben)
    assert [(True, None)] == [(row.inbox.left, row.last_message) for row in synced.rows]
    assert [] == (await _synced(world, world.ben, synced.time)).rows


async def test_what_is_gone_is_told_as_left(world: World) -> None:
    """A deleted conversation, and one that is over, come once more, as left."""
    brief = await world.open(Kind.TEMPORARY, "ben", "ada", ttl_seconds=60)
    await world.actions.delete_conversation(world.ada, world.group)
    world.clock.advance(60 * SECOND)
    rows = _by_id(await _synced(world, world.ben))
    assert {world.group: True, brief.conv_id: True} == {conv_id: row.inbox.left for conv_id, row in rows.items()}


async def test_rooms_are_not_in_it(world: World) -> None:
    """Nothing of a room waits for who was away."""
    world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ben")
    assert room.conv_id not in _by_id(await _synced(world, world.ben))


async def test_others_are_not_in_it(world: World) -> None:
    """A client hears of no conversation that it is not in."""
    assert [] == (await _synced(world, world.cy)).rows
    assert [] == (await _synced(world, world.dora)).rows


async def test_what_shares_a_millisecond_comes_together(world: World) -> None:
    """A page never ends amid changes of one millisecond, however small it is."""
    for _ in range(3):
        await world.open(Kind.GROUP, "ben")
    world.clock.advance(20 * SECOND)
    synced = await _synced(world, world.ben, most=2)
    assert 4 == len(synced.rows)
    assert synced.more
    assert [] == (await _synced(world, world.ben, synced.time, most=2)).rows


async def test_what_comes_in_the_same_millisecond_later_is_not_missed(world: World) -> None:
    """A page that ends with what has just happened does not pass over what happens in that same moment."""
    old = await world.open(Kind.GROUP, "ben")
    world.clock.advance(20 * SECOND)
    await world.say("one", sender="ben")
    page = await _synced(world, world.ben, most=2)
    assert page.more
    await world.say("in the same millisecond", sender="ben", conv_id=old.conv_id)
    rows = _by_id(await _synced(world, world.ben, page.time, most=2))
    assert 1 == rows[old.conv_id].inbox.conversation.last_seq


async def test_a_page_of_one_fresh_moment_goes_on(world: World) -> None:
    """Where everything changed in this very millisecond, all of it comes, and asking again comes to an end."""
    for _ in range(5):
        await world.open(Kind.GROUP, "ben")
    synced = await _synced(world, world.ben, world.clock.now() - 1, most=2)
    assert (6, False) == (len(synced.rows), synced.more)


async def test_a_time_to_come_counts_as_now(world: World) -> None:
    """A client whose clock is ahead misses nothing by it."""
    now = world.clock.now()
    assert now == (await _synced(world, world.ben, now + DAY)).time


async def test_the_backend_has_nothing_to_sync(world: World) -> None:
    """Only a client has an inbox."""
    assert FaultCode.NOT_PERMITTED is await refusal(_synced(world, world.backend))


async def test_a_time_is_not_negative(world: World) -> None:
    """A negative time is no time."""
    assert FaultCode.BAD_FORMAT is await refusal(_synced(world, world.ben, -1))


class Mirror:
    """A client that knows of its conversations what syncs have told it."""

    def __init__(self, world: World, name: ClientId) -> None:
        self.world = world
        self.caller = world.client(name)
        self.since = 0
        self.heights: dict[str, int] = {}
        self.left: set[str] = set()

    async def page(self, most: int) -> bool:
        """Ask for one page; whether there is more."""
        synced = await _synced(self.world, self.caller, self.since, most)
        assert synced.time > self.since or not synced.more, "there is more, and no way on"
        self.since = synced.time
        for conv_id, row in _by_id(synced).items():
            if row.inbox.left:
                self.left.add(conv_id)
            else:
                self.left.discard(conv_id)
                self.heights[conv_id] = row.inbox.conversation.last_seq
        return synced.more

    def believes(self) -> dict[str, int]:
        """The conversations that it thinks it is in, and their heights."""
        return {conv_id: height for conv_id, height in self.heights.items() if conv_id not in self.left}


class History:
    """Random things that happen to a client's conversations, and what is true after them."""

    def __init__(self, world: World, name: ClientId) -> None:
        self.world = world
        self.name = name
        self.heights: dict[str, int] = {}
        self.outside: set[str] = set()
        self.ends: dict[str, int] = {}

    async def opens(self) -> None:
        """A new group, or a conversation that ends before long."""
        brief = len(self.heights) % 3 == 2
        kind = Kind.TEMPORARY if brief else Kind.GROUP
        made = await self.world.open(kind, self.name, "ada", ttl_seconds=2 if brief else None)
        self.heights[made.conv_id] = 0
        if made.expires_at is not None:
            self.ends[made.conv_id] = made.expires_at

    async def says(self, which: int) -> None:
        """Ada says something somewhere."""
        conv_id = self._pick(which)
        with contextlib.suppress(Fault):
            await self.world.say("words", conv_id=conv_id)
            self.heights[conv_id] += 1

    async def goes_or_comes(self, which: int) -> None:
        """The client is taken out, or brought in again."""
        conv_id = self._pick(which)
        with contextlib.suppress(Fault):
            if conv_id in self.outside:
                await self.world.actions.invite(self.world.backend, ConvId(conv_id), (self.name,))
                self.outside.discard(conv_id)
            else:
                await self.world.actions.remove_members(self.world.backend, ConvId(conv_id), (self.name,))
                self.outside.add(conv_id)

    async def ends_one(self, which: int) -> None:
        """A conversation is deleted."""
        conv_id = self._pick(which)
        with contextlib.suppress(Fault):
            await self.world.actions.delete_conversation(self.world.backend, ConvId(conv_id))
            self.ends[conv_id] = 0

    def truth(self) -> dict[str, int]:
        """The conversations that the client is in, and their heights."""
        now = self.world.clock.now()
        gone = self.outside | {conv_id for conv_id, end in self.ends.items() if end <= now}
        return {conv_id: height for conv_id, height in self.heights.items() if conv_id not in gone}

    def _pick(self, which: int) -> str:
        return list(self.heights)[which % len(self.heights)]


_happening = st.one_of(
    st.tuples(st.just("opens"), st.just(0)),
    st.tuples(st.just("says"), st.integers(0, 9)),
    st.tuples(st.just("says"), st.integers(0, 9)),
    st.tuples(st.just("goes or comes"), st.integers(0, 9)),
    st.tuples(st.just("ends"), st.integers(0, 9)),
    st.tuples(st.just("time passes"), st.sampled_from([1, 1, 2, 999, 1_000, 5_000, 7_000])),
    st.tuples(st.just("a page"), st.integers(1, 4)),
    st.tuples(st.just("a page"), st.integers(1, 4)),
)


@given(happenings=st.lists(_happening, max_size=40), most=st.integers(1, 4))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_who_syncs_to_the_end_knows_everything(
    world: World, happenings: list[tuple[str, int]], most: int
) -> None:
    """Whatever happens between the pages of whichever syncs, who asks until there is no more knows how things are."""
    (name,) = await world.know(f"client{world.application.ids.message()}")
    history, mirror = History(world, name), Mirror(world, name)
    await history.opens()
    for what, number in happenings:
        match what:
            case "opens":
                await history.opens()
            case "says":
                await history.says(number)
            case "goes or comes":
                await history.goes_or_comes(number)
            case "ends":
                await history.ends_one(number)
            case "time passes":
                world.clock.advance(number)
            case _:
                await mirror.page(number)
    while await mirror.page(most):
        pass
    assert history.truth() == mirror.believes()
