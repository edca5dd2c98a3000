"""What a client can do: speak, read, change, watch, and work with files."""

import asyncio
import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cast import PATIENCE
from client.test_faults import HASTY, QUICK, client, sleepless, texts, until
from parlance.client import (
    BadFormat,
    Change,
    Changed,
    Client,
    Closed,
    Event,
    FileTooLarge,
    FrameTooLarge,
    Kind,
    Message,
    MessageType,
    MissingField,
    NotAMember,
    Notice,
    NotLoggedIn,
    Presence,
    Read,
    Start,
    TooMuchWaiting,
    Typing,
    UnknownConversation,
    UnknownUser,
    WrongFile,
)
from parlance.testing import Sandbox


async def test_a_message_with_everything(place: Sandbox, ada: str, ben: str) -> None:
    """What is sent is what its reader and every list has, decoded."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, client(place, ben) as reader:
        heard = reader.messages()
        sent = await sender.send(
            conv_id, "hi", attr={"mood": ["good"]}, url="https://x.test/a", mentions=[ben], mention_all=True
        )
        assert sent == await anext(heard)
        assert [sent] == (await reader.history(conv_id)).messages
        assert (1, ada, {"mood": ["good"]}, (ben,)) == (sent.seq, sent.sender, sent.attr, sent.mentions)
        picture = await sender.send(conv_id, type=MessageType.IMAGE, url="https://x.test/a.png")
        assert (MessageType.IMAGE, None) == (picture.type, picture.text)
        passing = await sender.send(conv_id, "psst", transient=True)
        assert (None, True) == (passing.seq, passing.transient)
        assert ["hi", None, "psst"] == ["hi", *await texts(heard, 2)]


async def test_events(place: Sandbox, ada: str, ben: str) -> None:
    """Everything that happens is told in its own words."""
    async with client(place, ada) as one, client(place, ben) as other, place.backend() as backend:
        assert {ada: True, "nobody": False} == await other.watch(ada, "nobody")
        conv_id = await one.open_group(ben, extend={"title": "us"})
        said = await one.send(conv_id, "hello")
        await one.typing(conv_id)
        await other.mark_read(said)
        edited = await one.edit(said, "hello!")
        await one.recall(edited)
        await backend.extend_conversation(conv_id, {"title": "we"})
        await one.remove_members(conv_id, [ben])
        told = await until(other.events(), lambda told: told[-1:] and getattr(told[-1], "what", None) is Change.LEFT)
        kinds = [event.what if isinstance(event, Changed) else type(event).__name__ for event in told]
        expected = [Change.JOINED, "Message", "Typing", "Edited", "Recalled", Change.UPDATED, Change.LEFT]
        assert ["Connected", *expected] == kinds
        marks = await until(one.events(), lambda told: isinstance(told[-1], Read))
        assert Read(conv_id, ben, 1, marks[-1].time) == marks[-1]  # type: ignore[attr-defined]
        await other.watch(ada)
        await one.close()
        gone = await until(other.events(), lambda told: isinstance(told[-1], Presence))
        assert Presence({ada: False}) == gone[-1]
        assert Typing(conv_id, ada) in told


async def test_conversations(place: Sandbox, ada: str, ben: str) -> None:
    """Opened, found, changed, left, deleted; and how they stand."""
    place.user(ben)
    async with client(place, ada) as one, client(place, ben) as other:
        direct = await one.open_direct(ben)
        assert direct == await other.open_direct(ada) == (await other.send_to(ada, "hi")).conv_id
        group = await one.open_group(ben)
        temporary = await one.open_temporary(ben, lifetime=60)
        assert [ada, ben] == sorted(await one.members(group))
        await other.leave_group(group)
        assert [ada] == await one.members(group)
        await one.extend_conversation(group, {"topic": 7})
        (found,) = (await one.find_conversations([("conv_id", "=", group)])).rows
        assert (Kind.GROUP, ada, 1, {"topic": 7}) == (found.kind, found.creator, found.size, found.extend)
        standing = {each.conv_id: each for each in await one.standings()}
        assert {direct, group, temporary} == set(standing)
        assert (1, "hi") == (standing[direct].unread, (standing[direct].last_message or found).text)  # type: ignore[union-attr]
        await one.delete_conversation(group)
        with pytest.raises(UnknownConversation):
            await one.members(group)
        assert 2 == len([each async for each in one.all_conversations()])


async def test_a_room_is_entered_again_after_a_cut(place: Sandbox, ada: str, ben: str) -> None:
    """And what was said there meanwhile is told."""
    async with client(place, ada) as one, client(place, ben) as other:
        room = await one.open_room()
        await one.join(room)
        await other.join(room)
        heard = other.messages()
        await one.send(room, "0")
        assert ["0"] == await texts(heard, 1)
        place.faults.disconnect(ben)
        await other.ask_time()
        await one.send(room, "1")
        await one.send(room, "2")
        assert ["1", "2"] == await texts(heard, 2)
        await other.leave(room)
        assert [ada] == await one.members(room)


async def test_the_app_itself_speaks(place: Sandbox, ada: str, ben: str) -> None:
    """What it says are notices, so that nobody answers them by mistake."""
    place.user(ben)
    async with client(place, ada) as one, place.backend() as backend:
        async with backend._rest._http.post(  # groups of the campus dialect tell their people
            f"{place.url}/im/group",
            json={"group_name": "Class 3", "admin_uid": ben, "member_client_ids": ada},
            headers={"app-id": place.app_id, "app-key": place.key},
        ) as answer:
            assert 201 == answer.status
        told = await until(one.events(), lambda told: isinstance(told[-1], Notice))
        assert "added_to_group" == told[-1].message.attr["sys_message_type"]  # type: ignore[attr-defined]


async def test_files(place: Sandbox, ada: str, tmp_path: Path) -> None:
    """Up and down, from memory and from a file; what is not what its name says is refused."""
    (tmp_path / "note.txt").write_text("from a file")
    async with client(place, ada) as one:
        assert b"hello" == await one.download(await one.upload(b"hello", "hello.txt"))
        assert b"from a file" == await one.download(await one.upload(tmp_path / "note.txt"))
        address = await one.upload(b"hello", "hello.txt")
        assert b"hello" == await one.download(address, most=5)
        with pytest.raises(FileTooLarge):
            await one.download(address, most=4)
        with pytest.raises(WrongFile):
            await one.upload(b"no picture", "picture.png")


async def test_who_it_is(place: Sandbox, ada: str) -> None:
    """A token says whose it is; a nickname goes with the login."""
    async with Client(place.url, place.app_id, place.token(ada), nickname="Ada") as one:
        assert ada == one.client_id
        assert "Ada" == (await one.user(ada)).nickname
        assert "Countess" == (await one.change_user(ada, nickname="Countess")).nickname
    with pytest.raises(ValueError, match="client_id"):
        Client(place.url, place.app_id)


async def test_a_token_that_ran_out_is_fetched_anew(place: Sandbox, ada: str) -> None:
    """By the socket and by REST alike; where nobody can fetch another, that is the end."""
    fetched: list[str] = []

    async def fetch() -> str:
        fetched.append(place.token(ada, lifetime=30))
        return fetched[-1]

    async with Client(place.url, place.app_id, fetch, client_id=ada, pace=QUICK, sleep=sleepless) as one:
        place.advance(31)
        place.faults.disconnect(ada)
        async with asyncio.timeout(PATIENCE):
            await one.ask_time()
        assert 2 == len(fetched)
        place.advance(31)
        assert ada == (await one.user(ada)).client_id
        assert 3 == len(fetched)
    with pytest.raises(NotLoggedIn):
        async with Client(place.url, place.app_id, fetched[0]):
            pass


async def test_refusals_name_the_field(place: Sandbox, ada: str) -> None:
    """Over the socket and over REST; with the server's code."""
    conv_id = place.group(ada)
    async with client(place, ada) as one, place.backend() as backend:
        with pytest.raises(BadFormat) as refusal:
            await one.history(conv_id, after=-1)
        assert (4406, "after_seq") == (refusal.value.code, refusal.value.field)
        with pytest.raises(MissingField) as missing:
            await one.send(conv_id)
        assert (4001, "text") == (missing.value.code, missing.value.field)
        with pytest.raises(BadFormat) as wrong:
            await backend.users(page=0)
        assert (4406, "page", 200) == (wrong.value.code, wrong.value.field, wrong.value.status)
        with pytest.raises(UnknownUser) as unknown:
            await backend.user("nobody")
        assert None is unknown.value.field
        with pytest.raises(NotAMember):
            await one.history(place.group("somebody"))


async def test_where_it_begins(place: Sandbox, ada: str, ben: str) -> None:
    """Now, with what is unread, at the beginning, or where an earlier life broke off in the middle of a message."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender:
        for number in range(4):
            said = await sender.send(conv_id, f"{number}")
            if number == 1:
                async with client(place, ben) as reader:
                    await reader.mark_read(said)
                    await reader.ask_time()
        async with client(place, ben, start=Start.UNREAD) as reader:
            assert ["2", "3"] == await texts(reader.messages(), 2)
        async with client(place, ben, start=Start.BEGINNING) as reader:
            heard = reader.messages()
            assert ["0", "1", "2"] == await texts(heard, 3)
            kept = reader.bookmarks
        assert {conv_id: 2} == kept
        async with place.client(ben, pace=QUICK, bookmarks=kept) as reader:
            assert ["2", "3"] == await texts(reader.messages(), 2)
        async with client(place, ben) as reader:
            await sender.send(conv_id, "4")
            assert ["4"] == await texts(reader.messages(), 1)


async def test_what_is_too_much(place: Sandbox, ada: str) -> None:
    """Frames and what waits for answers are bounded, and who oversteps is told at once."""
    conv_id = place.group(ada)
    async with place.client(ada, pace=HASTY, sleep=sleepless, most_requests=2) as one:
        with pytest.raises(FrameTooLarge):
            await one.send(conv_id, "x" * 200_000)
        place.faults.drop("msg.send", client=ada)
        waiting = [asyncio.ensure_future(one.send(conv_id, "x")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchWaiting):
            await one.send(conv_id, "x")
        place.faults.clear()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*waiting)
    async with place.client(ada, pace=QUICK, sleep=sleepless, largest_frame=1 << 20) as one:
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(FrameTooLarge):
                await one.send(conv_id, "x" * 200_000)
            assert conv_id == (await one.send(conv_id, "short")).conv_id


async def test_the_end(place: Sandbox, ada: str) -> None:
    """Who iterates comes to the end, who waits is told, and nothing goes on behind anybody's back."""
    conv_id = place.group(ada)
    before = asyncio.all_tasks()
    async with client(place, ada) as one:
        events: list[Event] = []

        async def iterate() -> None:
            events.extend([event async for event in one.events()])

        iterating = asyncio.ensure_future(iterate())
        place.faults.drop("msg.send", client=ada)
        sending = asyncio.ensure_future(one.send(conv_id, "never"))
        await one.ask_time()
    await iterating
    with pytest.raises(Closed):
        await sending
    with pytest.raises(Closed):
        await one.send(conv_id, "too late")
    assert not [event for event in events if isinstance(event, Message)]
    assert before == asyncio.all_tasks()


async def test_a_frame_of_a_later_version_is_passed_over(place: Sandbox, ada: str, ben: str) -> None:
    """Like fields that nobody knows yet."""
    from parlance.client.line import _understood  # noqa: PLC0415 - what reads every frame

    assert None is _understood('{"type": "mood", "data": {}}')
    assert None is not _understood('{"type": "typing", "data": {"conv_id": "1", "client_id": "2", "mood": 3}}')


def test_it_needs_nothing_of_the_server() -> None:
    """Importing it takes aiohttp and msgspec, and no database, no Sphinx, no metrics."""
    program = "import sys, json, parlance.client; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    strangers = {
        "apsw",
        "asyncpg",
        "sqlalchemy",
        "alembic",
        "structlog",
        "prometheus_client",
        "google",
        "obstore",
        "nats",
    }
    assert set() == strangers & set(json.loads(said.stdout))


def test_a_token_that_is_none() -> None:
    """Whatever is shown in the place of a token, it does not say whose it is."""
    from parlance.client.credentials import client_in  # noqa: PLC0415 - of no use to anybody else

    no_object = base64.urlsafe_b64encode(b"[]").decode()
    assert [None] * 4 == [client_in(token) for token in ("", "a.b.c", f"x.{no_object}.x", "x.!!!!.x")]
