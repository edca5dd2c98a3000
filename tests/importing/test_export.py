"""`parlance export leancloud`: what is saved, and what a second export adds."""

import base64
import json
from pathlib import Path

from importing.exporting import contents, exported, has_right_checksums, manifest, rows, rows_about
from importing.leancloud import LeanCloud, an_app, conversation, message


async def test_everything_is_saved(tmp_path: Path) -> None:
    """Classes, history, subscribers and what was said to them; nothing twice, nothing half."""
    folder = tmp_path / "saved"
    async with an_app(subscribers=60).serving() as cloud:
        ended = await exported(cloud, folder)
        assert (0, "") == (ended.code, "".join(line for line in ended.err.splitlines() if "not saved" in line))
    for name in ("_Conversation", "_ConversationMemberInfo", "_User"):
        assert cloud.classes[name] == rows(folder / "classes" / f"{name}.jsonl")
    for row in cloud.classes["_Conversation"][:5]:
        assert cloud.messages[row["objectId"]] == rows_about(folder, "messages", row["objectId"])
    service = cloud.classes["_Conversation"][-1]["objectId"]
    names = [row["subscriber"] for row in rows_about(folder, "subscribers", service)]
    assert sorted(cloud.subscribers[service]) == names
    assert "hello a/b?c" == rows_about(folder, "service-messages", "a/b?c")[0]["data"]
    assert has_right_checksums(folder)
    assert not [name for name in contents(folder) if name.endswith((".part", ".new")) or "progress" in name]


async def test_the_manifest_counts(tmp_path: Path) -> None:
    """Rows, times and checksums, all together and file by file."""
    async with an_app(conversations=2, messages=30).serving() as cloud:
        ended = await exported(cloud, tmp_path / "saved")
    said = manifest(tmp_path / "saved")
    totals = said["totals"]
    assert cloud.url == said["server"]
    assert (3, 92, 4) == (totals["conversations"], totals["messages"], totals["subscribers"])
    assert 2_500 == totals["classes"]["_User"]
    assert (1_600_000_000_000, 1_600_000_000_009) == (totals["oldest_message"], totals["newest_message"])
    assert [] == said["problems"]
    assert "92 messages in 3 conversations" in ended.out


async def test_pages_may_be_short_and_one_moment_may_lie_on_two(tmp_path: Path) -> None:
    """LeanCloud gives 7 rows where a thousand were asked for, and 20 of them have the same time."""
    place = conversation(1)["objectId"]
    said = [message(place, n, 1_600_000_000_000 + n // 20) for n in range(55)]
    app = LeanCloud({"_Conversation": [conversation(1)]}, {place: said}, most_rows=7)
    async with app.serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
    assert said == rows_about(tmp_path / "saved", "messages", place)


async def test_bytes_and_long_lines_are_kept_as_they_are(tmp_path: Path) -> None:
    """Binary messages stay base64, and a message of 5 MB is a message; a number keeps its digits."""
    place = conversation(1)["objectId"]
    said = [
        message(place, 1, 1_600_000_000_000, base64.b64encode(bytes(range(256))).decode(), binary=True),
        message(place, 2, 1_600_000_000_001, "长" * 1_700_000),
        message(place, 3, 1_600_000_000_002) | {"odd": 12345678901234567890123, "also": 1.10},
    ]
    async with LeanCloud({"_Conversation": [conversation(1)]}, {place: said}).serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
    assert said == rows_about(tmp_path / "saved", "messages", place)


async def test_rows_that_make_no_sense_are_kept(tmp_path: Path) -> None:
    """It is for the import to judge them; an export loses nothing."""
    place = conversation(1)["objectId"]
    said = [message(place, n, 1_600_000_000_000 + n) for n in range(3)]
    said[1]["data"] = None
    async with LeanCloud(
        {"_Conversation": [conversation(1), {"objectId": "x" * 300}]}, {place: said}
    ).serving() as cloud:
        assert 0 == (await exported(cloud, tmp_path / "saved")).code
    assert said == rows_about(tmp_path / "saved", "messages", place)


async def test_more_classes_if_asked_for(tmp_path: Path) -> None:
    """One by name, or all that there are."""
    async with an_app(1, 1).serving() as cloud:
        await exported(cloud, tmp_path / "one", "--class", "Poem")
        await exported(cloud, tmp_path / "all", "--all-classes")
    assert cloud.classes["Poem"] == rows(tmp_path / "one" / "classes" / "Poem.jsonl")
    assert cloud.classes["Poem"] == rows(tmp_path / "all" / "classes" / "Poem.jsonl")


async def test_the_second_export_adds_what_is_new(tmp_path: Path) -> None:
    """New messages, conversations and members; what was edited lately; history of before is not asked for again."""
    folder, day = tmp_path / "saved", 86_400_000
    places = [conversation(n)["objectId"] for n in range(3)]
    said = {
        places[0]: [message(places[0], n, 1_600_000_000_000 + n * day) for n in range(10)],
        places[1]: [message(places[1], n, 1_600_000_000_000 + n) for n in range(10)],
    }
    app = LeanCloud({"_Conversation": [conversation(0), conversation(1)]}, said, most_rows=4)
    async with app.serving() as cloud:
        assert 0 == (await exported(cloud, folder)).code
        before = contents(folder)
        assert 0 == (await exported(cloud, folder)).code
        assert before == contents(folder)
        said[places[0]][8] |= {"data": json.dumps({"_lctype": -127})}
        said[places[0]] += [message(places[0], 10, 1_600_000_000_000 + 10 * day)]
        said[places[1]] += [message(places[1], 10, 1_600_000_000_000 + 10 * day + 1)]
        said[places[2]] = [message(places[2], 0, 1_600_000_000_000 + 10 * day + 2)]
        cloud.classes["_Conversation"] = [conversation(0, m=["client-9"]), conversation(1), conversation(2)]
        cloud.asked.clear()
        assert 0 == (await exported(cloud, folder)).code
        assert 2 == cloud.asked[f"/1.2/rtm/conversations/{places[0]}/messages"]
    for place in places:
        assert said[place] == rows_about(folder, "messages", place)
    assert cloud.classes["_Conversation"] == rows(folder / "classes" / "_Conversation.jsonl")
    assert has_right_checksums(folder)


async def test_what_is_gone_there_stays_here_but_for_roles(tmp_path: Path) -> None:
    """A conversation that LeanCloud has deleted was saved to be kept; a role that was taken away is not a role."""
    folder = tmp_path / "saved"
    async with an_app(2, 3).serving() as cloud:
        await exported(cloud, folder)
        gone = cloud.classes["_Conversation"].pop(0)
        cloud.classes["_ConversationMemberInfo"].clear()
        assert 0 == (await exported(cloud, folder)).code
    assert gone in rows(folder / "classes" / "_Conversation.jsonl")
    assert 3 == len(rows_about(folder, "messages", gone["objectId"]))
    assert [] == rows(folder / "classes" / "_ConversationMemberInfo.jsonl")


async def test_files_are_fetched_if_asked_for(tmp_path: Path) -> None:
    """Those of `_File` and those that messages show, once each, without the key; one that is gone is listed."""
    folder, place = tmp_path / "saved", conversation(1)["objectId"]
    async with LeanCloud({"_Conversation": [conversation(1)]}).serving() as cloud:
        photo, song, gone = (f"{cloud.url}/files/{name}" for name in ("photo.png", "song.mp3", "gone.txt"))
        cloud.files = {"photo.png": b"\x89PNG" * 50_000, "song.mp3": b"la la"}
        cloud.classes["_File"] = [{"objectId": f"{1:024x}", "name": "photo.png", "url": photo}]
        contents_of_messages = [
            json.dumps({"_lctype": -2, "_lcfile": {"url": url, "metaData": {}}}) for url in (photo, song, gone)
        ]
        cloud.messages[place] = [
            message(place, n, 1_600_000_000_000 + n, c) for n, c in enumerate(contents_of_messages)
        ]
        ended = await exported(cloud, folder, "--files")
        assert 1 == ended.code
        assert f"{gone} answers 404" in ended.err
        assert [1, 1] == [cloud.asked[f"/files/{name}"] for name in ("photo.png", "song.mp3")]
    by_address = {each["about"]: each for each in manifest(folder)["files"] if each["path"].startswith("files/")}
    assert {photo, song} == set(by_address)
    assert cloud.files["photo.png"] == (folder / by_address[photo]["path"]).read_bytes()
    assert has_right_checksums(folder)


async def test_who_may_not_speak_or_come_in_is_saved(tmp_path: Path) -> None:
    """List by list, however long; whoever is on it no more goes; an app without such lists has none."""
    folder, place, room = tmp_path / "saved", conversation(1)["objectId"], conversation(901)["objectId"]
    async with an_app(3, 3).serving() as cloud:
        cloud.silenced, cloud.blocked = {place: [f"rude-{n}" for n in range(25)]}, {room: ["tom"]}
        assert 0 == (await exported(cloud, folder)).code
        assert (["silenced", "blocked"], []) == (manifest(folder)["restrictions"], manifest(folder)["problems"])
        silenced = rows_about(folder, "restrictions/silenced", place)
        assert cloud.silenced[place] == [row["client_id"] for row in silenced]
        assert [{"conv_id": room, "client_id": "tom"}] == rows_about(folder, "restrictions/blocked", room)
        cloud.silenced, cloud.blocked = {place: ["rude-7"]}, {}
        assert 0 == (await exported(cloud, folder)).code
        assert ["rude-7"] == [row["client_id"] for row in rows_about(folder, "restrictions/silenced", place)]
        assert not [name for name in contents(folder) if name.startswith("restrictions/blocked")]
        cloud.silenced = cloud.blocked = None
        cloud.asked.clear()
        ended = await exported(cloud, folder)
        assert (0, "") == (ended.code, "".join(line for line in ended.err.splitlines() if "not enabled" in line))
        assert 8 >= sum(count for path, count in cloud.asked.items() if path.endswith(("silenceds", "blacklists")))
        assert [] == manifest(folder)["restrictions"]
        cloud.asked.clear()
        assert 0 == (await exported(cloud, tmp_path / "less", "--no-restrictions")).code
        assert not [path for path in cloud.asked if path.endswith(("silenceds", "blacklists"))]
        assert has_right_checksums(folder)
