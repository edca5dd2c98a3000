"""`parlance import leancloud` of a folder with archives in it, as LeanCloud's console gives them."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal

import pytest

from core.world import World
from importing.brought import brought, complaints, write
from importing.leancloud import conversation
from importing.verified import bring_in, found, look
from parlance.importer.leancloud.archives import unpack
from parlance.importer.leancloud.verifying.findings import What

Pack = Callable[[Path, Mapping[str, bytes]], None]


def lines(*numbers: int) -> bytes:
    """Conversations as JSON Lines."""
    return b"".join(json.dumps(conversation(number)).encode() + b"\n" for number in numbers)


def zipped(path: Path, files: Mapping[str, bytes]) -> None:
    """Pack files by zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def taped(mode: Literal["w", "w:gz", "w:bz2", "w:xz"]) -> Pack:
    """Pack files by tar."""

    def pack(path: Path, files: Mapping[str, bytes]) -> None:
        with tarfile.open(path, mode) as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))

    return pack


PACKED = [
    pytest.param("zip", zipped, id="zip"),
    pytest.param("tar", taped("w"), id="tar"),
    pytest.param("tar.gz", taped("w:gz"), id="tar.gz"),
    pytest.param("TGZ", taped("w:gz"), id="tgz"),
    pytest.param("tar.bz2", taped("w:bz2"), id="tar.bz2"),
    pytest.param("tar.xz", taped("w:xz"), id="tar.xz"),
]


@pytest.mark.parametrize(("ending", "pack"), PACKED)
async def test_what_is_packed_is_brought_in(world: World, folder: Path, ending: str, pack: Pack) -> None:
    """As if it lay there unpacked, beside what does; also under names in folders, and what is no data is left."""
    write(folder / "classes" / "_Conversation.jsonl", conversation(1))
    packed = {"export/_Conversation.jsonl": lines(2, 3), "export/README.txt": b"hello", "__MACOSX/._User.json": b"x"}
    pack(folder / f"export.{ending}", packed)
    result = await brought(world, folder)
    assert ([], 3) == (result.complaints, result.conversations.added)
    unpacked = folder / f"export.{ending}.unpacked"
    assert {"export", ".unpacked"} == {path.name for path in unpacked.iterdir()}


async def test_it_is_unpacked_once(world: World, folder: Path) -> None:
    """And anew when it is another one."""
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(1)})
    assert 1 == (await brought(world, folder)).conversations.added
    inside = folder / "export.zip.unpacked" / "_Conversation.jsonl"
    before = inside.stat().st_ino
    assert 1 == (await brought(world, folder)).conversations.known
    assert before == inside.stat().st_ino
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(1, 2)})
    result = await brought(world, folder)
    assert (1, 1) == (result.conversations.known, result.conversations.added)


async def test_what_a_killed_import_left_is_no_data(world: World, folder: Path) -> None:
    """It is not read, and made anew."""
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(1)})
    half = folder / "export.zip.unpacking"
    half.mkdir()
    (half / "_Conversation.jsonl").write_bytes(lines(1, 2)[:-100])
    result = await brought(world, folder)
    assert ([], 1) == (result.complaints, result.conversations.added)
    assert not half.exists()


@pytest.mark.parametrize(("ending", "pack"), PACKED[1:])
async def test_one_that_ends_early_gives_the_files_that_are_whole(
    world: World, folder: Path, ending: str, pack: Pack
) -> None:
    """The others are not there by half; and it is said, again and again."""
    path = folder / f"export.{ending}"
    rest = b"".join(sha256(b"%d" % number).hexdigest().encode() + b"\n" for number in range(50_000))
    pack(path, {"a/_Conversation.jsonl": lines(1, 2), "b/_Conversation.jsonl": rest})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    result = await brought(world, folder)
    (complaint,) = result.complaints
    assert (path.name, 0) == (complaint.file, complaint.line)
    assert complaint.reason.startswith("the archive cannot be read on: ")
    assert 2 == result.conversations.added
    assert not (folder / f"{path.name}.unpacked" / "b" / "_Conversation.jsonl").exists()
    assert [complaint] == (await brought(world, folder)).complaints


async def test_a_zip_that_ends_early_has_no_list_of_its_files(world: World, folder: Path) -> None:
    """It stands at the end: so nothing comes of it."""
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(*range(200))})
    content = (folder / "export.zip").read_bytes()
    (folder / "export.zip").write_bytes(content[:-30])
    write(folder / "classes" / "_Conversation.jsonl", conversation(300))
    result = await brought(world, folder)
    assert (1, "export.zip") == (result.conversations.added, result.complaints[0].file)
    assert result.complaints[0].reason.startswith("the archive cannot be read on: ")


async def test_a_zip_with_a_file_that_was_changed(world: World, folder: Path) -> None:
    """What does not have its checksum is not taken."""
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("_Conversation.jsonl", lines(1))
        archive.writestr("_User.jsonl", b'{"objectId": "u1", "nickname": "Tom"}\n')
    content = (folder / "export.zip").read_bytes()
    (folder / "export.zip").write_bytes(content.replace(b"Tom", b"Bob"))
    result = await brought(world, folder)
    assert (1, 0) == (result.conversations.added, result.people.added)
    assert ["export.zip"] == [complaint.file for complaint in result.complaints]


async def test_names_lead_nowhere_else(world: World, folder: Path) -> None:
    """Whatever they say, the files lie in the archive's own folder."""
    names = ["../../out/_Conversation.jsonl", "/out/_User.json", "C:\\out\\_File.json"]
    zipped(folder / "export.zip", dict(zip(names, (lines(1), b"", b""), strict=True)))
    assert 1 == (await brought(world, folder)).conversations.added
    unpacked = folder / "export.zip.unpacked"
    found_there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*.json*")}
    assert {"out/_Conversation.jsonl", "out/_User.json", "C:/out/_File.json"} == found_there
    assert not (folder.parent / "out").exists()


async def test_what_is_not_unpacked_is_named(world: World, folder: Path) -> None:
    """Kinds that nothing here knows, archives in archives, files of one name, and whole folders of ours."""
    (folder / "export.7z").write_bytes(b"7z")
    zipped(folder / "export.zip", {"old/export.tar.gz": b"", "saved/export.json": b"{}"})
    with tarfile.open(folder / "twice.tar", "w") as archive:
        for content in (lines(1), lines(2)):
            member = tarfile.TarInfo("_Conversation.jsonl")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    assert {
        ("export.7z", 0): "an archive: unpack it in the folder",
        ("export.zip.unpacked/old/export.tar.gz", 0): "an archive in an archive: unpack both in the folder",
        ("export.zip", 0): "a saved folder that was packed: unpack it, and name the folder that comes out",
        ("twice.tar.unpacked/_Conversation.jsonl", 0): "another file in the archive has its name",
    } == await complaints(world, folder)


async def test_files_that_people_sent_are_left_as_they_are(world: World, folder: Path) -> None:
    """An archive among them is one of theirs."""
    (folder / "files").mkdir()
    zipped(folder / "files" / "holiday.zip", {"_Conversation.jsonl": lines(1)})
    write(folder / "classes" / "_Conversation.jsonl", conversation(2))
    result = await brought(world, folder)
    assert ([], 1) == (result.complaints, result.conversations.added)
    assert ["holiday.zip"] == [path.name for path in (folder / "files").iterdir()]


def test_a_folder_in_which_nothing_can_be_written(folder: Path) -> None:
    """It is said that the archive is to be unpacked, and why it is not."""
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(1)})
    (folder / "export.zip.unpacking").write_bytes(b"in its place")
    (complaint,) = unpack(folder)
    assert "an archive: unpack it in the folder; here it cannot be (File exists)" == complaint.reason


async def test_what_no_import_has_unpacked_is_never_safe(world: World, folder: Path) -> None:
    """Nobody knows what is in it, until it has been brought in."""
    write(folder / "classes" / "_Conversation.jsonl", conversation(1))
    assert 0 == await bring_in(world, folder)
    zipped(folder / "export.zip", {"_Conversation.jsonl": lines(2)})
    verdict = await look(world, folder)
    assert {What.NO_MANIFEST: 1, What.FILE_UNREAD: 1} == found(verdict)
    [packed] = verdict.findings.told[What.FILE_UNREAD]
    assert ("export.zip", "an archive that no import has unpacked") == (packed.where, packed.there)
    assert 0 == await bring_in(world, folder)
    assert {What.NO_MANIFEST: 1} == found(await look(world, folder))
