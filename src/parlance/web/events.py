"""Where an app's backend fetches what has happened, instead of being told."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from parlance.core.actions.hooks.events import Fetched
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.core.model.delivery import Delivery
from parlance.kernel.faults import FaultCode, bad_format
from parlance.web.credentials import credentials
from parlance.web.reception import APP_ID
from parlance.web.routes import Operation, Route, Source

PATH = "/admin/events"
TAG = "Events"

Authenticate = Callable[[Credentials], Awaitable[Caller]]
Fetch = Callable[[Caller, str, int], Awaitable[Fetched]]


class EventsAsked(msgspec.Struct, frozen=True):
    """Where to go on, and how many at most (1 to 1000)."""

    after: str = ""
    """The `next` of an earlier answer; empty: the oldest that are kept."""
    limit: int = 100


class Event(msgspec.Struct, frozen=True):
    """One thing that happened, as it is told: see the page for operators."""

    id: str
    event: str
    hook: str
    """The same, as LeanCloud calls it."""
    at: int
    body: msgspec.Raw


class EventsFound(msgspec.Struct, frozen=True):
    """Some events in the order of their commits, and where to go on."""

    events: list[Event]
    next: str
    more: bool
    """Whether there may be more by now."""


def table(authenticate: Authenticate, fetch: Fetch) -> tuple[Route[EventsAsked], ...]:
    """The one address."""

    async def serve(request: web.Request) -> web.Response:
        caller = await authenticate(credentials(request))
        request[APP_ID] = caller.app.app_id
        asked = _asked(request)
        found = await fetch(caller, asked.after, asked.limit)
        answer = EventsFound(list(map(_shown, found.events)), str(found.cursor), found.more)
        return web.Response(body=msgspec.json.encode(answer), content_type="application/json")

    faults = (
        FaultCode.MISSING_APP,
        FaultCode.BAD_CREDENTIAL,
        FaultCode.KEY_REQUIRED,
        FaultCode.BANNED,
        FaultCode.BAD_FORMAT,
        FaultCode.UNAVAILABLE,
    )
    return (Route("GET", PATH, serve, _EVENTS, EventsAsked, EventsFound, Source.QUERY, faults=faults),)


def _asked(request: web.Request) -> EventsAsked:
    asked: dict[str, Any] = {name: request.query[name] for name in ("after", "limit") if name in request.query}
    try:
        return msgspec.convert(asked, EventsAsked, strict=False)
    except msgspec.ValidationError:
        raise bad_format("limit", "a limit is a number") from None


def _shown(delivery: Delivery) -> Event:
    body = msgspec.Raw(delivery.body.encode())
    return Event(delivery.call_id, delivery.event, delivery.hook.value, delivery.made_at, body)


_EVENTS = Operation(
    summary="Fetch what has happened",
    tag=TAG,
    description="For an app's backend, with the server key. Events are kept for a week; go on with the `next` of the "
    "answer before. Nothing is left out that is stored later.",
    example={"after": "", "limit": 100},
)
