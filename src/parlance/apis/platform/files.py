"""Files: uploading one, and telling where it can be had."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import msgspec
from aiohttp import web

from parlance.core.actions.catalogue import Actions
from parlance.core.actions.files.upload import Upload
from parlance.web.addresses import file_address
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

Receive = Callable[[web.Request], AbstractAsyncContextManager[Upload]]
"""Takes the file out of a multipart body; what it holds is gone when the context ends."""


class FileAsked(msgspec.Struct, frozen=True):
    """A file to keep."""

    file: bytes


class Files:
    """The call about files. `public_url` is where the world reaches this server; "": where the caller did."""

    def __init__(self, actions: Actions, receive: Receive, public_url: str) -> None:
        self._actions = actions
        self._receive = receive
        self._public_url = public_url

    async def upload(self, call: Call[Nothing]) -> str:
        """POST /im/file/upload."""
        async with self._receive(call.request) as upload:
            stored = await self._actions.upload_file(call.caller, upload)
        return file_address(call.request, self._public_url, stored)


UPLOAD = Operation(
    summary="Upload a file",
    tag="Files",
    description="Answers where everybody who is told the address can fetch it. The content must be what the name says.",
    answer_example={
        "code": 0,
        "message": "ok",
        "data": "http://127.0.0.1/storage/uploads/7de523065e29c5526b7f1f8b15030df3.jpg",
        "request-id": None,
    },
)
