"""An organisation: a school or a company, as an app's directory has it."""

from enum import StrEnum

import msgspec

from parlance.core.model.text import bytes_of
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import AppId, ClientId

HIGHEST_NUMBER = (1 << 53) - 1
"""What every client can count to."""
LARGEST_WORDS = 64 * 1024


class Organisation(msgspec.Struct, frozen=True):
    """`organization_id` is the app's own number for it."""

    app_id: AppId
    organization_id: int
    name: str = ""
    avatar: str = ""


class PersonRole(StrEnum):
    """What somebody is in an organisation."""

    TEACHER = "teacher"
    STUDENT = "student"
    ADMIN = "admin"


class Person(msgspec.Struct, frozen=True):
    """Somebody of an organisation, and the classes of it that they are in."""

    app_id: AppId
    organization_id: int
    client_id: ClientId
    role: PersonRole
    class_ids: tuple[int, ...] = ()


def judge_organisation(organisation: Organisation) -> None:
    """Refuse what cannot be kept: BAD_FORMAT, naming the field."""
    judge_number(organisation.organization_id, "organization_id")
    judge_words(name=organisation.name, avatar=organisation.avatar)


def judge_number(number: int, field: str) -> None:
    """Refuse what is no number of an organisation or a class."""
    if not 1 <= number <= HIGHEST_NUMBER:
        raise bad_format(field, f"such a number is from 1 to {HIGHEST_NUMBER}")


def judge_words(**words: str) -> None:
    """Refuse words that no store could keep or nobody could want."""
    size = 0
    for field, said in words.items():
        size += bytes_of(said, field)
        if size > LARGEST_WORDS:
            raise bad_format(field, f"at most {LARGEST_WORDS} bytes")
