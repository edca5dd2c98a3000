"""`parlance import verify leancloud`: what it looks at, and what it makes of what it finds."""

import gzip
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.world import World, peopled
from importing.leancloud import conversation, message
from importing.verified import (
    AT,
    NEWS,
    QUIET,
    ROOM,
    TALK,
    a_small_app,
    add_rows,
    bring_in,
    counted,
    found,
    look,
    made,
    moved,
    save,
    tamper,
)
from parlance.core.model.message import Draft, NewContent
from parlance.core.model.user import Profile
from parlance.importer.leancloud.errors import FolderError
from parlance.importer.leancloud.folder import Folder
from parlance.importer.leancloud.verifying.findings import Topic, What
from parlance.importer.leancloud.verifying.messages import Sampling
from parlance.importer.leancloud.verifying.verdict import Step
from parlance.kernel.ids import ClientId, ConvId

FIFTH = message(TALK, 4, 0)["msg-id"]
LAST = message(TALK, 29, 0)["msg-id"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small app is saved, once for all tests; each takes a copy."""
    return tmp_path_factory.mktemp("saved") / "app"


@pytest.fixture
async def folder(saved: Path, tmp_path: Path) -> Path:
    """What an export has left."""
    if not (saved / "manifest.json").exists():
        async with a_small_app().serving() as cloud:
            await save(cloud, saved)
    return Path(shutil.copytree(saved, tmp_path / "saved"))


@pytest.fixture
async def world(folder: Path, tmp_path: Path) -> AsyncIterator[World]:
    """It was brought in."""
    async with moved(folder, tmp_path / "data") as world:
        yield world


@pytest.mark.on_every_database
async def test_what_was_brought_in_is_what_was_there(world: World, folder: Path) -> None:
    """Line by line, all of it; everything that was said was read."""
    verdict = await look(world, folder)
    assert (True, []) == (verdict.is_safe, verdict.steps)
    assert {
        Topic.CONVERSATIONS: (4, 4, 0),
        Topic.SETTINGS: (4, 4, 0),
        Topic.MEMBERS: (7, 7, 0),
        Topic.RESTRICTIONS: (1, 1, 0),
        Topic.MESSAGES: (34, 34, 0),
        Topic.ENDS: (3, 3, 0),
        Topic.CONTENTS: (34, 34, 0),
        Topic.PEOPLE: (3, 3, 0),
    } == {
        topic: counted(verdict, topic) for topic in Topic if topic not in {Topic.FOLDER, Topic.FILES, Topic.LEFT_BEHIND}
    }
    assert {} == found(verdict)
    ends = {talk.conv_id: (talk.first and talk.first.time, talk.last and talk.last.time) for talk in verdict.talks}
    assert (AT, AT + 29_000) == ends[TALK]
    assert (None, None) == ends[QUIET]


async def test_what_came_here_since_does_no_harm(world: World, folder: Path) -> None:
    """New messages, members, conversations and users; it is counted."""
    await world.say("hello from here", "client-0", TALK)
    await world.actions.invite(world.backend, ConvId(TALK), (ClientId("ada"),))
    await world.actions.create_user(world.backend, ClientId("newcomer"), Profile(nickname="New"))
    verdict = await look(world, folder)
    assert (True, {}) == (verdict.is_safe, found(verdict))
    lines = verdict.findings.lines
    assert (1, 1) == (lines[Topic.MESSAGES].came_since, lines[Topic.MEMBERS].came_since)
    [talk] = [each for each in verdict.talks if each.conv_id == TALK]
    assert (1, 0) == (talk.joined_here, talk.wrong)


@pytest.mark.parametrize(
    ("statement", "value", "expected"),
    [
        ("DELETE FROM messages WHERE foreign_id = $1", FIFTH, [What.MESSAGE_MISSING]),
        ("DELETE FROM messages WHERE foreign_id = $1", LAST, [What.MESSAGE_NEWER, What.LAST_DIFFERS]),
        ("UPDATE messages SET text = 'no' WHERE foreign_id = $1", FIFTH, [What.CONTENT]),
        ("UPDATE messages SET sender = 'eve' WHERE foreign_id = $1", FIFTH, [What.SENDER]),
        ("UPDATE messages SET created_at = created_at - 1 WHERE foreign_id = $1", FIFTH, [What.TIME_EARLIER]),
        ("UPDATE messages SET created_at = created_at + 9 WHERE foreign_id = $1", FIFTH, [What.TIME_LATER]),
        ("UPDATE messages SET created_at = created_at + 99999 WHERE foreign_id = $1", FIFTH, [What.TIME_FAR]),
        (
            "UPDATE messages SET foreign_id = 'other' WHERE foreign_id = $1",
            FIFTH,
            [What.MESSAGE_MISSING, What.MESSAGE_GONE_THERE],
        ),
        ("DELETE FROM members WHERE client_id = $1 AND role = 1", "client-1", [What.MEMBER_MISSING]),
        ("UPDATE members SET role = 0 WHERE client_id = $1 AND role = 1", "client-1", [What.ROLE]),
        ("UPDATE members SET muted = 0 WHERE client_id = $1", "client-2", [What.MUTE]),
        (
            "UPDATE members SET client_id = 'eve' WHERE client_id = $1",
            "client-2",
            [What.MEMBER_LEFT_THERE, What.MEMBER_MISSING],
        ),
        ("DELETE FROM restrictions WHERE client_id = $1", "spammer", [What.RESTRICTION]),
        ("UPDATE conversations SET name = 'other' WHERE conv_id = $1", TALK, [What.COLUMN]),
        ("UPDATE conversations SET columns = '{}' WHERE conv_id = $1", TALK, [What.COLUMN]),
        ("UPDATE conversations SET creator = 'eve' WHERE conv_id = $1", QUIET, [What.CREATOR]),
        ("UPDATE conversations SET created_at = 1 WHERE conv_id = $1", ROOM, [What.CREATED_AT]),
        ("UPDATE conversations SET kind = 3 WHERE conv_id = $1", ROOM, [What.KIND]),
        (
            "UPDATE conversations SET kind = 3, direct_key = NULL, unique_id = NULL WHERE conv_id = $1",
            QUIET,
            [What.KIND],
        ),
        ("DELETE FROM conversations WHERE conv_id = $1", QUIET, [What.CONVERSATION_DELETED_HERE]),
        ("UPDATE users SET username = 'x' WHERE client_id = $1", f"{1:024x}", [What.PROFILE]),
        ("DELETE FROM users WHERE client_id = $1", f"{1:024x}", [What.PERSON_MISSING]),
    ],
)
async def test_whatever_is_not_as_it_was_is_told(
    world: World, folder: Path, tmp_path: Path, statement: str, value: str, expected: list[What]
) -> None:
    """By name, and no more than that is told; only what may be known speaks not against it."""
    await tamper(tmp_path / "data", statement, value)
    verdict = await look(world, folder)
    assert dict.fromkeys(expected, 1) == found(verdict)
    harmless = {What.TIME_LATER, What.TIME_FAR}
    assert (set(expected) <= harmless) == verdict.is_safe
    assert verdict.is_safe or Step.VERIFY is verdict.steps[-1]


@pytest.mark.on_every_database
async def test_what_was_changed_here_counts_until_people_live_here(world: World, folder: Path) -> None:
    """Deleted, recalled, edited, renamed, left: it is told as such, and after the switch it is no fault."""
    actions, backend, talk = world.actions, world.backend, ConvId(TALK)
    await actions.delete_message(backend, talk, FIFTH)
    await actions.recall(backend, talk, message(TALK, 5, 0)["msg-id"])
    await actions.edit(backend, talk, message(TALK, 6, 0)["msg-id"], NewContent("edited here", None))
    await actions.remove_members(backend, talk, (ClientId("client-2"),))
    await actions.delete_conversation(backend, ConvId(ROOM))
    before = await look(world, folder)
    assert {
        What.MESSAGE_DELETED_HERE: 4,
        What.CONTENT_CHANGED_HERE: 2,
        What.MEMBER_MISSING: 1,
        What.CONVERSATION_DELETED_HERE: 1,
        What.FIRST_DIFFERS: 1,
        What.LAST_DIFFERS: 1,
    } == found(before)
    assert (False, [Step.IMPORT, Step.LOOK, Step.VERIFY]) == (before.is_safe, before.steps)
    assert (await look(world, folder, after_switch=True)).is_safe


async def test_what_the_import_put_aside_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    """Here and put aside are as many as there; without the import's report it is missing."""
    talk = Folder(folder).messages_of(TALK)
    add_rows(folder / "classes" / "_Conversation.jsonl", conversation(9, m=["client-0", "two words"]), "{half a line")
    add_rows(folder / "classes" / "_User.jsonl", {"username": "no id"})
    add_rows(talk, "no JSON", message(TALK, 50, AT + 50_000, "x" * 70_000), message(QUIET, 1, AT + 1))
    add_rows(folder / "messages" / "x.jsonl", message("nowhere", 1, AT))
    async with peopled(made(tmp_path / "data")) as world:
        assert 6 == await bring_in(world, folder)
        verdict = await look(world, folder)
        # Only that the folder is no longer what the export left.
        assert {What.FILE_CHANGED: 3} == found(verdict)
        assert [(6, 5, 1), (9, 8, 1), (38, 35, 3), (4, 3, 1)] == [
            counted(verdict, topic) for topic in (Topic.CONVERSATIONS, Topic.MEMBERS, Topic.MESSAGES, Topic.PEOPLE)
        ]
        assert 6 == sum(verdict.findings.reasons.values())
        (folder / "import-report.jsonl").unlink()
        missing = found(await look(world, folder))
    assert {
        What.UNREADABLE: 3,
        What.MEMBER_MISSING: 1,
        What.MESSAGE_MISSING: 1,
        What.MESSAGE_NEWER: 1,
        What.LAST_DIFFERS: 2,
        What.FIRST_DIFFERS: 1,
        What.NO_REPORT: 1,
        What.FILE_CHANGED: 3,
    } == missing


async def test_what_was_exported_since_the_import_is_to_be_imported(world: World, folder: Path) -> None:
    """New messages say: import again; then it is safe."""
    async with a_small_app().serving() as cloud:
        cloud.messages[TALK] += [message(TALK, n, AT + 1_000 * n) for n in (30, 31)]
        cloud.messages[TALK][8]["data"] = "AAEC"
        await save(cloud, folder)
    verdict = await look(world, folder)
    assert (2, 1) == (found(verdict)[What.MESSAGE_NEWER], found(verdict)[What.CONTENT])
    assert (False, True) == (verdict.is_safe, Step.IMPORT in verdict.steps)
    assert 0 == await bring_in(world, folder)
    assert (await look(world, folder)).is_safe


async def test_an_export_that_is_not_whole(world: World, folder: Path) -> None:
    """One that is under way, one that lacks files, one whose files were changed, one that could not save something."""
    news = Folder(folder).subscribers_of(NEWS)
    (folder / "progress.jsonl").touch()
    with Folder(folder).messages_of(TALK).open("ab") as file:
        file.truncate(500)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["problems"] = [{"path": "messages/x.jsonl", "reason": "answers 500"}]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    news.unlink()
    verdict = await look(world, folder)
    told = found(verdict)
    wrong = (What.UNFINISHED_EXPORT, What.FILE_CHANGED, What.FILE_GONE, What.NOT_SAVED, What.UNREADABLE)
    assert [1, 1, 1, 1, 1] == [told[what] for what in wrong]
    assert [Step.EXPORT, Step.IMPORT] == verdict.steps[:2]
    [not_saved] = verdict.findings.told[What.NOT_SAVED]
    assert ("messages/x.jsonl", "answers 500") == (not_saved.where, not_saved.there)
    (folder / "manifest.json").unlink()
    assert 1 == found(await look(world, folder))[What.UNFINISHED_EXPORT]
    (folder / "export.json").unlink()
    assert 1 == found(await look(world, folder))[What.NO_MANIFEST]


async def test_of_the_same_people_one_unique_conversation_is_found_again(folder: Path, tmp_path: Path) -> None:
    """The others are ordinary groups here: that is to be known, and no fault."""
    twice = conversation(8, m=["client-1", "client-0"], unique=True)
    add_rows(folder / "classes" / "_Conversation.jsonl", twice)
    async with peopled(made(tmp_path / "data")) as world:
        await bring_in(world, folder)
        told = found(await look(world, folder))
    assert {What.ANOTHER_IS_FOUND_AGAIN: 1, What.FILE_CHANGED: 1} == told


def test_a_sample_is_the_same_every_time() -> None:
    """All of a small conversation; of a large one both ends, and those that the seed draws."""
    names = [f"message-{number}" for number in range(10_000)]

    def drawn(seed: str, total: int) -> list[int]:
        chosen = Sampling(seed, 500)
        return [number for number, name in enumerate(names[:total]) if chosen.chooses(name, number, total)]

    assert list(range(500)) == drawn("one", 500)
    one, again, other = drawn("one", 10_000), drawn("one", 10_000), drawn("another", 10_000)
    assert (one, True) == (again, one != other)
    assert [*range(100), *range(9_900, 10_000)] == [each for each in one if each < 100 or each >= 9_900]
    assert 600 < len(one) < 800


async def test_a_sample_passes_over_some(world: World, folder: Path, tmp_path: Path) -> None:
    """Which are looked for all the same, by their names."""
    talk = Folder(folder).messages_of(TALK)
    add_rows(talk, *(message(TALK, n, AT + 1_000 * n) for n in range(30, 400)))
    await bring_in(world, folder)
    await tamper(
        tmp_path / "data", "UPDATE messages SET text = 'no' WHERE foreign_id = $1", message(TALK, 200, 0)["msg-id"]
    )
    few = await look(world, folder, sampling=Sampling("seed", 1))
    assert (404, 404) == counted(few, Topic.MESSAGES)[:2]
    assert counted(few, Topic.CONTENTS)[0] < 250
    assert What.CONTENT in found(await look(world, folder))


async def test_drafts_from_here_do_not_hide_what_is_missing(world: World, folder: Path, tmp_path: Path) -> None:
    """One more here and one less from there are not as many."""
    await tamper(tmp_path / "data", "DELETE FROM messages WHERE foreign_id = $1", FIFTH)
    await world.actions.send(world.backend, Draft(ClientId("client-0"), -1, ConvId(TALK), text="new"))
    verdict = await look(world, folder)
    assert (False, (34, 33, 0)) == (verdict.is_safe, counted(verdict, Topic.MESSAGES))


async def test_an_archive_that_ends_early_is_never_safe(tmp_path: Path) -> None:
    """The import has said so, but nobody knows what else was in it."""
    folder = made(tmp_path / "console")
    lines = "".join(json.dumps(conversation(number)) + "\n" for number in range(100))
    (folder / "_Conversation.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-200])
    async with peopled(made(tmp_path / "data")) as world:
        assert 0 < await bring_in(world, folder)
        verdict = await look(world, folder)
    assert {What.NO_MANIFEST: 1, What.FILE_UNREAD: 1} == found(verdict)
    assert (False, [Step.EXPORT, Step.IMPORT, Step.VERIFY]) == (verdict.is_safe, verdict.steps)
    [cut] = verdict.findings.told[What.FILE_UNREAD]
    assert ("_Conversation.jsonl.gz", True) == (cut.where, "cannot be read on" in cut.there)


async def test_a_clock_there_that_ran_backwards(world: World, folder: Path) -> None:
    """A message whose time is before that of others which were fetched earlier stands behind them: to be known."""
    async with a_small_app().serving() as cloud:
        cloud.messages[TALK].append(message(TALK, 50, AT + 28_500))
        await save(cloud, folder)
    assert 0 == await bring_in(world, folder)
    verdict = await look(world, folder)
    assert (True, {What.TIME_LATER: 1, What.ORDER: 1}) == (verdict.is_safe, found(verdict))


async def test_a_report_that_is_none(world: World, folder: Path) -> None:
    """It is said which line makes no sense."""
    add_rows(folder / "import-report.jsonl", "no report")
    with pytest.raises(FolderError, match=r"import-report\.jsonl:1 is no line of an import's report"):
        await look(world, folder)
