from pathlib import Path

import pytest

from conformance.blobs import samples
from core.actions.files.filing import ADA, Sent, filing
from parlance.kernel.faults import Fault, FaultCode


async def test_who_has_the_key_has_the_file(tmp_path: Path) -> None:
    """The record comes with its bytes, or as many of them as are wanted."""
    async with filing(tmp_path) as files:
        stored = await files.upload(ADA, Sent("a.txt", samples.TEXT))
        opened = await files.open(stored.key)
        assert stored == opened.file
        assert samples.TEXT[5:12] == b"".join([chunk async for chunk in await opened.read(5, 12)])


@pytest.mark.parametrize(
    "key",
    [
        f"uploads/{'0' * 32}.txt",
        "uploads/../parlance.db",
        "../parlance.db",
        "",
        "/etc/passwd",
        "uploads/\0.txt",
        "\ud800",
        "x" * 10_000,
    ],
)
async def test_any_other_key_is_unknown(tmp_path: Path, key: str) -> None:
    """A key that was never given, or that is none at all, opens nothing."""
    async with filing(tmp_path) as files:
        with pytest.raises(Fault) as refused:
            await files.open(key)
        assert FaultCode.UNKNOWN_FILE is refused.value.code


async def test_a_record_without_bytes_is_unknown_when_it_is_read(tmp_path: Path) -> None:
    """Somebody tidied up the folder by hand: readers are told that the file is gone."""
    async with filing(tmp_path) as files:
        stored = await files.upload(ADA, Sent("a.txt", samples.TEXT))
        await files.blobs.delete(stored.key)
        opened = await files.open(stored.key)
        with pytest.raises(Fault) as refused:
            await opened.read(0, 5)
        assert FaultCode.UNKNOWN_FILE is refused.value.code
