"""Messages, of which an app may have its say before they are sent or changed."""

import base64
import binascii
from collections.abc import Awaitable
from typing import Any

from parlance.core.actions.doors import Doors
from parlance.core.actions.hooks.asking import Asking
from parlance.core.actions.hooks.telling import said_in, shown
from parlance.core.actions.messages.edit import EditMessage
from parlance.core.actions.messages.recall import RecallMessage
from parlance.core.actions.messages.send import SendMessage, Settle
from parlance.core.model import typed_message
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.hook import Hook, HookAnswer
from parlance.core.model.message import Draft, Message, NewContent, judge, message_of
from parlance.kernel.clock import Clock
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ConvId


class AskedSend:
    """Sends what the app does not drop, as the app wants it said.

    Apps without such a hook pay for it with one look at their settings.
    """

    def __init__(self, send: SendMessage, doors: Doors, asking: Asking, clock: Clock) -> None:
        self._send = send
        self._doors = doors
        self._asking = asking
        self._clock = clock

    async def __call__(self, caller: Caller, draft: Draft) -> Message:
        """As `SendMessage.__call__`; raises REJECTED_BY_APP too."""
        if caller.app.settings.hook_url:
            await self._ask(caller, draft)
        return await self._send(caller, draft)

    def submit(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> Awaitable[None] | None:
        """As `SendMessage.submit`; where the app is asked there is always something to await."""
        if caller.app.settings.hook_url:
            return self._ask_and_submit(caller, draft, origin, settle)
        return self._send.submit(caller, draft, origin, settle)

    async def _ask_and_submit(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> None:
        await self._ask(caller, draft)
        waiting = self._send.submit(caller, draft, origin, settle)
        if waiting is not None:
            await waiting

    async def _ask(self, caller: Caller, draft: Draft) -> None:
        if not self._asking.concerns(caller, Hook.MESSAGE_RECEIVED) or draft.conv_id is None:
            # What opens its conversation by being sent is asked about when that is known: never, for the first.
            return
        judge(draft)
        caller.speak_as(draft.sender, "from_client")
        roster = await self._doors.any_conversation(caller, draft.conv_id)
        now = self._clock.now()
        message = message_of(draft, roster.conversation, 0, now)
        body = said_in(message, now, addressed=roster.conversation.abilities.addressed) | {
            "toPeers": [client for client in roster.members if client != draft.sender],
            "transient": draft.transient,
            "receipt": draft.receipt,
        }
        answer = await self._asking(caller.app, Hook.MESSAGE_RECEIVED, body)
        if answer.content is not None:
            content = read(answer)
            draft.type, draft.text, draft.attr, draft.url = content.type, content.text, content.attr, content.url
            draft.raw, draft.is_binary = content.raw, content.is_binary


class AskedEdit:
    """Changes a message if the app does not mind, to what the app wants it to say."""

    def __init__(self, edit: EditMessage, doors: Doors, asking: Asking, clock: Clock) -> None:
        self._edit = edit
        self._doors = doors
        self._asking = asking
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, msg_id: str, content: NewContent, origin: int | None = None
    ) -> Message:
        """As `EditMessage.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.MESSAGE_UPDATE):
            conversation = (await self._doors.conversation(caller, conv_id)).conversation
            body = changing(caller, conversation, msg_id, self._clock.now(), recall=False)
            written = typed_message.written_content(content)
            body |= {"bin": isinstance(written, bytes), "content": shown(written)}
            answer = await self._asking(caller.app, Hook.MESSAGE_UPDATE, body)
            if answer.content is not None:
                content = read(answer).new_content(content.mention_all, content.mentions)
        return await self._edit(caller, conv_id, msg_id, content, origin)


class AskedRecall:
    """Takes a message back if the app does not mind."""

    def __init__(self, recall: RecallMessage, doors: Doors, asking: Asking, clock: Clock) -> None:
        self._recall = recall
        self._doors = doors
        self._asking = asking
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, msg_id: str, origin: int | None = None) -> Message:
        """As `RecallMessage.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.MESSAGE_UPDATE):
            conversation = (await self._doors.conversation(caller, conv_id)).conversation
            body = changing(caller, conversation, msg_id, self._clock.now(), recall=True)
            body |= {"bin": False, "content": typed_message.RECALLED}
            await self._asking(caller.app, Hook.MESSAGE_UPDATE, body)
        return await self._recall(caller, conv_id, msg_id, origin)


def changing(caller: Caller, conversation: Conversation, msg_id: str, at: int, *, recall: bool) -> dict[str, Any]:
    """Which message is about to be changed, and by whom."""
    return {
        "fromPeer": caller.client_id,
        "convId": conversation.conv_id,
        "msgId": msg_id,
        "recall": recall,
        "timestamp": at,
        "sourceIP": "",
    }


def read(answer: HookAnswer) -> typed_message.Typed:
    """What the app wants said instead. Raises BAD_FORMAT for bytes that are no base64."""
    content = answer.content or ""
    if not answer.bin:
        return typed_message.read(content)
    try:
        return typed_message.read(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError):
        raise bad_format("content", "not base64") from None
