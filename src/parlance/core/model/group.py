"""What is asked for when a group is made, changed or entered."""

import re

import msgspec

from parlance.core.model.conversation import LARGEST_EXT
from parlance.core.model.text import bytes_of
from parlance.kernel.clock import HOUR, MINUTE
from parlance.kernel.faults import bad_format, missing
from parlance.kernel.ids import ClientId, ConvId

LARGEST_CAPACITY = 10_000
LONGEST_CONV_ID = 64
HIGHEST_ID = (1 << 53) - 1
"""What every client can count to."""

CODE_WORKS = HOUR
"""How long after a group was made its code works."""
WRONG_CODES = 10
"""So many in a row lock a client out."""
LOCKED_OUT = 10 * MINUTE

_CODE = re.compile(r"[0-9]{4,8}")
_CONV_ID = re.compile(r"[!-~]+")


class NewGroup(msgspec.Struct, frozen=True):
    """`owner` makes a group with `members` (the owner is in, named or not).

    `conv_id` names the conversation to be it: adopted if there is one of that id, else made under it.
    `capacity` None: the app's own (when adopted: as it is). `notices`: what happens to it is told by system
    messages. `create_missing`: users nobody has heard of are made. `group_id`: a number drawn for it before.
    """

    owner: ClientId
    members: tuple[ClientId, ...] = ()
    name: str = ""
    avatar: str = ""
    description: str = ""
    organization_id: int | None = None
    capacity: int | None = None
    conv_id: ConvId | None = None
    code: str = ""
    notices: bool = False
    default_name: str = ""
    """Its name if neither `name` nor the conversation to be adopted has one."""
    create_missing: bool = False
    group_id: int | None = None


class GroupChange(msgspec.Struct, frozen=True):
    """What of a group may be set; None leaves it as it is."""

    name: str | None = None
    avatar: str | None = None
    description: str | None = None
    capacity: int | None = None


NOTHING = GroupChange()


def judge_new_group(new: NewGroup) -> None:
    """Refuse what cannot be kept or entered: BAD_FORMAT, naming the field."""
    _judge_words(new)
    if new.code and not _CODE.fullmatch(new.code):
        raise bad_format("code", "a code has 4 to 8 digits")
    if new.organization_id is not None and not 0 <= new.organization_id <= HIGHEST_ID:
        raise bad_format("organization_id", f"an organisation's id is a number from 0 to {HIGHEST_ID}")
    if new.conv_id is not None and (len(new.conv_id) > LONGEST_CONV_ID or not _CONV_ID.fullmatch(new.conv_id)):
        raise bad_format("conversation_id", f"a conversation's id has 1 to {LONGEST_CONV_ID} visible ASCII characters")


def judge_change(change: GroupChange) -> None:
    """Refuse what changes nothing (MISSING_FIELD), and what cannot be kept: BAD_FORMAT, naming the field."""
    if change == NOTHING:
        raise missing("name")
    _judge_words(change)


def _judge_words(asked: NewGroup | GroupChange) -> None:
    size = 0
    for field, words in (("name", asked.name), ("avatar", asked.avatar), ("description", asked.description)):
        size += bytes_of(words or "", field)
        if size > LARGEST_EXT:
            raise bad_format(field, f"what is said about a group has at most {LARGEST_EXT} bytes")
    if asked.capacity is not None and not 1 <= asked.capacity <= LARGEST_CAPACITY:
        raise bad_format("capacity", f"a group takes 1 to {LARGEST_CAPACITY} members")
