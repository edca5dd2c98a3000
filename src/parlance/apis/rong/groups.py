"""Groups: make one, list one's own, look at one, end one."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import msgspec
from aiohttp import web

from parlance.apis.rong.desk import Call
from parlance.apis.rong.envelope import DONE, Detail
from parlance.apis.rong.fields import NOT_A_FILE, Sent, no_file, optional_text, text
from parlance.apis.rong.ids import group_id
from parlance.apis.rong.pages import Results, listed, page_of
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.files.upload import Upload
from parlance.core.model.conversation import Conversation
from parlance.core.model.group import NewGroup
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.web.addresses import file_address
from parlance.web.forms import MULTIPART, read_fields
from parlance.web.routes import Operation

TAG = "Rong groups"
COVER = "cover"
LONGEST_NAME = 64
"""What RongCloud takes as well."""
LONGEST_CODE = 8


class SentForm(Protocol):
    """A form that may have a file in it."""

    @property
    def fields(self) -> Sent:
        """Its texts."""

    @property
    def file(self) -> Upload | None:
        """What came in the file's field."""


Receive = Callable[[web.Request, str], AbstractAsyncContextManager[SentForm]]
"""Reads a multipart form with a file in the named field; what it holds is gone when the context ends."""


class GroupAsked(msgspec.Struct, frozen=True):
    """A group to make."""

    name: str
    """1 to 64 characters."""
    code: str = ""
    """4 to 8 digits make it a face-to-face group: whoever is told them can come in for an hour."""
    cover: str = ""
    """A picture, as a file of a multipart form; otherwise empty."""


class GroupShown(msgspec.Struct):
    """A group."""

    id: int
    name: str
    code: str
    """Of a face-to-face group; "" to who is not in it."""
    cover: str
    """Where its picture can be fetched; "" if it has none."""


class Groups:
    """The calls about groups. `public_url` is where the world reaches this server; "": where the caller did."""

    def __init__(self, actions: Actions, receive: Receive, public_url: str, largest_body: int) -> None:
        self._actions = actions
        self._receive = receive
        self._public_url = public_url
        self._largest_body = largest_body

    async def create(self, call: Call[Sent]) -> GroupShown:
        """POST /api/im/group/."""
        async with self._form(call.request) as (sent, picture):
            name = text(sent, "name", LONGEST_NAME)
            code = optional_text(sent, "code", LONGEST_CODE)
            new = NewGroup(call.user, name=name, code=code, create_missing=True)
            if picture is None:
                return group_shown((await self._actions.in_step.create_group(call.caller, new)).conversation)
            return await self._create_with_cover(call, new, picture)

    async def list(self, call: Call[Sent]) -> Results[GroupShown]:
        """GET /api/im/group/."""
        page = await self._actions.groups_of.page(call.caller, call.user, page_of(call.fields))
        return listed(call.request, self._public_url, page, [group_shown(group) for group in page.rows])

    async def retrieve(self, call: Call[Sent]) -> GroupShown:
        """GET /api/im/retrieve/{id}/."""
        roster = await self._actions.find_group(call.caller, group_id(call.path("id")))
        shown = group_shown(roster.conversation)
        if call.caller.client_id is None or roster.standing(call.caller.client_id) is None:
            shown.code = ""
        return shown

    async def dismiss(self, call: Call[Sent]) -> Detail:
        """GET and POST /api/im/group/{id}/dismiss/."""
        await self._actions.in_step.dissolve_group(call.caller, group_id(call.path("id")))
        return Detail(DONE)

    @asynccontextmanager
    async def _form(self, request: web.Request) -> AsyncIterator[tuple[Sent, Upload | None]]:
        """What was sent, and the picture if there is one."""
        if request.content_type != MULTIPART:
            sent = await read_fields(request, self._largest_body, ())
            no_file(sent, COVER)
            yield sent, None
            return
        async with self._receive(request, COVER) as form:
            yield form.fields, _picture(form.file)

    async def _create_with_cover(self, call: Call[Any], new: NewGroup, picture: Upload) -> GroupShown:
        cover = await self._keep(call, picture)
        try:
            made = msgspec.structs.replace(new, avatar=file_address(call.request, self._public_url, cover))
            return group_shown((await self._actions.in_step.create_group(call.caller, made)).conversation)
        except BaseException:
            # There is no group, so nobody will ever ask for its picture.
            await self._actions.discard_file(call.caller, cover)
            raise

    async def _keep(self, call: Call[Any], picture: Upload) -> StoredFile:
        try:
            return await self._actions.upload_image(call.caller, picture)
        except Fault as fault:
            if fault.code is not FaultCode.WRONG_IMAGE:
                raise
            raise Fault(FaultCode.WRONG_IMAGE, fault.reason, field=COVER) from None


def group_shown(group: Conversation) -> GroupShown:
    """A group as its members see it."""
    # Whatever is found by its number has one.
    return GroupShown(id=group.group_id or 0, name=group.name, code=group.code, cover=group.avatar)


def _picture(file: Upload | None) -> Upload | None:
    """The file that was chosen. Browsers send an empty one without a name where none was."""
    if file is None or (not file.name and not file.size):
        return None
    if not file.name:
        raise bad_format(COVER, NOT_A_FILE)
    if not file.size:
        raise bad_format(COVER, "提交的是空文件。")
    return file


_GROUP = {"id": 1, "name": "zhang111", "code": "1234", "cover": "http://127.0.0.1:8000/storage/uploads/7de523.jpg"}

CREATE = Operation(
    summary="Make a group",
    tag=TAG,
    description="Whoever makes it owns it and is in it. With a `code` it is a face-to-face group.",
    example={"name": "zhang111", "code": "1234"},
    answer_example=_GROUP,
)
LIST = Operation(
    summary="List one's groups",
    tag=TAG,
    answer_example={"count": 1, "next": None, "previous": None, "results": [_GROUP]},
)
RETRIEVE = Operation(
    summary="Look at a group",
    tag=TAG,
    description="Open to everybody. The `code` is shown to who is in the group.",
    answer_example={**_GROUP, "id": 53, "name": "ID769", "code": ""},
)
DISMISS = Operation(
    summary="Dismiss a group",
    tag=TAG,
    description="Only the owner dismisses.",
    answer_example={"detail": DONE},
)
