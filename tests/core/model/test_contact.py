"""Whom one can write to, and by which number."""

import pytest

from parlance.core.model.contact import Contact, ContactType, group_contact, person_contact
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.user import User
from parlance.kernel.ids import AppId, ClientId, ConvId

HALL = AppId("hall")


def user(client_id: str, nickname: str = "", name: str = "") -> User:
    """The user number 7."""
    return User(HALL, ClientId(client_id), 7, nickname, "a.png", name=name)


@pytest.mark.parametrize(
    ("client_id", "number"),
    [("c565", 565), ("o3", 3), ("c007", 7), ("c", 7), ("565", 7), ("ab12", 7), ("c12x", 7), ("c１２", 7), ("c-1", 7)],
)
def test_the_number_of_a_person(client_id: str, number: int) -> None:
    """Behind one letter, in digits; everybody else has the user's own."""
    assert number == person_contact(user(client_id)).id


def test_the_name_of_a_person() -> None:
    """The one they go by, else their real one, else their client id."""
    assert Contact(565, "LEE", "a.png", ContactType.USER) == person_contact(user("c565", nickname="LEE", name="Li"))
    assert "Li" == person_contact(user("c565", name="Li")).name
    assert "c565" == person_contact(user("c565")).name


def test_a_group() -> None:
    """By its number, name and avatar."""
    group = Conversation(1, HALL, ConvId("x"), Kind.GROUP, ClientId("ada"), 0, 10, name="g123", avatar="0", group_id=12)
    assert Contact(12, "g123", "0", ContactType.GROUP) == group_contact(group)
