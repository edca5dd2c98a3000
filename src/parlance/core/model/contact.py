"""Whom the people of an organisation can write to."""

import re
from enum import StrEnum

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.user import User

_LETTER_AND_NUMBER = re.compile(r"[A-Za-z]([0-9]{1,15})")


class ContactType(StrEnum):
    """What is behind a contact."""

    GROUP = "group"
    USER = "user"


class Contact(msgspec.Struct, frozen=True):
    """A group by its number, or a person by theirs."""

    id: int
    name: str
    avatar: str
    type: ContactType


def group_contact(group: Conversation) -> Contact:
    """A group, which has a number."""
    return Contact(group.group_id or 0, group.name, group.avatar, ContactType.GROUP)


def person_contact(user: User) -> Contact:
    """A person: the number in a client id that is a letter and a number (565 of c565), else the user's own."""
    found = _LETTER_AND_NUMBER.fullmatch(user.client_id)
    number = int(found[1]) if found else user.uid
    return Contact(number, user.nickname or user.name or user.client_id, user.avatar, ContactType.USER)
