import re
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import asyncpg
import pytest

from conformance.blobs import samples
from core.actions.files.filing import ADA, APP, BACKEND, CLOCK, Filing, Sent, filing
from parlance.core.model.file_types import file_types
from parlance.core.model.limits import Limits
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import SystemIds
from parlance.kernel.tallies import UploadTally


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Filing]:
    """A server's files, with the usual limits."""
    async with filing(tmp_path) as opened:
        yield opened


async def refused(files: Filing, name: str, content: bytes) -> Fault:
    """Why a file is not taken; nothing of it may be left."""
    with pytest.raises(Fault) as fault:
        await files.upload(ADA, Sent(name, content))
    assert [] == files.kept()
    return fault.value


async def test_a_file_is_kept_with_all_that_is_known_of_it(files: Filing) -> None:
    """The record says whose it is, what it is and how it was called; the bytes are as they were."""
    photo = samples.picture("JPEG")
    stored = await files.upload(ADA, Sent("2020-04-28 16.25.13.jpg", photo))
    assert (
        StoredFile(
            app_id=APP.app_id,
            key=stored.key,
            name="2020-04-28 16.25.13.jpg",
            content_type="image/jpeg",
            size=len(photo),
            created_at=CLOCK.now(),
            uploader=ADA.client_id,
        )
        == stored
    )
    assert stored == await files.store.read.files.find(stored.key)
    assert photo == await files.bytes_of(stored.key)


async def test_what_comes_in_and_what_is_refused_is_counted(files: Filing) -> None:
    """An operator sees how many files come in, how large they are, and how many are refused."""
    photo = samples.picture("JPEG")
    await files.upload(ADA, Sent("a.jpg", photo))
    with pytest.raises(Fault):
        await files.upload(ADA, Sent("a.exe", photo))
    assert UploadTally(uploads=1, bytes=len(photo), refused=1) == files.tally


async def test_the_key_is_one_that_nobody_can_guess(files: Filing) -> None:
    """Twice the same file are two files, with nothing in common but the ending."""
    keys = [(await files.upload(ADA, Sent("a.PNG", samples.picture("PNG")))).key for _ in range(2)]
    assert all(re.fullmatch(r"uploads/[0-9a-f]{32}\.png", key) for key in keys)
    assert keys[0][8:20] != keys[1][8:20]


async def test_the_backend_uploads_for_nobody_in_particular(files: Filing) -> None:
    """A file that the app's own server sends has no uploader."""
    assert (await files.upload(BACKEND, Sent("a.txt", samples.TEXT))).uploader is None


async def test_a_file_without_extension_is_known_by_its_bytes(files: Filing) -> None:
    """What a browser calls "blob" gets the ending that its bytes ask for."""
    for content, ending in (
        (samples.picture("JPEG"), "jpg"),
        (samples.docx(), "docx"),
        (samples.zipped("a"), "zip"),
        (samples.TEXT, "txt"),
        (samples.PDF, "pdf"),
        (samples.MP3_BARE, "mp3"),
    ):
        stored = await files.upload(ADA, Sent("blob", content))
        assert f"blob.{ending}" == stored.name
        assert stored.key.endswith(f".{ending}")


async def test_a_hostile_name_is_only_ever_a_name(files: Filing) -> None:
    """Folders in a name, control characters and 10 000 letters lead nowhere."""
    photo = samples.picture("JPEG")
    for name, shown in (
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\fakepath\\photo.JPG", "photo.JPG"),
        ("a\0b\r\n.jpg", "ab.jpg"),
        ("gpj.\u202egnp.exe.jpg", "gpj.gnp.exe.jpg"),
        ("x" * 10_000 + ".jpg", "x" * 196 + ".jpg"),
        ("早上好.jpg", "早上好.jpg"),
        ("../.jpg", "file.jpg"),
        ("\ud800.jpg", "file.jpg"),
    ):
        stored = await files.upload(ADA, Sent(name, photo))
        assert shown == stored.name
        assert stored == await files.store.read.files.find(stored.key)
    assert all(re.fullmatch(r"[0-9a-f]{32}\.jpg", kept) for kept in files.kept())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("page.html", samples.HTML, "files named .html are not accepted"),
        ("drawing.svg", samples.SVG, "files named .svg are not accepted"),
        ("setup.exe", samples.EXE, "files named .exe are not accepted"),
        ("page.jpg", samples.HTML, "the file's content is not what .jpg says"),
        ("paper.pdf", samples.EXE, "the file's content is not what .pdf says"),
        ("blob", samples.EXE, "the file is of no accepted type"),
        ("blob", samples.HTML, "the file is of no accepted type"),
        ("bomb.png", samples.png_bomb(), "images have at most 100000000 pixels"),
        ("half.jpg", samples.picture("JPEG")[:-20], "the image is cut short"),
        ("photo.jpg.", samples.HTML, "the file's content is not what .jpg says"),
        ("photo.jpg\0.html", samples.picture("JPEG"), "files named .html are not accepted"),
    ],
)
async def test_what_is_refused_leaves_nothing(files: Filing, name: str, content: bytes, reason: str) -> None:
    """Each refusal is the file's format, says why, and keeps neither bytes nor record."""
    fault = await refused(files, name, content)
    assert FaultCode.WRONG_FILE_FORMAT is fault.code
    assert reason == fault.reason


async def test_a_file_of_the_limit_is_taken_and_no_larger_one(tmp_path: Path) -> None:
    """The limit is a number of bytes that is still allowed."""
    async with filing(tmp_path, Limits(upload=len(samples.TEXT))) as files:
        fault = await refused(files, "a.txt", samples.TEXT + b".")
        assert FaultCode.BODY_TOO_LARGE is fault.code
        assert len(samples.TEXT) == (await files.upload(ADA, Sent("a.txt", samples.TEXT))).size


async def test_the_accepted_types_are_the_configured_ones(tmp_path: Path) -> None:
    """A server that takes images and PDFs takes nothing else, by name or by bytes."""
    async with filing(tmp_path, types=file_types(["image", ".PDF"])) as files:
        for name, content in (("a.txt", samples.TEXT), ("blob", samples.TEXT), ("a.mp4", samples.MP4)):
            assert FaultCode.WRONG_FILE_FORMAT is (await refused(files, name, content)).code
        await files.upload(ADA, Sent("a.pdf", samples.PDF))
        await files.upload(ADA, Sent("blob", samples.picture("WEBP")))


async def test_bytes_whose_record_cannot_be_kept_go_again(files: Filing) -> None:
    """If the store fails after the bytes were written, no orphan is left in the folder."""
    async with files.store.begin() as tx:
        await tx.files.add(
            StoredFile(APP.app_id, f"uploads/{'0' * 31}1.txt", "a", "text/plain", 1, CLOCK.now()),
        )
    files.upload._ids = Repeating(CLOCK)
    with pytest.raises((apsw.ConstraintError, asyncpg.UniqueViolationError)):
        await files.upload(ADA, Sent("a.txt", samples.TEXT))
    assert [] == files.kept()


class Repeating(SystemIds):
    """Lots that always fall the same way."""

    def random_hex(self) -> str:
        """One that is taken."""
        return "0" * 31 + "1"
