"""Where messages are kept that are for those they name, and for nobody else."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.message import Message
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked


class Addressed(Protocol):
    """The messages of a conversation (by its internal id), as one addressee sees them.

    They stand in the conversation's one sequence: an addressee's own are some of it.
    """

    async def add(self, message: Message, clients: Collection[ClientId], at: int) -> None:
        """Keep a message for these clients, each once; gives it its `seq`."""

    async def page(self, conversation: int, client_id: ClientId, asked: PageAsked) -> Page[Message]:
        """What was addressed to a client, newest first."""

    async def after(self, conversation: int, client_id: ClientId, seq: int, most: int) -> list[Message]:
        """Of that, what comes after `seq`, ascending."""

    async def before(self, conversation: int, client_id: ClientId, seq: int, most: int) -> list[Message]:
        """Of that, the `most` just before `seq`, ascending."""

    async def add_for_everybody(self, message: Message, at: int) -> None:
        """Keep a message for all who are in the conversation; gives it its `seq`."""

    async def add_readers(self, message: Message, clients: Collection[ClientId], at: int) -> None:
        """A message that is kept already is for these clients as well."""

    async def remove_reader(self, conversation: int, client_id: ClientId, seq: int) -> bool:
        """The message of that place is for this client no more. False: it was not."""

    async def readers(self, conversation: int, seq: int) -> list[ClientId]:
        """For whom the message of that place is."""
