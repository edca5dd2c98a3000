"""`parlance import leancloud`: what becomes of a folder."""

import base64
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.world import World
from importing.brought import AT, FIRST, Silence, brought, found, said, write
from importing.bson_writing import bson
from importing.leancloud import conversation, message
from parlance.core.model.conversation import Kind, unique_id_of
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.kernel.ids import ClientId


async def test_conversations_are_as_they_were(world: World, folder: Path) -> None:
    """Ids, names, attributes, columns of the app's own, creators, people, roles and who has muted it."""
    row = conversation(
        1, mu=["client-2"], colour="red", ACL={"*": {"read": True}}, updatedAt="2021-01-01T00:00:00.500Z"
    )
    write(folder / "classes" / "_Conversation.jsonl", row)
    write(
        folder / "classes" / "_ConversationMemberInfo.jsonl",
        {"objectId": "1", "cid": FIRST, "clientId": "client-1", "role": "Manager"},
    )
    assert [] == (await brought(world, folder)).complaints
    here = await found(world, FIRST)
    assert (Kind.GROUP, "conversation 1", "client-0", True) == (here.kind, here.name, here.creator, here.open_door)
    assert ({"number": 1}, {"colour": "red"}) == (json.loads(here.ext or ""), json.loads(here.columns or ""))
    assert (1_590_475_351_123, 1_609_459_200_500) == (here.created_at, here.updated_at)
    admin = Standing(role=Role.ADMIN)
    people = await world.store.read.members.of(here.id)
    assert {"client-0": OWNER, "client-1": admin, "client-2": PLAIN} == people
    assert {here.id: ["client-2"]} == await world.store.read.members.muted([here.id])


async def test_each_kind_is_found_again(world: World, folder: Path) -> None:
    """Two people who are unique have one; a unique group has its unique id; rooms and channels are such."""
    trio = [ClientId(f"client-{n}") for n in range(3)]
    two = [ClientId("Tom"), ClientId("Jerry")]
    (folder / "subscribers").mkdir()
    write(
        folder / "classes" / "_Conversation.jsonl",
        conversation(1, m=two, unique=True, uniqueId=unique_id_of(two)),
        conversation(2, m=trio, unique=True, uniqueId=unique_id_of(trio)),
        conversation(3, tr=True, m=["nobody"]),
        conversation(4, sys=True, m=[]),
        conversation(5, m=["Tom", "Jerry"]),
    )
    service = conversation(4)["objectId"]
    write(folder / "subscribers" / "x.jsonl", {"timestamp": AT, "subscriber": "Tom", "conv_id": service})
    assert [] == (await brought(world, folder)).complaints
    here = [await found(world, conversation(number)["objectId"]) for number in range(1, 6)]
    assert [Kind.DIRECT, Kind.GROUP, Kind.ROOM, Kind.SERVICE, Kind.GROUP] == [each.kind for each in here]
    assert [unique_id_of(trio), None] == [here[1].unique_id, here[4].unique_id]
    pair = (ClientId("Jerry"), ClientId("Tom"))
    direct = await world.store.read.conversations.find_direct(world.hall.app_id, pair)
    assert here[0].conv_id == (direct and direct.conv_id)
    people = [list(await world.store.read.members.of(each.id)) for each in here]
    assert [[], ["Tom"]] == people[2:4]


async def test_history_is_as_it_was(world: World, folder: Path) -> None:
    """Texts, bytes, what no type describes, and what was recalled, under their ids, in the order of their times."""
    raw = bytes(range(256))
    rows = [
        message(FIRST, 1, AT),
        message(FIRST, 2, AT, "no JSON at all"),
        message(FIRST, 3, AT + 5, base64.b64encode(raw).decode(), binary=True),
        message(FIRST, 4, AT + 6, '{"_lctype":-127}'),
        message(FIRST, 5, AT + 4, '{"_lctype": 77, "mine": 1}'),
    ]
    write(folder / "classes" / "_Conversation.jsonl", conversation(1))
    write(folder / "messages" / "1.jsonl", *rows)
    result = await brought(world, folder)
    assert (5, 0, 0, []) == (result.messages.added, result.messages.known, result.messages.refused, result.complaints)
    told = await said(world, FIRST)
    rows = [rows[at] for at in (0, 1, 4, 2, 3)]
    assert [row["msg-id"] for row in rows] == [each[0] for each in told]
    assert [0, 1, 4, 5, 6] == [each[1] - AT for each in told]
    assert [row["from"] for row in rows] == [each[2] for each in told]
    assert json.loads(rows[0]["data"]) == json.loads(told[0][3])
    assert ["no JSON at all", '{"_lctype": 77, "mine": 1}', raw, '{"_lctype":-127}'] == [each[3] for each in told[1:]]
    assert 5 == (await found(world, FIRST)).last_seq


async def test_again_it_adds_what_is_new(world: World, folder: Path) -> None:
    """And nothing else; also where the first time was ended in the middle."""
    write(folder / "classes" / "_Conversation.jsonl", conversation(1), conversation(2))
    write(folder / "messages" / "1.jsonl", *(message(FIRST, n, AT + n) for n in range(30)))
    with pytest.raises(KeyboardInterrupt):
        await brought(world, folder, Silence(ends_after=1))
    first = await brought(world, folder)
    second = await brought(world, folder)
    assert (30, 0) == (first.messages.added, first.messages.known)
    assert ((0, 30), (0, 2)) == (
        (second.messages.added, second.messages.known),
        (second.conversations.added, second.conversations.known),
    )
    before = await said(world, FIRST)
    write(folder / "messages" / "1.jsonl", *(message(FIRST, n, AT + n) for n in range(32)))
    assert 2 == (await brought(world, folder)).messages.added
    after = await said(world, FIRST)
    assert (before, 32) == (after[:30], len(after))


async def test_users_bring_their_profiles_and_keep_their_secrets(world: World, folder: Path) -> None:
    """Names, pictures and columns of the app's own; no passwords, sessions, addresses or telephone numbers."""
    row = {
        "objectId": "5eccba570000000000000009",
        "username": "tom",
        "nickname": "Tommy",
        "avatar": {"__type": "File", "url": "http://x/tom.png"},
        "level": 3,
        "sessionToken": "secret",
        "password": "secret",
        "salt": "secret",
        "email": "tom@example.com",
        "mobilePhoneNumber": "123",
        "authData": {"weixin": "secret"},
        "createdAt": "2020-05-26T06:42:31.123Z",
    }
    write(folder / "classes" / "_User.jsonl", row)
    assert 1 == (await brought(world, folder)).people.added
    user = await world.actions.find_user(world.backend, ClientId(str(row["objectId"])))
    assert ("tom", "Tommy", "http://x/tom.png", '{"level":3}') == (user.username, user.nickname, user.avatar, user.ext)
    write(folder / "classes" / "_User.jsonl", row | {"objectId": "another"})
    assert 0 == (await brought(world, folder, people=False)).people.added


@pytest.mark.parametrize("form", ["array", "results", "indented", "packed", "bson", "numbered"])
async def test_all_ways_of_writing_are_read(world: World, folder: Path, form: str) -> None:
    """What the console gives and what others have made of it."""
    rows = [conversation(n) for n in (1, 2, 3)]
    classes = folder / "classes"
    if form == "array":
        (classes / "_Conversation.json").write_text(json.dumps(rows))
    elif form == "results":
        (folder / "_Conversation.json").write_text(json.dumps({"results": rows}))
    elif form == "indented":
        (classes / "_Conversation.json").write_text(json.dumps({"results": rows}, indent=2))
    elif form == "packed":
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (classes / "_Conversation.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    elif form == "bson":
        at = datetime(2020, 5, 26, 6, 42, 31, 123_000, tzinfo=UTC)
        as_bson = [row | {"createdAt": at, "updatedAt": at, "_id": bytes.fromhex(row["objectId"])} for row in rows]
        for each in as_bson:
            del each["objectId"]
        (classes / "_Conversation.bson").write_bytes(b"".join(map(bson, as_bson)))
    else:
        for number, row in enumerate(rows):
            write(classes / f"_Conversation.{number}.jsonl", row)
    result = await brought(world, folder)
    assert (3, []) == (result.conversations.added, result.complaints)
    assert 1_590_475_351_123 == (await found(world, FIRST)).created_at
