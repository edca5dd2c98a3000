"""Take in a file."""

from collections.abc import AsyncIterator
from typing import BinaryIO, Protocol

from parlance.core.model.caller import Caller
from parlance.core.model.file_names import clean_name, extension_of
from parlance.core.model.file_types import FileType, FileTypes, Sniffed, file_key
from parlance.core.model.limits import Limits
from parlance.core.model.origin import Noun
from parlance.core.model.stored_file import StoredFile
from parlance.core.ports.blobs import Blobs
from parlance.core.ports.inspector import Inspector
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids
from parlance.kernel.tallies import UploadTally


class Upload(Protocol):
    """A file that has arrived whole and lies in a temporary place."""

    @property
    def name(self) -> str:
        """The name it came with, as it came; "" if none."""

    @property
    def size(self) -> int:
        """How many bytes."""

    @property
    def content(self) -> BinaryIO:
        """The bytes, to look at in any order."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes from the first to the last, without holding anybody up."""


class UploadFile:
    """Keeps a file if it is of an accepted type and is what its name says.

    `names` False: what its name says is not asked, it is taken for what it is.
    """

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        inspector: Inspector,
        clock: Clock,
        ids: Ids,
        limits: Limits,
        types: FileTypes | None = None,
        tally: UploadTally | None = None,
        *,
        names: bool = True,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._inspector = inspector
        self._clock = clock
        self._ids = ids
        self._limits = limits
        self._types = types or FileTypes()
        self._tally = tally or UploadTally()
        self._names = names

    async def __call__(
        self, caller: Caller, upload: Upload, key: str | None = None, address: str | None = None
    ) -> StoredFile:
        """Store the bytes, then the record: who is handed a key can fetch it, come what may.

        `key`: where it is to lie, if that was said before; `address`: where it lay elsewhere, to find it again. Raises
        WRONG_FILE_FORMAT, BODY_TOO_LARGE, or BAD_CREDENTIAL if there is a file already.
        """
        try:
            file = await self._taken_in(caller, upload, key, address)
        except Fault:
            self._tally.refused += 1
            raise
        self._tally.uploads += 1
        self._tally.bytes += file.size
        return file

    async def _taken_in(self, caller: Caller, upload: Upload, key: str | None, address: str | None) -> StoredFile:
        if key is not None and await self._store.read.files.find(key) is not None:
            raise Fault(FaultCode.BAD_CREDENTIAL, "there is a file already")
        if upload.size > self._limits.upload:
            raise Fault(FaultCode.BODY_TOO_LARGE, f"files have at most {self._limits.upload} bytes", field="file")
        if not upload.size:
            raise _wrong("the file is empty")
        name = clean_name(upload.name)
        extension = extension_of(name) if self._names else ""
        if extension and self._types.named(extension) is None:
            raise _wrong(f"files named .{extension} are not accepted")
        sniffed = await self._inspector.inspect(upload.content)
        found = self._recognised(extension, sniffed)
        file = StoredFile(
            app_id=caller.app.app_id,
            key=key or file_key(self._ids.random_hex(), extension or found.extensions[0]),
            name=name if extension else f"{name}.{found.extensions[0]}",
            content_type=found.served_as(sniffed),
            size=upload.size,
            created_at=self._clock.now(),
            uploader=caller.client_id,
        )
        await self._keep(file, upload, address)
        return file

    def _recognised(self, extension: str, sniffed: Sniffed) -> FileType:
        promised = self._types.named(extension) if extension else self._types.found(sniffed)
        if promised is None:
            raise _wrong("the file is of no accepted type")
        if not promised.shapes & sniffed.shapes:
            raise _wrong(f"the file's content is not what .{extension} says")
        return promised

    async def _keep(self, file: StoredFile, upload: Upload, address: str | None) -> None:
        await self._blobs.put(file.key, upload.chunks())
        try:
            async with self._store.begin() as tx:
                await tx.files.add(file)
                if address is not None:
                    await tx.origins.put(file.app_id, Noun.FILE, {address: file.key})
        except BaseException:
            # Nobody will ever be told this key, so nobody would ever ask for these bytes.
            await self._blobs.delete(file.key)
            raise


def _wrong(reason: str) -> Fault:
    return Fault(FaultCode.WRONG_FILE_FORMAT, reason, field="file")
