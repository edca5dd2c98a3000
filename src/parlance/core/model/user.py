"""A user: one of an app's people, known by a client id."""

import re

import msgspec

from parlance.core.model.text import bytes_of
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import AppId, ClientId

LONGEST_CLIENT_ID = 64
LARGEST_PROFILE = 64 * 1024

# Spaces of every kind, control and format-control characters (categories Z* and Cc), and halves of surrogate pairs.
_NOT_IN_CLIENT_ID = re.compile(r"[\s\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff]")
_UNIQUE_ID = re.compile(r"[A-Za-z0-9]+")


class User(msgspec.Struct, frozen=True):
    """A person or a program that talks, as its app knows it."""

    app_id: AppId
    client_id: ClientId
    uid: int
    """A number of its own within the app, from 1."""
    nickname: str = ""
    avatar: str = ""
    ext: str | None = None
    """JSON text, an object, as the app gave it."""
    banned: bool = False
    created_at: int = 0
    name: str = ""
    username: str = ""
    type: str = ""
    level: str = ""

    @property
    def called(self) -> str:
        """By what name to show it: the one it goes by, else its real one; "" if neither is known."""
        return self.nickname or self.name


class Profile(msgspec.Struct, frozen=True):
    """What of a user may be set; None leaves it as it is."""

    nickname: str | None = None
    avatar: str | None = None
    ext: str | None = None
    name: str | None = None
    username: str | None = None
    level: str | None = None

    @property
    def vouches(self) -> bool:
        """Whether it says what a user cannot say of itself: its real name, its login, its level."""
        return any(said is not None for said in (self.name, self.username, self.level))


def client_id(raw: str | int, field: str = "client_id") -> ClientId:
    """Read a client id: 1 to 64 characters, no spaces or controls; a number becomes its decimal string.

    Raises BAD_FORMAT naming `field`.
    """
    if isinstance(raw, bool):
        raise bad_format(field, "a client id is a string")
    text = str(raw)
    if not 1 <= len(text) <= LONGEST_CLIENT_ID:
        raise bad_format(field, f"a client id has 1 to {LONGEST_CLIENT_ID} characters")
    if _NOT_IN_CLIENT_ID.search(text):
        raise bad_format(field, "a client id has no spaces or control characters")
    return ClientId(text)


def client_ids(raws: list[str | int], field: str) -> tuple[ClientId, ...]:
    """Read several, each once, in the order they first came."""
    return tuple(dict.fromkeys(client_id(raw, field) for raw in raws))


def judge_profile(profile: Profile) -> None:
    """Refuse a profile that is larger than any message may be, naming what makes it so."""
    size = 0
    for field in profile.__struct_fields__:
        size += bytes_of(getattr(profile, field) or "", field)
        if size > LARGEST_PROFILE:
            raise bad_format(field, f"a profile has at most {LARGEST_PROFILE} bytes")


def unique_id(raw: str | int) -> ClientId:
    """Read the id under which a user registers: ASCII letters and digits only, else BAD_UNIQUE_ID."""
    text = str(raw)
    if isinstance(raw, bool) or not _UNIQUE_ID.fullmatch(text) or len(text) > LONGEST_CLIENT_ID:
        raise Fault(FaultCode.BAD_UNIQUE_ID, field="unique_id")
    return ClientId(text)
