"""Files that go with messages, as LeanCloud's storage library sends them: four calls, and no more of storage.

The library asks where to send the bytes (`fileTokens`), sends them there (`PUT`, as to S3), and says when it is done
(`fileCallback`). Or it sends them itself, in base64; or it only tells of a file that lies elsewhere.
"""

import base64
import binascii
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.changes import DONE, Done
from parlance.apis.leancloud.ids import iso
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.files.reserve import UploadReserved
from parlance.core.actions.files.upload import Upload
from parlance.kernel.clock import Clock
from parlance.kernel.faults import bad_format, missing
from parlance.kernel.ids import Ids
from parlance.web.addresses import file_address, forwarded_origin
from parlance.web.calls import Call
from parlance.web.uploads import spooled

TAG = "LeanCloud files"
UPLOADS = "/1.1/uploads/"
PROVIDER = "s3"
"""Whose way of taking bytes the library is to use: one PUT with nothing but the bytes."""
BUCKET = "storage"
LONGEST_URL = 2048

Receive = Callable[[web.Request, str], AbstractAsyncContextManager[Upload]]
"""Takes the bytes of a body that is a file of this name."""


class TokenAsked(msgspec.Struct, frozen=True, rename={"metadata": "metaData"}):
    """A file that is about to be sent."""

    name: str
    key: str | None = None
    mime_type: str | None = None
    metadata: Any = None


class FileToken(msgspec.Struct, rename={"object_id": "objectId", "created_at": "createdAt"}):
    """Where its bytes are to be sent, and where it can be had afterwards."""

    object_id: str
    created_at: str
    url: str
    upload_url: str
    token: str
    key: str
    provider: str = PROVIDER
    bucket: str = BUCKET
    mime_type: str | UnsetType = UNSET


class Callback(msgspec.Struct, frozen=True):
    """Whether the bytes were sent."""

    token: str | None = None
    result: bool = True


class FileSent(msgspec.Struct, frozen=True, rename={"content_type": "_ContentType", "metadata": "metaData"}):
    """A file in base64, or one that lies at `url`."""

    base64: str | None = None
    url: str | None = None
    name: str | None = None
    mime_type: str | None = None
    content_type: str | None = None
    metadata: Any = None


class FileObject(msgspec.Struct, rename={"object_id": "objectId", "created_at": "createdAt", "metadata": "metaData"}):
    """A file as an object."""

    object_id: str
    created_at: str
    name: str
    url: str
    size: int | UnsetType = UNSET
    bucket: str = BUCKET
    mime_type: str | UnsetType = UNSET
    metadata: Any = UNSET


class Files:
    """The calls about files. `public_url` is where the world reaches this server; "": where the caller did."""

    def __init__(self, actions: Actions, clock: Clock, ids: Ids, public_url: str) -> None:
        self._actions = actions
        self._clock = clock
        self._ids = ids
        self._public_url = public_url

    async def token(self, call: Call[TokenAsked]) -> FileToken:
        """POST /1.1/fileTokens."""
        place = self._actions.reserve_file(call.caller, call.fields.name or call.fields.key or "")
        here = forwarded_origin(call.request, self._public_url)
        return FileToken(
            self._ids.object_id(),
            iso(self._clock.now()),
            f"{here}/storage/{place.key}",
            f"{here}{UPLOADS}{place.token}",
            place.token,
            place.key,
            mime_type=call.fields.mime_type or UNSET,
        )

    async def called_back(self, _call: Call[Callback]) -> Done:
        """POST /1.1/fileCallback: there is nothing left to do, the bytes came or did not."""
        return DONE

    async def create(self, call: Call[FileSent]) -> FileObject:
        """POST /1.1/files/{name}, POST /1.1/files."""
        fields = call.fields
        name = fields.name or call.request.match_info.get("name", "")
        if fields.url is not None:
            return self._elsewhere(fields, name)
        if fields.base64 is None:
            raise missing("base64")
        try:
            content = base64.b64decode(fields.base64, validate=True)
        except (binascii.Error, ValueError):
            raise bad_format("base64", "not base64") from None
        async with spooled(content, name) as upload:
            file = await self._actions.upload_file(call.caller, upload)
        url = file_address(call.request, self._public_url, file)
        return FileObject(
            self._ids.object_id(),
            iso(file.created_at),
            file.name,
            url,
            file.size,
            mime_type=file.content_type,
            metadata=UNSET if fields.metadata is None else fields.metadata,
        )

    def _elsewhere(self, fields: FileSent, name: str) -> FileObject:
        url = fields.url or ""
        if len(url) > LONGEST_URL or not url.startswith(("http://", "https://")):
            raise bad_format("url", "no address of a file")
        return FileObject(
            self._ids.object_id(),
            iso(self._clock.now()),
            name or url.rpartition("/")[2],
            url,
            bucket="",
            mime_type=fields.mime_type or fields.content_type or UNSET,
            metadata=UNSET if fields.metadata is None else fields.metadata,
        )


def uploads(upload: UploadReserved, receive: Receive) -> list[web.RouteDef]:
    """Where bytes are sent: whoever has the address may, once. No row of the table, for nothing else is shown."""

    async def take(request: web.Request) -> web.Response:
        caller, place = await upload.place(request.match_info["token"])
        async with receive(request, place.name) as sent:
            await upload(caller, place, sent)
        return web.Response()

    return [web.put(f"{UPLOADS}{{token}}", take)]
