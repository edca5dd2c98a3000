"""The `Inspector`: reads a file's bytes in a thread, so that nobody waits for a large one."""

import asyncio
from typing import BinaryIO

from parlance.blobs import documents, images, plain_text
from parlance.blobs.signatures import HEAD, shapes_of_head
from parlance.core.model.file_types import Sniffed
from parlance.kernel.faults import Fault, FaultCode

_LOOK_INTO = {"zip": documents.shape_of_zip, "ole": documents.shape_of_ole}


class ByteInspector:
    """Tells files apart by signature, then looks as deep as each shape asks for."""

    def __init__(self, image_pixels: int) -> None:
        self._image_pixels = image_pixels

    async def inspect(self, content: BinaryIO) -> Sniffed:
        """See `Inspector.inspect`."""
        return await asyncio.to_thread(self._inspect, content)

    def _inspect(self, content: BinaryIO) -> Sniffed:
        content.seek(0)
        shapes = shapes_of_head(content.read(HEAD))
        for shape in shapes & images.SHAPES:
            images.check_image(content, shape, self._image_pixels)
        if "zip" in shapes and not documents.zip_is_whole(content):
            raise Fault(FaultCode.WRONG_FILE_FORMAT, "the archive is cut short", field="file")
        for container, look in _LOOK_INTO.items():
            inside = look(content) if container in shapes else None
            if inside is not None:
                shapes.add(inside)
        # A few texts begin like something else ("%PDF-", "{\\rtf"), and a few of those are text throughout.
        charset = plain_text.charset_of(content)
        if charset is not None:
            shapes.add("text")
        return Sniffed(frozenset(shapes), charset)
