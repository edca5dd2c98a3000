"""What an app itself says to some of its people."""

from enum import StrEnum

import msgspec

from parlance.kernel.ids import ClientId

SYSTEM = ClientId("system")
"""In whose name it is said."""


class SystemMessageType(StrEnum):
    """What has happened, as `sys_message_type` says it."""

    ADDED = "added_to_group"
    REMOVED = "removed_from_group"
    MODIFIED = "group_info_been_modified"
    DISMISSED = "group_been_dismissed"
    APPLIED = "user_join_group_apply"
    CLASS_MESSAGE = "class_message"


class SystemMessage(msgspec.Struct, frozen=True):
    """A readable text, and the same for programs: JSON text, an object."""

    text: str
    attr: str | None = None
