"""Organisations and classes: contacts, class messages, and the directory behind them."""

import msgspec

from parlance.apis.campus.ids import number_in_path, number_list, one_client
from parlance.core.actions.catalogue import Actions
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

TAG = "Campus organisations"


class ContactShown(msgspec.Struct):
    """Somebody, or a group, to write to."""

    id: int
    """A group's id; the number in a client id like `c565`, else the user's own number."""
    avatar: str
    name: str
    type: str
    """`group` or `user`."""


class ContactList(msgspec.Struct):
    """Groups first, then people."""

    data: list[ContactShown]


class NoticeAsked(msgspec.Struct, frozen=True):
    """What to say to a class, if anything."""

    message: str | None = None


class Noticed(msgspec.Struct):
    """That a class was notified."""

    class_id: int
    push_history_record_id: int


class OrganisationAsked(msgspec.Struct, frozen=True):
    """What is said about an organisation from now on; what is left out stays."""

    name: str | None = None
    avatar: str | None = None


class OrganisationShown(msgspec.Struct):
    """An organisation."""

    id: int
    name: str
    avatar: str


class ClassAsked(msgspec.Struct, frozen=True):
    """What is said about a class from now on; what is left out stays."""

    name: str | None = None


class ClassShown(msgspec.Struct):
    """A class."""

    id: int
    organization_id: int
    name: str


class PersonAsked(msgspec.Struct, frozen=True):
    """What somebody is in an organisation from now on."""

    role: str
    """`teacher`, `student` or `admin`."""
    class_ids: list[int] | str | int = ""
    """A list, or numbers joined by colons; none if left out."""


class PersonShown(msgspec.Struct):
    """What somebody is in an organisation."""

    organization_id: int
    client_id: str
    role: str
    class_ids: list[int]


class Organisations:
    """The calls about organisations, classes and people."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def contacts(self, call: Call[Nothing]) -> ContactList:
        """GET /im/org/{organization_id}/contacts."""
        contacts = await self._actions.contacts(call.caller, number_in_path(call.path("organization_id")))
        return ContactList([ContactShown(each.id, each.avatar, each.name, each.type) for each in contacts])

    async def notify(self, call: Call[NoticeAsked]) -> Noticed:
        """POST /im/org/{class_id}/message."""
        class_id = number_in_path(call.path("class_id"))
        return Noticed(class_id, await self._actions.notify_class(call.caller, class_id, call.fields.message))

    async def put(self, call: Call[OrganisationAsked]) -> OrganisationShown:
        """PUT /im/org/{organization_id}."""
        number = number_in_path(call.path("organization_id"))
        kept = await self._actions.put_organisation(call.caller, number, call.fields.name, call.fields.avatar)
        return OrganisationShown(kept.organization_id, kept.name, kept.avatar)

    async def delete(self, call: Call[Nothing]) -> None:
        """DELETE /im/org/{organization_id}."""
        await self._actions.delete_organisation(call.caller, number_in_path(call.path("organization_id")))

    async def put_class(self, call: Call[ClassAsked]) -> ClassShown:
        """PUT /im/org/{organization_id}/class/{class_id}."""
        organization_id = number_in_path(call.path("organization_id"))
        class_id = number_in_path(call.path("class_id"))
        kept = await self._actions.put_class(call.caller, organization_id, class_id, call.fields.name)
        return ClassShown(kept.class_id, kept.organization_id, kept.name)

    async def delete_class(self, call: Call[Nothing]) -> None:
        """DELETE /im/org/{organization_id}/class/{class_id}."""
        organization_id = number_in_path(call.path("organization_id"))
        await self._actions.delete_class(call.caller, organization_id, number_in_path(call.path("class_id")))

    async def put_person(self, call: Call[PersonAsked]) -> PersonShown:
        """PUT /im/org/{organization_id}/member/{client_id}."""
        organization_id = number_in_path(call.path("organization_id"))
        client = one_client(call.path("client_id"), "client_id")
        class_ids = number_list(call.fields.class_ids, "class_ids")
        kept = await self._actions.put_person(call.caller, organization_id, client, call.fields.role, class_ids)
        return PersonShown(kept.organization_id, kept.client_id, kept.role, list(kept.class_ids))

    async def delete_person(self, call: Call[Nothing]) -> None:
        """DELETE /im/org/{organization_id}/member/{client_id}."""
        organization_id = number_in_path(call.path("organization_id"))
        client = one_client(call.path("client_id"), "client_id")
        await self._actions.delete_person(call.caller, organization_id, client)


_OURS = "Takes the server key. Not in the document, which has no way to write the directory."

CONTACTS = Operation(
    summary="List an organisation's contacts",
    tag=TAG,
    description="Its groups, then its teachers and students, each once. None for one nobody has heard of.",
    answer_example={
        "data": [
            {"id": 12, "avatar": "0", "name": "g123", "type": "group"},
            {"id": 529, "avatar": "", "name": "LEE", "type": "user"},
        ],
    },
)
NOTIFY = Operation(
    summary="Notify a class",
    tag=TAG,
    description="Without a body it only marks the class as notified, once a day. With `message` everybody in the "
    "class gets it, too. Takes the server key, a teacher of the class or an admin of its organisation.",
    example={"message": "明天停课"},
    answer_example={"class_id": 2, "push_history_record_id": 123},
)
PUT = Operation(
    summary="Write an organisation",
    tag=TAG,
    description=_OURS,
    example={"name": "第一小学", "avatar": ""},
    answer_example={"id": 1, "name": "第一小学", "avatar": ""},
)
DELETE = Operation(
    summary="Delete an organisation",
    tag=TAG,
    description=f"{_OURS} Its classes and people are forgotten with it, its groups stay.",
)
PUT_CLASS = Operation(
    summary="Write a class",
    tag=TAG,
    description=f"{_OURS} A class's number is its own in the whole app.",
    example={"name": "三年二班"},
    answer_example={"id": 2, "organization_id": 1, "name": "三年二班"},
)
DELETE_CLASS = Operation(summary="Delete a class", tag=TAG, description=_OURS)
PUT_PERSON = Operation(
    summary="Write what somebody is in an organisation",
    tag=TAG,
    description=f"{_OURS} Replaces what was written before.",
    example={"role": "student", "class_ids": [2]},
    answer_example={"organization_id": 1, "client_id": "c565", "role": "student", "class_ids": [2]},
)
DELETE_PERSON = Operation(summary="Take somebody out of an organisation", tag=TAG, description=_OURS)
