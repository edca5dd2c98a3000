"""Where RongCloud passes on what its clients say to each other (its full message routing).

RongCloud signs in several ways, by product and age; each is looked for. What is answered with 200 is taken in, or
never will be: nothing makes it better to send it again.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator
from urllib.parse import parse_qsl

import msgspec
import structlog
from aiohttp import web

from parlance.core.actions.provider.receive import Taken
from parlance.core.model.app import App
from parlance.core.model.rongcloud import Proof, Routed
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.web.bodies import judge_text
from parlance.web.reception import APP_ID
from parlance.web.routes import Operation, Route, Source

PATH = "/rongcloud/{app_id}/messages"
TAG = "RongCloud"
MOST_FIELDS = 2_000

_IN_QUERY = (
    ("nonce", "signTimestamp", "signature"),
    ("rc-nonce", "rc-timestamp", "rc-signature"),
    ("nonce", "timestamp", "signature"),
)
_IN_HEADERS = (("RC-Nonce", "RC-Timestamp", "RC-Signature"), ("nonce", "timestamp", "signature"))
_KEYS = ("appKey", "rc-app-key", "App-Key")

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Verified = Callable[[str, Collection[Proof]], Awaitable[App]]
Receive = Callable[[App, Routed], Awaitable[Taken]]


class RoutedAsked(msgspec.Struct, frozen=True, rename="camel"):
    """A message that was delivered, as RongCloud's form has it; more fields may come and are passed over."""

    from_user_id: str
    to_user_id: str
    """A user's number, or a group's."""
    object_name: str
    content: str
    """JSON text."""
    channel_type: str
    """PERSON and GROUP are stored; of others there is nothing here."""
    msg_uid: str = msgspec.field(name="msgUID")
    """Whatever comes again under it is the same message."""
    msg_timestamp: str = ""
    source: str = ""
    group_user_ids: str = ""
    """There for a message to some of a group, which is not stored: the others must not see it."""


def table(verified: Verified, receive: Receive, largest_body: int) -> tuple[Route[RoutedAsked], ...]:
    """The one address."""

    async def serve(request: web.Request) -> web.Response:
        app = await verified(request.match_info["app_id"], list(proofs(request)))
        request[APP_ID] = app.app_id
        routed = _routed(await _form(request, largest_body))
        taken = await receive(app, routed)
        if taken is not Taken.STORED:
            _log.warning("a message of RongCloud's is not stored", reason=taken.value, app=app.app_id, uid=routed.uid)
        return web.Response(body=b'"ok"', content_type="application/json")

    return (
        Route(
            "POST",
            PATH,
            serve,
            _ROUTED,
            RoutedAsked,
            str,
            Source.BODY_OR_FORM,
            faults=(
                FaultCode.BAD_CREDENTIAL,
                FaultCode.MISSING_FIELD,
                FaultCode.BAD_FORMAT,
                FaultCode.MALFORMED,
                FaultCode.BODY_TOO_LARGE,
                FaultCode.UNAVAILABLE,
            ),
            public=True,
        ),
    )


def proofs(request: web.Request) -> Iterator[Proof]:
    """Every way in which a request is signed; each shows the app's key, if the request does."""
    everywhere = (request.query, request.headers)
    key = next((shown[name] for shown in everywhere for name in _KEYS if name in shown), None)
    for shown, styles in zip(everywhere, (_IN_QUERY, _IN_HEADERS), strict=True):
        for names in styles:
            nonce, timestamp, signature = (shown.get(name, "") for name in names)
            if nonce and timestamp and signature:
                yield Proof(nonce, timestamp, signature, key)


async def _form(request: web.Request, most: int) -> list[tuple[str, str]]:
    if (request.content_length or 0) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    body = await request.read()
    if len(body) > most:
        raise Fault(FaultCode.BODY_TOO_LARGE)
    try:
        if body.lstrip()[:1] == b"{":
            return list(msgspec.json.decode(body, type=dict[str, str]).items())
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except (ValueError, msgspec.DecodeError):
        raise Fault(FaultCode.MALFORMED, "the body is no form") from None


def _routed(pairs: list[tuple[str, str]]) -> Routed:
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)

    def needed(name: str, longest: int) -> str:
        value = fields.get(name)
        if not value:
            raise missing(name)
        if len(value) > longest:
            raise bad_format(name, f"at most {longest} characters")
        judge_text(value, name)
        return value

    return Routed(
        sender=needed("fromUserId", 64),
        target=needed("toUserId", 64),
        channel=needed("channelType", 32),
        object_name=needed("objectName", 64),
        content=needed("content", 1 << 20),
        uid=needed("msgUID", 64),
        sent_at=fields.get("msgTimestamp", "")[:20],
        source=fields.get("source", "")[:32],
        directed=bool(fields.get("groupUserIds")),
    )


_ROUTED = Operation(
    summary="Pass on a message that RongCloud has delivered",
    tag=TAG,
    description="For RongCloud's full message routing: enter this address, with your app's id, in its console. "
    "Signed with the app's RongCloud secret, in any of the ways that RongCloud signs.",
    example={
        "fromUserId": "1",
        "toUserId": "2",
        "objectName": "RC:TxtMsg",
        "content": '{"content":"hello"}',
        "channelType": "PERSON",
        "msgTimestamp": "1507778882124",
        "msgUID": "5FGT-7VA9-G4DD-4V5P",
    },
    answer_example="ok",
)
