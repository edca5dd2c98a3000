"""The repository of users."""

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.user import Profile, User
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked


async def add(stage: Stage, *clients: ClientId) -> list[ClientId]:
    """Have these known."""
    async with stage.store.begin() as tx:
        return await tx.users.add_missing(HALL, clients, stage.clock.now())


async def test_newcomers_get_ascending_uids(stage: Stage) -> None:
    """The first user of an app is number 1, in the order in which they were named."""
    assert [BEN, ADA] == await add(stage, BEN, ADA)
    assert [CY] == await add(stage, ADA, CY)
    known = await stage.store.read.users.find_many(HALL, [ADA, BEN, CY])
    assert {ADA: 2, BEN: 1, CY: 3} == {client: user.uid for client, user in known.items()}


async def test_a_name_given_twice_is_one_user(stage: Stage) -> None:
    """A repeated client id is created once."""
    assert [ADA] == await add(stage, ADA, ADA)


async def test_a_user_is_found_by_its_number(stage: Stage) -> None:
    """Within its app; other numbers, however large, are nobody's."""
    await add(stage, ADA, BEN)
    find = stage.store.read.users.find_by_uid
    assert await stage.store.read.users.find(HALL, BEN) == await find(HALL, 2)
    assert [None] * 5 == [await find(HALL, number) for number in (0, -1, 3, 1 << 63, 1 << 70)]
    assert await find(ANNEX, 2) is None


async def test_nobody_is_created_from_nothing(stage: Stage) -> None:
    """An empty list creates nobody."""
    assert [] == await add(stage)


async def test_each_app_counts_for_itself(stage: Stage) -> None:
    """The same client id in another app is somebody else, number 1 there."""
    await add(stage, ADA, BEN)
    async with stage.store.begin() as tx:
        await tx.users.add_missing(ANNEX, [BEN], stage.clock.now())
    found = await stage.store.read.users.find(ANNEX, BEN)
    assert found is not None
    assert 1 == found.uid
    assert await stage.store.read.users.find(ANNEX, ADA) is None


async def test_put_creates_with_what_is_given(stage: Stage) -> None:
    """A profile of a stranger makes a user."""
    at = stage.clock.now()
    async with stage.store.begin() as tx:
        user = await tx.users.put(HALL, ADA, Profile(nickname="Ada", ext='{"a":1}'), at)
    assert User(HALL, ADA, 1, nickname="Ada", ext='{"a":1}', created_at=at) == user
    assert user == await stage.store.read.users.find(HALL, ADA)


async def test_put_changes_only_what_is_given(stage: Stage) -> None:
    """What a profile leaves out stays, and so do the uid and the time of creation."""
    async with stage.store.begin() as tx:
        before = await tx.users.put(HALL, ADA, Profile(nickname="Ada", avatar="a.png"), stage.clock.now())
    stage.clock.advance(5)
    async with stage.store.begin() as tx:
        after = await tx.users.put(HALL, ADA, Profile(nickname="Countess"), stage.clock.now())
    assert User(HALL, ADA, 1, nickname="Countess", avatar="a.png", created_at=before.created_at) == after


async def test_pages_are_newest_first(stage: Stage) -> None:
    """By uid, descending; a page past the end is empty and knows the total."""
    await add(stage, ADA, BEN, CY)
    first = await stage.store.read.users.page(HALL, PageAsked(1, 2))
    assert ([CY, BEN], 3) == ([user.client_id for user in first.rows], first.total)
    beyond = await stage.store.read.users.page(HALL, PageAsked(9, 2))
    assert ([], 3) == (beyond.rows, beyond.total)


async def test_banning_and_letting_in(stage: Stage) -> None:
    """The mark stays until it is taken back."""
    await add(stage, ADA, BEN)
    async with stage.store.begin() as tx:
        banned = await tx.users.set_banned(HALL, ADA, True)
    assert banned is not None
    assert banned.banned
    assert {(HALL, ADA)} == await stage.store.read.users.banned()
    async with stage.store.begin() as tx:
        await tx.users.set_banned(HALL, ADA, False)
    assert set() == await stage.store.read.users.banned()


async def test_a_stranger_is_not_banned(stage: Stage) -> None:
    """Nobody of that name: None."""
    async with stage.store.begin() as tx:
        assert await tx.users.set_banned(HALL, ADA, True) is None


async def test_what_names_may_hold(stage: Stage) -> None:
    """Quotes, backslashes and letters of every script come back as they were."""
    odd = ClientId("o'dd\"\\小🙂")
    assert [odd] == await add(stage, odd)
    assert [odd] == list(await stage.store.read.users.find_many(HALL, [odd, BEN]))


async def test_who_was_thrown_out_is_known_since_when(stage: Stage) -> None:
    """The last time counts; of who is unknown nothing is."""
    await stage.app()
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA, BEN], stage.clock.now())
        await tx.users.set_kicked(HALL, ADA, 7)
        await tx.users.set_kicked(HALL, ADA, 9)
        await tx.users.set_kicked(HALL, CY, 9)
    kicked_at = stage.store.read.users.kicked_at
    assert [9, 0, 0] == [await kicked_at(HALL, client) for client in (ADA, BEN, CY)]
    kicked_since = stage.store.read.users.kicked_since
    assert [{ADA: 9}, {}, {}] == [
        await kicked_since(app_id, clients, at)
        for app_id, clients, at in ((HALL, [ADA, BEN], 9), (HALL, [ADA], 10), (ANNEX, [ADA], 0))
    ]
