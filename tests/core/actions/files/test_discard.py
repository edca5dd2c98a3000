from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from conformance.blobs import samples
from core.actions.files.filing import ADA, APP, Filing, Sent, filing
from parlance.core.actions.files.discard import DiscardFile
from parlance.core.model.caller import Caller
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Filing]:
    """A server's files, with the usual limits."""
    async with filing(tmp_path) as opened:
        yield opened


async def test_nothing_of_it_is_left(files: Filing) -> None:
    """Neither the record nor the bytes."""
    stored = await files.upload(ADA, Sent("a.jpg", samples.picture("JPEG")))
    await DiscardFile(files.store, files.blobs)(ADA, stored)
    assert await files.store.read.files.find(stored.key) is None
    assert [] == files.kept()


async def test_another_app_s_file(files: Filing) -> None:
    """Is unknown to it, and stays."""
    stored = await files.upload(ADA, Sent("a.jpg", samples.picture("JPEG")))
    stranger = Caller(msgspec.structs.replace(APP, app_id=AppId("annex")))
    with pytest.raises(Fault) as fault:
        await DiscardFile(files.store, files.blobs)(stranger, stored)
    assert FaultCode.UNKNOWN_FILE is fault.value.code
    assert stored == await files.store.read.files.find(stored.key)
