"""What the actions on files need around them: a real store, a real folder, and two people."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from parlance.app.config import Config
from parlance.blobs.inspection import ByteInspector
from parlance.blobs.objects import open_blobs
from parlance.core.actions.files.open_file import OpenFile
from parlance.core.actions.files.upload import UploadFile
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.file_types import FileTypes
from parlance.core.model.limits import Limits
from parlance.kernel.clock import StoppedClock
from parlance.kernel.ids import AppId, ClientId, SystemIds
from parlance.kernel.tallies import UploadTally
from parlance.stores.sql import SqlStore, open_store
from tables import with_tables

CLOCK = StoppedClock()
APP = App(
    app_id=AppId("666666"),
    name="Harbour",
    app_key="public",
    master_key="master",
    token_secret="secret",
    policy=Policy.OPEN,
    settings=AppSettings(),
    created_at=CLOCK.now(),
    updated_at=CLOCK.now(),
)
ADA = Caller(APP, ClientId("ada"))
BACKEND = Caller(APP)


class Sent:
    """A file as it stands once it has arrived."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.size = len(content)
        self.content: BinaryIO = io.BytesIO(content)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes, a few at a time."""
        self.content.seek(0)
        while chunk := self.content.read(1_000):
            yield chunk


class Filing:
    """Both actions over one store and one folder."""

    def __init__(self, store: SqlStore, folder: Path, limits: Limits, types: FileTypes | None) -> None:
        self.store = store
        self.folder = folder
        self.blobs = open_blobs(folder)
        inspector = ByteInspector(limits.image_pixels)
        self.tally = UploadTally()
        self.upload = UploadFile(store, self.blobs, inspector, CLOCK, SystemIds(CLOCK), limits, types, self.tally)
        self.open = OpenFile(store, self.blobs)

    async def bytes_of(self, key: str) -> bytes:
        """What is handed out under a key."""
        opened = await self.open(key)
        return b"".join([chunk async for chunk in await opened.read(0, opened.file.size)])

    def kept(self) -> list[str]:
        """The names of the files that lie in the folder."""
        return sorted(file.name for file in (self.folder / "uploads").iterdir())


@asynccontextmanager
async def filing(folder: Path, limits: Limits | None = None, types: FileTypes | None = None) -> AsyncIterator[Filing]:
    """Open the store and the folder for as long as a test takes."""
    database = with_tables(Config(data_dir=folder).database)
    store = await open_store(database, announce=lambda events: None, clock=CLOCK, waiting=100)
    try:
        yield Filing(store, folder / "files", limits or Limits(), types)
    finally:
        await store.close()
