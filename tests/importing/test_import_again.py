"""`parlance import leancloud` for the second time: what changed there comes, what happened here stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.blobs import samples
from core.world import World
from importing.brought import AT, FIRST, brought, found, said, write
from importing.leancloud import conversation, message
from parlance.core.model.conversation import Kind
from parlance.core.model.message import NewContent
from parlance.core.model.restriction import FOREVER, Restriction
from parlance.importer.leancloud.folder import Folder, Identity, measured
from parlance.importer.leancloud.manifest import Saved, write_manifest
from parlance.importer.leancloud.rehoming import NowhereError
from parlance.kernel.ids import ClientId, ConvId

HERE = "https://im.example.com"
THERE = "http://files.lc-cn-n1-shared.com/abc/photo.png"
SERVICE = conversation(9)["objectId"]


def saved(folder: Path, *restrictions: str, **about: str) -> None:
    """Have the folder say what is in it, as an export does; `about` by the path's end."""
    (folder / "export.json").write_text(json.dumps({"app_id": "a", "server": "http://x"}))
    assert Identity("a", "http://x") == Folder(folder).identity()
    files = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.parent != folder):
        found = measured(path, lines=path.suffix == ".jsonl")
        newest = max((json.loads(line).get("timestamp", 0) for line in _lines(path)), default=None)
        name = path.relative_to(folder).as_posix()
        whose = about.get(path.stem) or _conversation_of(path)
        files.append(Saved(name, found.rows, found.bytes, found.sha256, None, newest or None, whose))
    write_manifest(Folder(folder), files, [], restrictions)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.suffix == ".jsonl" else []


def _conversation_of(path: Path) -> str | None:
    first = next(iter(_lines(path)), b"{}")
    conversation_id: str | None = json.loads(first).get("conv-id") or json.loads(first).get("conv_id")
    return conversation_id


def one_conversation(folder: Path, *rows: Any, **more: Any) -> None:
    """The first conversation, and what was said in it."""
    write(folder / "classes" / "_Conversation.jsonl", conversation(1, **more))
    write(folder / "messages" / "1.jsonl", *rows)


async def test_edits_and_recalls_come(world: World, folder: Path) -> None:
    """Those that were made there since, and not over those that were made here."""
    rows = [message(FIRST, number, AT + number) for number in range(4)]
    one_conversation(folder, *rows)
    await brought(world, folder)
    await world.actions.edit(world.backend, ConvId(FIRST), rows[3]["msg-id"], NewContent("ours", None))
    text = json.dumps({"_lctype": -1, "_lctext": "edited"})
    rows = [rows[0] | {"data": text}, rows[1] | {"data": '{"_lctype":-127}'}, rows[2], rows[3] | {"data": text}]
    one_conversation(folder, *rows)
    result = await brought(world, folder)
    assert (0, 2, 2) == (result.messages.added, result.messages.changed, result.messages.known)
    told = [str(each[3]) for each in await said(world, FIRST)]
    assert [True, True, True, True] == [
        words in each for words, each in zip(("edited", "-127", "message 2", "ours"), told, strict=True)
    ]
    assert (0, 4) == ((again := (await brought(world, folder)).messages).changed, again.known)


async def test_who_left_there_leaves_here(world: World, folder: Path) -> None:
    """And who left here does not come back; what was renamed here keeps its name."""
    one_conversation(folder, m=["client-0", "client-1", "client-2"])
    await brought(world, folder)
    await world.actions.remove_members(world.backend, ConvId(FIRST), (ClientId("client-2"),))
    one_conversation(folder, m=["client-0", "client-2", "client-3"], name="another name")
    assert 1 == (await brought(world, folder)).conversations.changed
    here = await found(world, FIRST)
    assert "another name" == here.name
    assert {"client-0", "client-3"} == set(await world.store.read.members.of(here.id))


async def test_lists_of_who_may_not(world: World, folder: Path) -> None:
    """Come, and go when they are gone there; where nobody asked for them they stay."""
    one_conversation(folder)
    restrictions = folder / "restrictions"
    for restraint, client in (("silenced", "client-1"), ("blocked", "nuisance")):
        (restrictions / restraint).mkdir(parents=True)
        write(restrictions / restraint / "1.jsonl", {"conv_id": FIRST, "client_id": client})
    saved(folder, "silenced", "blocked")
    await brought(world, folder)
    here = await found(world, FIRST)
    both = {ClientId("client-1"): Restriction(FOREVER), ClientId("nuisance"): Restriction(blocked=True)}
    assert both == await world.store.read.restrictions.of(here.id)
    (restrictions / "silenced" / "1.jsonl").unlink()
    saved(folder, "blocked")
    await brought(world, folder)
    assert both == await world.store.read.restrictions.of(here.id)
    saved(folder, "silenced", "blocked")
    await brought(world, folder)
    assert {ClientId("nuisance")} == set(await world.store.read.restrictions.of(here.id))


async def test_talks_with_the_app(world: World, folder: Path) -> None:
    """What it said to whom, what they said to it, from histories and from `_SysMessage`, each once."""
    talks = folder / "service-messages" / SERVICE
    talks.mkdir(parents=True)
    news = message(SERVICE, 1, AT, "news") | {"from": "app"}
    for name in ("tom", "a/b?c"):
        own = message(SERVICE, 2 + len(name), AT + 5, f"for {name}") | {"from": "app"}
        write(talks / f"{'tom' if name == 'tom' else 'a%2Fb%3Fc'}.jsonl", news, own)
    question = {"msgId": "question", "timestamp": AT + 9, "data": "why?", "from": "tom", "bin": False}
    pointer = {"__type": "Pointer", "className": "_Conversation", "objectId": SERVICE}
    write(folder / "classes" / "_Conversation.jsonl", conversation(9, sys=True, m=[]))
    write(
        folder / "classes" / "_SysMessage.jsonl",
        question | {"objectId": "1", "conv": pointer},
        {"objectId": "2", "conv": pointer, "data": 7},
    )
    for added in (4, 0):
        result = await brought(world, folder)
        assert added == result.messages.added
        assert [("classes/_SysMessage.jsonl", 2)] == [(each.file, each.line) for each in result.complaints]
    here = await found(world, SERVICE)
    assert Kind.SERVICE is here.kind
    heard = {}
    for name in ("tom", "a/b?c"):
        own_messages = await world.store.read.addressed.after(here.id, ClientId(name), 0, 10)
        heard[name] = [each.text for each in own_messages]
    assert {"tom": ["news", "for tom", "why?"], "a/b?c": ["news", "for a/b?c"]} == heard


async def test_files_come_along(world: World, folder: Path) -> None:
    """What pointed to them points here, in messages and profiles, once; what is no file is told of."""
    file = {"url": THERE, "objId": "5", "metaData": {"width": 3}}
    shown = json.dumps({"_lctype": -2, "_lcfile": file})
    one_conversation(folder, message(FIRST, 1, AT, shown), attr={"cover": {"__type": "File", "url": THERE}})
    write(folder / "classes" / "_User.jsonl", {"objectId": "tom", "avatar": {"__type": "File", "url": THERE}})
    write(folder / "classes" / "_File.jsonl", {"objectId": "5", "url": THERE, "name": "照片"})
    (folder / "files").mkdir()
    (folder / "files" / "5e").write_bytes(samples.picture("PNG"))
    (folder / "files" / "bad").write_bytes(b"MZ")
    saved(folder)
    assert 0 == (await brought(world, folder)).files.added
    saved(folder, **{"5e": THERE, "bad": "http://x/setup.exe"})
    with pytest.raises(NowhereError):
        await brought(world, folder)
    result = await brought(world, folder, public_url=f"{HERE}/")
    assert (1, 1) == (result.files.added, result.files.refused)
    assert ["files named .exe are not accepted" in each.reason for each in result.complaints] == [True]
    assert (1, 1) == (result.messages.changed, result.people.changed)
    [(_, _, _, content)] = await said(world, FIRST)
    here = json.loads(content)["_lcfile"]
    assert here["url"].startswith(f"{HERE}/storage/uploads/")
    assert file == here | {"url": THERE}
    assert here["url"] == (await world.actions.find_user(world.backend, ClientId("tom"))).avatar
    assert here["url"] == json.loads((await found(world, FIRST)).ext or "")["cover"]["url"]
    stored = await world.actions.open_file(here["url"].partition("/storage/")[2])
    assert "照片.png" == stored.file.name
    with pytest.raises(NowhereError):
        await brought(world, folder, files=False)
    for wished in ({"public_url": HERE}, {"public_url": HERE, "files": False}):
        again = await brought(world, folder, **wished)
        assert (0, 1, 0) == (again.messages.changed, again.messages.known, again.people.changed)


async def test_only_what_was_said_since(world: World, folder: Path) -> None:
    """Of conversations with a history here; the others come whole."""
    second = conversation(2)["objectId"]
    write(folder / "classes" / "_Conversation.jsonl", conversation(1), conversation(2))
    write(folder / "messages" / "1.jsonl", message(FIRST, 0, AT))
    await brought(world, folder)
    write(folder / "messages" / "1.jsonl", *(message(FIRST, n, AT + n, f"new {n}") for n in range(4)))
    write(folder / "messages" / "2.jsonl", *(message(second, n, AT + n) for n in range(3)))
    result = await brought(world, folder, since=AT + 2)
    assert (5, 0, 0) == (result.messages.added, result.messages.changed, result.messages.known)
    saved(folder)
    result = await brought(world, folder, since=AT + 3)
    assert (0, 1) == (result.messages.added, result.messages.known)


async def test_what_was_said_there_after_people_came_here(world: World, folder: Path) -> None:
    """Is told of, and stands at the end if that is wished."""
    one_conversation(folder, message(FIRST, 0, AT))
    await brought(world, folder)
    await world.say("we are here now", "client-0", FIRST)
    one_conversation(folder, message(FIRST, 0, AT), message(FIRST, 1, AT + 1))
    refused = await brought(world, folder)
    assert ["it is older than what has been said here since"] == [each.reason for each in refused.complaints]
    result = await brought(world, folder, late=True)
    assert (1, []) == (result.messages.added, result.complaints)
    assert ["message 0", "here now", "message 1"] == [
        words
        for words, each in zip(("message 0", "here now", "message 1"), await said(world, FIRST), strict=True)
        if words in str(each[3])
    ]
