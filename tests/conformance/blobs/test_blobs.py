import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from conformance.blobs.bucket import bucket
from parlance.blobs.objects import CHUNK, ObjectBlobs, open_blobs
from parlance.core.ports.blobs import Blobs
from parlance.kernel.faults import Fault, FaultCode

KEY = f"uploads/{'7de523065e29c5526b7f1f8b15030df3'}.jpg"
OTHER = f"uploads/{'0' * 32}.txt"


@pytest.fixture(params=["folder", "memory", "bucket"])
async def blobs(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Blobs]:
    """Each place where files may lie: a folder, obstore's memory, and a bucket over HTTP."""
    if request.param == "folder":
        yield open_blobs(tmp_path / "files")
    elif request.param == "memory":
        yield ObjectBlobs(MemoryStore())
    else:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        async with bucket("harbour") as endpoint:
            yield open_blobs(f"s3://harbour/files?endpoint={endpoint}&region=eu-central-1&allow_http=true")


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    """What is put, as it arrives."""
    for chunk in chunks:
        yield chunk


async def whole(blobs: Blobs, key: str, start: int, end: int) -> bytes:
    """What is read, joined."""
    return b"".join([chunk async for chunk in await blobs.read(key, start, end)])


async def test_what_was_put_is_read_again(blobs: Blobs) -> None:
    """The bytes come back as they were, and their number is told."""
    assert 11 == await blobs.put(KEY, pieces(b"hello", b"", b" world"))
    assert b"hello world" == await whole(blobs, KEY, 0, 11)
    assert await blobs.exists(KEY)


async def test_a_part_is_read_by_itself(blobs: Blobs) -> None:
    """From the first byte asked for up to, not including, the last."""
    await blobs.put(KEY, pieces(b"0123456789"))
    assert b"345" == await whole(blobs, KEY, 3, 6)
    assert b"9" == await whole(blobs, KEY, 9, 10)
    assert b"" == await whole(blobs, KEY, 4, 4)


async def test_a_large_file_comes_in_chunks_of_bounded_size(blobs: Blobs) -> None:
    """Nobody has to hold a whole film in memory to pass it on."""
    block = bytes(range(256)) * 4_096
    assert len(block) * 7 == await blobs.put(KEY, pieces(*[block] * 7))
    sizes = [len(chunk) async for chunk in await blobs.read(KEY, 0, len(block) * 7)]
    assert len(block) * 7 == sum(sizes)
    assert CHUNK >= max(sizes)
    assert block[-10:] + block[:10] == await whole(blobs, KEY, len(block) - 10, len(block) + 10)


async def test_an_empty_file_is_a_file(blobs: Blobs) -> None:
    """No bytes are some bytes too: whether they are wanted is for others to say."""
    assert 0 == await blobs.put(KEY, pieces())
    assert await blobs.exists(KEY)


async def test_putting_again_replaces(blobs: Blobs) -> None:
    """The last to put wins, whole."""
    await blobs.put(KEY, pieces(b"first and longer"))
    await blobs.put(KEY, pieces(b"second"))
    assert b"second" == await whole(blobs, KEY, 0, 6)


async def test_a_source_that_fails_leaves_nothing(blobs: Blobs) -> None:
    """All of the bytes or none: half a file is never seen, and the reason comes through as it is."""

    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        raise Fault(FaultCode.BODY_TOO_LARGE)

    with pytest.raises(Fault) as refused:
        await blobs.put(KEY, cut())
    assert FaultCode.BODY_TOO_LARGE is refused.value.code
    assert not await blobs.exists(KEY)


async def test_a_put_given_up_half_way_leaves_nothing(blobs: Blobs) -> None:
    """An upload whose client goes away is as if it had never been."""
    arrived = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        yield b"x" * 6_000_000
        arrived.set()
        await asyncio.Event().wait()

    putting = asyncio.ensure_future(blobs.put(KEY, stuck()))
    await asyncio.wait_for(arrived.wait(), 10)
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert not await blobs.exists(KEY)


async def test_what_is_not_there_is_an_unknown_file(blobs: Blobs) -> None:
    """Reading says so before anything is handed out."""
    with pytest.raises(Fault) as refused:
        await blobs.read(KEY, 0, 10)
    assert FaultCode.UNKNOWN_FILE is refused.value.code
    assert not await blobs.exists(KEY)


async def test_a_file_cut_while_it_is_read_comes_to_an_end(tmp_path: Path) -> None:
    """Somebody shortens it by hand: the reader gets what is left, or is told, but never waits for ever."""
    blobs = open_blobs(tmp_path)
    await blobs.put(KEY, pieces(b"x" * 3 * CHUNK))
    chunks = await blobs.read(KEY, 0, 3 * CHUNK)
    assert b"x" * CHUNK == await anext(chunks)
    with (tmp_path / KEY).open("r+b") as cut:
        cut.truncate(CHUNK + 10)
    assert b"x" * 10 == await anext(chunks)
    with pytest.raises(Fault) as refused:
        await anext(chunks)
    assert FaultCode.UNAVAILABLE is refused.value.code


async def test_what_is_deleted_is_gone_and_the_rest_stays(blobs: Blobs) -> None:
    """Deleting what is not there is no error."""
    await blobs.put(KEY, pieces(b"one"))
    await blobs.put(OTHER, pieces(b"two"))
    await blobs.delete(KEY)
    await blobs.delete(KEY)
    assert not await blobs.exists(KEY)
    assert b"two" == await whole(blobs, OTHER, 0, 3)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "uploads/",
        "../secret",
        "uploads/../../etc/passwd",
        f"/uploads/{'0' * 32}.txt",
        f"uploads/{'0' * 31}.txt",
        f"uploads/{'0' * 32}",
        f"uploads/{'0' * 32}.",
        f"uploads/{'0' * 32}.t/t",
        f"uploads/{'0' * 32}.txt/..",
        f"uploads/{'A' * 32}.txt",
        f"uploads/{'0' * 32}.TXT",
        f"uploads/{'0' * 32}.txt\n",
        f"uploads/{'٠' * 32}.txt",
        f"uploads/{'0' * 32}.txt\0",
        f"other/{'0' * 32}.txt",
    ],
)
async def test_a_key_of_another_shape_reaches_nothing(blobs: Blobs, key: str) -> None:
    """Keys are made here: whatever else is asked for never becomes a path."""
    with pytest.raises(ValueError, match="not a key of ours"):
        await blobs.put(key, pieces(b"x"))
    with pytest.raises(ValueError, match="not a key of ours"):
        await blobs.read(key, 0, 1)
    with pytest.raises(ValueError, match="not a key of ours"):
        await blobs.delete(key)
    with pytest.raises(ValueError, match="not a key of ours"):
        await blobs.exists(key)


async def test_two_puts_at_once_do_not_mix(blobs: Blobs) -> None:
    """Many uploads at the same time each come out as they went in."""
    keys = [f"uploads/{number:032x}.bin" for number in range(20)]
    await asyncio.gather(*(blobs.put(key, pieces(*[key.encode()] * 1_000)) for key in keys))
    for key in keys:
        assert key.encode() * 1_000 == await whole(blobs, key, 0, len(key) * 1_000)


async def test_a_folder_is_named_by_path_or_address(tmp_path: Path) -> None:
    """A folder that is not there is made; both ways lead to the same place."""
    await open_blobs(str(tmp_path / "made" / "here")).put(KEY, pieces(b"hello"))
    assert b"hello" == await whole(open_blobs(f"file://{tmp_path}/made/here"), KEY, 0, 5)
    assert b"hello" == (tmp_path / "made" / "here" / KEY).read_bytes()


async def test_nothing_but_files_is_left_in_the_folder(tmp_path: Path) -> None:
    """A failed put leaves no half-written file behind under another name."""
    blobs = open_blobs(tmp_path)

    async def cut() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        raise OSError("the line was cut")

    with pytest.raises(Fault):
        await blobs.put(KEY, cut())
    await blobs.put(OTHER, pieces(b"kept"))
    assert [f"{'0' * 32}.txt"] == [file.name for file in (tmp_path / "uploads").iterdir()]


async def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    """A disk that fails is our trouble, and says so."""
    (tmp_path / "uploads").write_text("a file where the folder should be")
    with pytest.raises(Fault) as refused:
        await ObjectBlobs(LocalStore(prefix=tmp_path)).put(KEY, pieces(b"x"))
    assert FaultCode.UNAVAILABLE is refused.value.code


def test_an_address_that_is_no_place_is_refused() -> None:
    """A mistake in the configuration is found at the start, not at the first upload."""
    for place in ("http://example.org/files", "s3://", "ftp://host/x"):
        with pytest.raises(ValueError, match="files can lie in"):
            open_blobs(place)
    with pytest.raises(ValueError, match="no option 'secret'"):
        open_blobs("s3://bucket/files?secret=x")


async def test_a_bucket_that_cannot_be_reached_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address with an endpoint is spoken to there, and its silence is our trouble."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ada")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    blobs = open_blobs("s3://bucket/files?endpoint=https://127.0.0.1:1&region=eu-central-1")
    with pytest.raises(Fault) as refused:
        await blobs.exists(KEY)
    assert FaultCode.UNAVAILABLE is refused.value.code
