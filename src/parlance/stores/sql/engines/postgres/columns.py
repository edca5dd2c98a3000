"""How the columns of a batch travel: each as one long text, which the database takes apart.

asyncpg makes an array value by value, and asks of each whether it is an array itself: that cost this process three
times what storing costs it now. The database finds both as easy to read.
"""

from collections.abc import Sequence
from typing import Any

from parlance.core.model.message import Message
from parlance.stores.sql.messages import mentions_text

SEPARATOR = 31
"""The code of what stands between the texts of a column: a character that nobody types."""
_BETWEEN = chr(SEPARATOR)

Texts = tuple[str | None, list[Any] | None]
"""A column of texts: in one piece, or else each by itself, or neither if it is empty."""


def numbers(column: list[int]) -> str:
    """A column of numbers, spelled as an array is."""
    # Some are an enumeration's, and would be spelled by their names.
    return f"{{{','.join(map(int.__repr__, column))}}}"


def texts(column: list[Any]) -> Texts:
    """A column of texts; one that could not be taken apart again goes text by text."""
    try:
        together = _BETWEEN.join(column)
    except TypeError:  # some are missing
        return None, if_any(column)
    if together and together.count(_BETWEEN) == len(column) - 1:
        return together, None
    return None, column


def if_any(column: list[Any]) -> list[Any] | None:
    """Nothing in place of a column in which nothing stands."""
    return None if column.count(None) == len(column) else column


def of_messages(messages: Sequence[Message]) -> tuple[Any, ...]:
    """What `APPEND` is told of messages: its first parameters, up to how many there are."""
    return (
        numbers([message.id for message in messages]),
        numbers([message.conversation for message in messages]),
        *texts([message.sender for message in messages]),
        *texts([message.ref for message in messages]),
        numbers([message.type for message in messages]),
        *texts([message.text for message in messages]),
        if_any([message.attr for message in messages]),
        if_any([message.url for message in messages]),
        if_any(
            [
                message.mention_all | message.sync << 1 | message.is_binary << 2 | message.receipt << 3 or None
                for message in messages
            ]
        ),
        if_any([mentions_text(message.mentions) if message.mentions else None for message in messages]),
        if_any([message.raw for message in messages]),
        numbers([message.created_at for message in messages]),
        len(messages),
    )
