"""Messages: read, taken back, and followed to where they went."""

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.envelope import Done
from parlance.core.actions.catalogue import Actions
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.trace import DeviceThere, Fate, Reader, Trace
from parlance.web.routes import Nothing, Operation

TAG = "Admin: messages"
ROWS = 50


class MessagesWanted(msgspec.Struct, frozen=True):
    """Which of a conversation's: the newest, or those before or after a place in its sequence."""

    before: int | None = None
    after: int | None = None
    limit: int = ROWS


class MessageShown(msgspec.Struct):
    """A message as it stands in the store."""

    msg_id: str
    conv_id: str
    seq: int
    sender: str
    type: int
    text: str | None
    attr: str | None
    url: str | None
    created_at: int
    recalled: bool
    patched_at: int | None


class MessagesFound(msgspec.Struct):
    """Some in a row, ascending; `more` lie beyond, in the direction that was asked for."""

    messages: list[MessageShown]
    more: bool


class DeviceTraced(msgspec.Struct):
    """A device that is there, or was; times are milliseconds."""

    server: str
    device_id: str
    protocol: str
    connected_at: int
    gone_at: int | None
    """Left out: it is connected."""
    unsent: int
    written: bool
    """The message was written to it."""


class ReaderTraced(msgspec.Struct):
    """One who was to have the message, and how far it came there."""

    client_id: str
    called: str
    fate: Fate
    devices: list[DeviceTraced]
    delivered_at: int | None
    read_at: int | None


class ServerTraced(msgspec.Struct):
    """What a server remembers: it heard of the message then, or not since it remembers."""

    server: str
    heard_at: int | None
    remembers_since: int


class TraceShown(msgspec.Struct):
    """A message, from the store to each of its readers."""

    app_id: str
    message: MessageShown
    conversation_name: str
    conversation_kind: int
    servers: list[ServerTraced]
    silent: int
    """Servers that did not answer."""
    readers: list[ReaderTraced]
    more: bool
    """There are readers that are not here: only the first 500 are."""


class Messages:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[MessagesWanted]) -> MessagesFound:
        """GET /admin/apps/{app_id}/conversations/{conv_id}/messages."""
        wanted = call.fields
        stretch = await self._actions.read_history(
            call.caller, call.conv_id, before=wanted.before, after=wanted.after, most=wanted.limit
        )
        return MessagesFound([message_shown(message) for message in stretch.messages], stretch.more)

    async def recall(self, call: Call[Nothing]) -> Done:
        """POST /admin/apps/{app_id}/conversations/{conv_id}/messages/{msg_id}/recall."""
        await self._actions.recall(call.caller, call.conv_id, call.path("msg_id"))
        return Done()

    async def trace(self, call: Call[Nothing]) -> TraceShown:
        """GET /admin/messages/{msg_id}."""
        return _traced(await self._actions.trace_message(call.path("msg_id")))


def message_shown(message: Message) -> MessageShown:
    """A message with all that was said."""
    return MessageShown(
        message.msg_id,
        message.conv_id,
        message.seq or 0,
        message.sender,
        message.type,
        message.text if message.text is not None else message.raw,
        message.attr,
        message.url,
        message.created_at,
        message.status is MessageStatus.RECALLED,
        message.patched_at,
    )


def _traced(trace: Trace) -> TraceShown:
    return TraceShown(
        trace.app_id,
        message_shown(trace.message),
        trace.conversation.name,
        trace.conversation.kind,
        [ServerTraced(each.name, each.heard_at, each.remembers_since) for each in trace.servers],
        trace.silent,
        [_reader(each) for each in trace.readers],
        trace.more,
    )


def _reader(reader: Reader) -> ReaderTraced:
    arrival = reader.arrival
    return ReaderTraced(
        reader.client_id,
        reader.called,
        reader.fate,
        [_device(each) for each in reader.devices],
        None if arrival is None or reader.fate not in (Fate.ACKNOWLEDGED, Fate.READ) else arrival.delivered_at,
        None if arrival is None or reader.fate is not Fate.READ else arrival.read_at,
    )


def _device(there: DeviceThere) -> DeviceTraced:
    device = there.device
    return DeviceTraced(
        there.server,
        device.device_id,
        device.protocol,
        device.connected_at,
        device.gone_at,
        device.unsent,
        device.written,
    )


LIST = Operation(
    answer_example=examples.MESSAGES, summary="Read what was said", tag=TAG, description="Is written down in the log."
)
RECALL = Operation(
    answer_example=examples.DONE,
    summary="Take a message back",
    tag=TAG,
    description="Whoever said it, and however long ago.",
)
TRACE = Operation(
    answer_example=examples.TRACE,
    summary="Why did it not arrive?",
    tag=TAG,
    description="Follows a message of any app: stored, heard of by servers, written to devices, acknowledged, read.",
)
