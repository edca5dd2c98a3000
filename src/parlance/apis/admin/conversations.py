"""Conversations: found, looked into, dissolved."""

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.envelope import Done
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.conversations.find import Found
from parlance.core.model.member import Role
from parlance.core.model.user import client_id
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

TAG = "Admin: conversations"
ROWS = 50
MOST_MEMBERS = 500


class ConversationsWanted(msgspec.Struct, frozen=True):
    """Which of them."""

    q: str = ""
    """A part of their id or name, or a group's number."""
    member: str = ""
    """Only those that this client is in."""
    page: int | None = None
    size: int | None = None


class ConversationShown(msgspec.Struct):
    """A conversation, and how many are in it."""

    conv_id: str
    kind: int
    """1 two people, 2 temporary, 3 group, 4 chat room, 5 the app's own, 6 service."""
    name: str
    group_id: int | None
    creator: str
    size: int
    members: list[str]
    """Who is in, where they are four at most."""
    capacity: int
    last_seq: int
    last_message_at: int | None
    created_at: int
    expires_at: int | None


class ConversationsFound(msgspec.Struct):
    """A page of them, newest first."""

    conversations: list[ConversationShown]
    total: int
    page: int
    pages: int


class MemberShown(msgspec.Struct):
    """Somebody who is in."""

    client_id: str
    called: str
    alias: str
    role: int
    """0 member, 1 admin, 2 owner."""
    online: bool
    read_seq: int
    delivered_seq: int


class MembersFound(msgspec.Struct):
    """Who is in, in the order of joining: the first 500."""

    members: list[MemberShown]
    total: int


class Conversations:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[ConversationsWanted]) -> ConversationsFound:
        """GET /admin/apps/{app_id}/conversations."""
        wanted = call.fields
        member = client_id(wanted.member, "member") if wanted.member else None
        page = await self._actions.find_conversations(
            call.caller, wanted.q, member, asked(wanted.page, wanted.size, ROWS)
        )
        return ConversationsFound([_shown(row) for row in page.rows], page.total, page.asked.number, page.last_number)

    async def show(self, call: Call[Nothing]) -> ConversationShown:
        """GET /admin/apps/{app_id}/conversations/{conv_id}."""
        return _shown(await self._actions.find_conversations.one(call.caller, call.conv_id))

    async def members(self, call: Call[Nothing]) -> MembersFound:
        """GET /admin/apps/{app_id}/conversations/{conv_id}/members."""
        described = await self._actions.describe_members(call.caller, call.conv_id)
        marks = {mark.client_id: mark for mark in await self._actions.member_marks(call.caller, call.conv_id)}
        roles = await self._actions.roles(call.caller, call.conv_id)
        first = described[:MOST_MEMBERS]
        online = self._actions.who_is_online(call.caller, [each.client_id for each in first])
        rows = []
        for each in first:
            mark = marks.get(each.client_id)
            rows.append(
                MemberShown(
                    each.client_id,
                    each.user.called if each.user else "",
                    each.alias,
                    roles.get(each.client_id, Role.MEMBER),
                    online[each.client_id],
                    mark.read_seq if mark else 0,
                    mark.delivered_seq if mark else 0,
                )
            )
        return MembersFound(rows, len(described))

    async def dissolve(self, call: Call[Nothing]) -> Done:
        """DELETE /admin/apps/{app_id}/conversations/{conv_id}."""
        await self._actions.delete_conversation(call.caller, call.conv_id)
        return Done()


def _shown(found: Found) -> ConversationShown:
    conversation = found.conversation
    return ConversationShown(
        conversation.conv_id,
        conversation.kind,
        conversation.name,
        conversation.group_id,
        conversation.creator,
        found.size,
        [*found.members],
        conversation.capacity,
        conversation.last_seq,
        conversation.last_message_at,
        conversation.created_at,
        conversation.expires_at,
    )


LIST = Operation(answer_example=examples.CONVERSATIONS, summary="Find conversations", tag=TAG)
SHOW = Operation(answer_example=examples.CONVERSATION, summary="Show a conversation", tag=TAG)
MEMBERS = Operation(answer_example=examples.MEMBERS, summary="Who is in a conversation", tag=TAG)
DISSOLVE = Operation(
    answer_example=examples.DONE,
    summary="Dissolve a conversation",
    tag=TAG,
    description="It is unknown from now on, to everybody.",
)
