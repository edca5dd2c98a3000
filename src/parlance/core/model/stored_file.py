"""A file that was uploaded."""

import msgspec

from parlance.kernel.ids import AppId, ClientId


class StoredFile(msgspec.Struct, frozen=True):
    """Where an upload lies and what it is.

    `key` is its place in the blobs and in its public URL: `uploads/<32 hex>.<ext>`.
    """

    app_id: AppId
    key: str
    name: str
    """The name it had where it came from, for the download; never part of a path."""
    content_type: str
    """Sniffed from the bytes, not believed from the request."""
    size: int
    created_at: int
    uploader: ClientId | None = None
