"""Who can tell what a file is by its bytes."""

from typing import BinaryIO, Protocol

from parlance.core.model.file_types import Sniffed


class Inspector(Protocol):
    """Looks at the bytes and believes no name; unpacks and decodes nothing."""

    async def inspect(self, content: BinaryIO) -> Sniffed:
        """What the bytes are: no shapes if nothing that is known here.

        Raises WRONG_FILE_FORMAT for what pretends to be a known shape and is not one, is cut short, or
        would unpack to more than is taken. `content` can be seeked; where it stands afterwards is open.
        """
