"""A server whose default app lies open, as the document's examples take for granted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from apis.clinic.ward import Ward, opened


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    """The open app `ward`, which is the server's default, besides the cast of `hall`."""
    async with opened(tmp_path / "data") as ward:
        yield ward
