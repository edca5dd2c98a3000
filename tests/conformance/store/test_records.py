"""What is kept of one client, wherever it lies; and what operators look for."""

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Kind
from parlance.core.model.member import PLAIN
from parlance.core.model.restriction import Restriction
from parlance.core.model.stored_file import StoredFile
from parlance.core.model.user import Profile
from parlance.kernel.ids import message_hex
from parlance.kernel.pages import PageAsked

PAGE = PageAsked(1, 10)


async def test_where_somebody_is_and_was(stage: Stage) -> None:
    """With when it came and went; of other apps nothing."""
    talk, other = await stage.group(ADA, BEN, conv_id="talk"), await stage.group(BEN, conv_id="other")
    await stage.group(BEN, conv_id="elsewhere", app_id=ANNEX)
    stage.clock.advance(5)
    async with stage.store.begin() as tx:
        await tx.members.leave(other.id, [BEN], stage.clock.now())
    stays = await stage.store.read.records.stays(HALL, BEN)
    assert [("talk", None), ("other", stage.clock.now())] == [(stay.conv_id, stay.left_at) for stay in stays]
    assert [talk.id, other.id] == [stay.conversation for stay in stays]


async def test_where_somebody_only_spoke(stage: Stage) -> None:
    """Where everybody may speak nobody is written down: from its first word there to its last; what is gone is not."""
    room = await stage.conversation(Kind.ROOM, conv_id="room")
    await stage.conversation(Kind.ROOM, conv_id="silent")
    began = stage.clock.now()
    said = await stage.say(room, BEN, "one")
    await stage.say(room, ADA, "two")
    stage.clock.advance(5)
    await stage.say(room, BEN, "three")
    [stay] = await stage.store.read.records.stays(HALL, BEN)
    assert (room.id, "room", began, stage.clock.now()) == (
        stay.conversation,
        stay.conv_id,
        stay.joined_at,
        stay.left_at,
    )
    assert [] == await stage.store.read.records.stays(ANNEX, BEN)
    async with stage.store.begin() as tx:
        await tx.records.forget_messages(room.id, [said.id])
    [stay] = await stage.store.read.records.stays(HALL, BEN)
    assert stage.clock.now() == stay.joined_at


async def test_what_somebody_said_is_read_and_forgotten(stage: Stage) -> None:
    """In pieces; the others' words stay, and so do the places."""
    talk = await stage.group(ADA, BEN)
    for text, sender in (("one", BEN), ("two", ADA), ("three", BEN), ("four", BEN)):
        await stage.say(talk, sender, text)
    said = await stage.store.read.records.said(talk.id, BEN, 1, 1)
    assert ["three"] == [message.text for message in said]
    said = await stage.store.read.records.said(talk.id, BEN, 0, 9)
    async with stage.store.begin() as tx:
        assert 3 == await tx.records.forget_messages(talk.id, [message.id for message in said])
    assert [2] == await stage.seqs(talk)
    assert [] == await stage.store.read.records.said(talk.id, BEN, 0, 9)
    assert [] == await stage.verify()


async def test_somebody_is_forgotten(stage: Stage) -> None:
    """Everywhere but where it is in; it stays out, and its number stays taken."""
    for app in (HALL, ANNEX):
        await stage.app(app)
    talk, left = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    now = stage.clock.now()
    async with stage.store.begin() as tx:
        await tx.users.put(HALL, BEN, Profile(nickname="Benny", ext="{}", level="9"), now)
        await tx.users.put(ANNEX, BEN, Profile(nickname="another"), now)
        await tx.members.set_alias(talk.id, BEN, "B")
        await tx.members.leave(left.id, [BEN], now)
        await tx.restrictions.put(talk.id, {BEN: Restriction(blocked=True)}, now, None)
        await tx.join_requests.add(left.id, BEN, now)
        await tx.files.add(StoredFile(HALL, "k", "f", "text/plain", 1, now, BEN))
    assert [(talk.conv_id, 0, True)] == await stage.store.read.records.restricted(HALL, BEN)
    assert ["k"] == [file.key for file in await stage.store.read.records.uploads(HALL, BEN)]
    async with stage.store.begin() as tx:
        await tx.records.forget(HALL, BEN, now + 7)
    user = await stage.store.read.users.find(HALL, BEN)
    assert user is not None
    assert ("", None, "", True, 1) == (user.nickname, user.ext, user.level, user.banned, user.uid)
    assert now + 7 == await stage.store.read.users.kicked_at(HALL, BEN)
    assert [talk.conv_id] == [stay.conv_id for stay in await stage.store.read.records.stays(HALL, BEN)]
    assert {} == await stage.store.read.members.aliases(talk.id)
    assert [] == await stage.store.read.records.restricted(HALL, BEN)
    other = await stage.store.read.users.find(ANNEX, BEN)
    assert other is not None
    assert ("another", False) == (other.nickname, other.banned)
    assert [] == await stage.verify()


async def test_users_are_looked_for(stage: Stage) -> None:
    """By a part of their id or of any name, newest first."""
    async with stage.store.begin() as tx:
        for client, profile in ((ADA, Profile(name="Lovelace")), (BEN, Profile(nickname="Love")), (CY, Profile())):
            await tx.users.put(HALL, client, profile, 0)
        await tx.users.put(ANNEX, ADA, Profile(name="Lovelace"), 0)
    for words, expected in (("LOVE", [BEN, ADA]), ("cy", [CY]), ("", [CY, BEN, ADA]), ("爱", [])):
        page = await stage.store.read.users.search(HALL, f"%{words}%", PAGE)
        assert (expected, len(expected)) == ([user.client_id for user in page.rows], page.total)


async def test_conversations_are_looked_for(stage: Stage) -> None:
    """By a good part of their id, by their number, by who is in; deleted ones are gone."""
    one, two = await stage.group(ADA, BEN, conv_id="abcdef-one"), await stage.group(ADA, conv_id="abcdef-two")
    await stage.group(ADA, conv_id="abcdef-three", app_id=ANNEX)
    await stage.delete(await stage.group(ADA, conv_id="abcdef-gone"))
    for words, member, expected in (
        ("", None, [two, one]),
        ("ABCDEF", None, [two, one]),
        ("abc", None, []),
        (str(two.group_id), None, [two]),
        ("", BEN, [one]),
        ("abcdef-two", BEN, []),
        ("9" * 30, None, []),
    ):
        page = await stage.store.read.conversations.like(HALL, words, member, stage.clock.now(), PAGE)
        assert [each.id for each in expected] == [each.id for each in page.rows], words
        assert len(expected) == page.total


async def test_a_message_is_found_anywhere(stage: Stage) -> None:
    """By its id alone."""
    talk = await stage.group(ADA, BEN)
    said = await stage.say(talk, ADA, "one")
    assert [said.id] == [message.id for message in await stage.store.read.messages.anywhere(said.msg_id)]
    for nothing in (message_hex(7), "nothing", "a\x00b"):
        assert [] == await stage.store.read.messages.anywhere(nothing)


async def test_how_people_stand_to_a_message(stage: Stage) -> None:
    """Who was in, who came later, who went; and how far each has come."""
    talk = await stage.group(ADA, BEN)
    await stage.say(talk, ADA, "one")
    async with stage.store.begin() as tx:
        stage.clock.advance(1)
        await tx.members.join(talk.id, {CY: PLAIN}, stage.clock.now())
        await tx.members.leave(talk.id, [BEN], stage.clock.now())
    found = {each.client_id: each for each in await stage.store.read.members.arrivals(talk.id, 1, 9)}
    assert {ADA: (0, 1, None), BEN: (0, 0, stage.clock.now()), CY: (1, 1, None)} == {
        client: (each.joined_seq, each.read_seq, each.left_at) for client, each in found.items()
    }
    assert 2 == len(await stage.store.read.members.arrivals(talk.id, 1, 2))


async def test_files_page_by_page(stage: Stage) -> None:
    """Newest first, with what all of them weigh."""
    async with stage.store.begin() as tx:
        for at in range(3):
            await tx.files.add(StoredFile(HALL, f"k{at}", "f", "text/plain", 10, at))
    page, size = await stage.store.read.files.page(HALL, PageAsked(2, 2))
    assert (["k0"], 3, 30) == ([file.key for file in page.rows], page.total, size)
    assert 0 == (await stage.store.read.files.page(ANNEX, PAGE))[1]
