"""A LeanCloud over HTTP with one app in it: what its documents say of scans, history and subscribers, and its moods.

Classes are scanned by object id with cursors that may run out; history is paged by time and message id; whoever asks
without the master key is refused. `mood` may answer in its place: slowly, in HTML, or with 429.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

APP_ID = "abcdefghijklmnop-gzGzoHsz"
MASTER_KEY = "the-master-key"

Row = dict[str, Any]
Mood = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass
class LeanCloud:
    """One app, and how its server behaves."""

    classes: dict[str, list[Row]] = field(default_factory=dict)
    messages: dict[str, list[Row]] = field(default_factory=dict)
    """By conversation; of service conversations by `conversation/subscriber`."""
    subscribers: dict[str, list[str]] = field(default_factory=dict)
    silenced: dict[str, list[str]] | None = field(default_factory=dict)
    """By conversation; None: the app has no such lists."""
    blocked: dict[str, list[str]] | None = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    most_rows: int = 1_000
    """In a page of history: it may give less than it is asked for."""
    uses_of_cursor: int = 1_000_000
    """After how many pages a cursor is forgotten."""
    mood: Mood | None = None
    asked: Counter[str] = field(default_factory=Counter)
    """How often, by path."""
    url: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["LeanCloud"]:
        """On a free port of loopback."""
        app = web.Application(middlewares=[self._judged])
        app.router.add_get("/1.1/scan/classes/{name}", self._scan)
        app.router.add_get("/1.1/classes/{name}", self._count)
        app.router.add_get("/1.1/schemas", self._schemas)
        app.router.add_get("/1.2/rtm/service-conversations/{id}/subscribers", self._subscribers)
        app.router.add_get("/1.2/rtm/service-conversations/{id}/subscribers/{client}/messages", self._history)
        app.router.add_get("/1.2/rtm/{kind}/{id}/messages", self._history)
        app.router.add_get("/1.2/rtm/{kind}/{id}/permanent-silenceds", self._silenced)
        app.router.add_get("/1.2/rtm/{kind}/{id}/blacklists", self._blocked)
        app.router.add_get("/files/{name}", self._file)
        # A command that was killed leaves its connection; nobody waits for it.
        runner = web.AppRunner(app, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    @web.middleware
    async def _judged(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.asked[request.path] += 1
        if self.mood is not None and (answer := await self.mood(request)) is not None:
            return answer
        if request.path.startswith("/files/"):
            assert "X-LC-Key" not in request.headers, "the master key went where files lie"
            return await handler(request)
        if request.headers.get("X-LC-Id") != APP_ID or request.headers.get("X-LC-Key") != f"{MASTER_KEY},master":
            return refusal(401, 401, "Unauthorized.")
        return await handler(request)

    async def _scan(self, request: web.Request) -> web.Response:
        name, limit = request.match_info["name"], int(request.query.get("limit", "100"))
        if name not in self.classes:
            return refusal(404, 101, "Class or object doesn't exists.")
        after, uses = json.loads(request.query.get("where", "{}")).get("objectId", {}).get("$gt", ""), 0
        if cursor := request.query.get("cursor"):
            after, uses = cursor.split(":")[0], int(cursor.split(":")[1])
            if uses >= self.uses_of_cursor:
                return refusal(400, 1, "The cursor is invalid or expired.")
        rows = sorted((row for row in self.classes[name] if row["objectId"] > after), key=lambda row: row["objectId"])
        page = rows[:limit]
        answer: Row = {"results": page}
        if len(rows) > limit:
            answer["cursor"] = f"{page[-1]['objectId']}:{uses + 1}"
        # Spread over lines, which is JSON as well.
        return web.Response(text=json.dumps(answer, indent=1), content_type="application/json")

    async def _count(self, request: web.Request) -> web.Response:
        return web.json_response({"results": [], "count": len(self.classes.get(request.match_info["name"], []))})

    async def _schemas(self, _: web.Request) -> web.Response:
        return web.json_response({name: {"objectId": {"type": "String"}} for name in self.classes})

    async def _subscribers(self, request: web.Request) -> web.Response:
        conversation = request.match_info["id"]
        after, limit = request.query.get("client_id", ""), min(int(request.query.get("limit", "50")), 50)
        names = [name for name in sorted(self.subscribers[conversation]) if name > after]
        return web.json_response(
            [{"timestamp": 1_500_000_000_000, "subscriber": name, "conv_id": conversation} for name in names[:limit]]
        )

    async def _history(self, request: web.Request) -> web.Response:
        place, query = request.match_info["id"], request.query
        if "client" in request.match_info:
            place = f"{place}/{request.match_info['client']}"
        assert query["reversed"] == "true"
        start = (int(query.get("timestamp", "0")), query.get("msgid", ""))
        inclusive = query.get("include_start") == "true"
        rows = sorted(self.messages.get(place, []), key=_order)
        found = [row for row in rows if _order(row) > start or (inclusive and _order(row) == start)]
        return web.json_response(found[: min(int(query.get("limit", "100")), self.most_rows)])

    async def _silenced(self, request: web.Request) -> web.Response:
        return (
            refusal(400, 4325, "Shutup is not enabled.") if self.silenced is None else _listed(request, self.silenced)
        )

    async def _blocked(self, request: web.Request) -> web.Response:
        return (
            refusal(400, 4544, "Blacklist is not enabled.") if self.blocked is None else _listed(request, self.blocked)
        )

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)


def _listed(request: web.Request, lists: dict[str, list[str]]) -> web.Response:
    """Ten at most, and where the next begin."""
    clients, after = lists.get(request.match_info["id"], []), int(request.query.get("next", "0"))
    most = min(int(request.query.get("limit", "10")), 10)
    more = {"next": str(after + most)} if len(clients) > after + most else {}
    return web.json_response({"client_ids": clients[after : after + most], **more})


def refusal(status: int, code: int, error: str) -> web.Response:
    """No, in LeanCloud's words."""
    return web.json_response({"code": code, "error": error}, status=status)


def page(title: str, status: int = 200) -> web.Response:
    """What stands before LeanCloud says."""
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>…</body></html>"
    return web.Response(text=text, content_type="text/html", status=status)


def message(conversation: str, number: int, at: int, data: str | None = None, *, binary: bool = False) -> Row:
    """A row of history."""
    return {
        "timestamp": at,
        "conv-id": conversation,
        "data": data or json.dumps({"_lctype": -1, "_lctext": f"message {number} 你好"}),
        "from": f"client-{number % 3}",
        "msg-id": f"{conversation[-6:]}{number:010d}Aa_-zZ",
        "is-conv": True,
        "is-room": False,
        "to": conversation,
        "bin": binary,
        "from-ip": "192.0.2.1",
    }


def conversation(number: int, **more: Any) -> Row:
    """A row of `_Conversation`."""
    return {
        "objectId": f"{0x5ECCBA57:08x}{number:016x}",
        "name": f"conversation {number}",
        "m": ["client-0", "client-1", "client-2"],
        "c": "client-0",
        "attr": {"number": number},
        "createdAt": "2020-05-26T06:42:31.123Z",
        "updatedAt": "2020-05-26T06:42:31.123Z",
        **more,
    }


def an_app(conversations: int = 5, messages: int = 40, subscribers: int = 4) -> LeanCloud:
    """A small app with everything in it that an export has to find; `messages` in each conversation."""
    rows = [conversation(number) for number in range(conversations)]
    silent = conversation(900, name="nobody said a word")
    room = conversation(901, tr=True, m=[])
    service = conversation(902, sys=True, m=[])
    said = {
        row["objectId"]: [message(row["objectId"], n, 1_600_000_000_000 + n // 3) for n in range(messages)]
        for row in [*rows, room]
    }
    place = service["objectId"]
    clients = ["Tom", "tom", "a/b?c", "猫", *(f"subscriber-{n:03d}" for n in range(subscribers - 4))]
    said |= {
        f"{place}/{name}": [message(place, number, 1_600_000_000_007, f"hello {name}")]
        for number, name in enumerate(("Tom", "a/b?c"))
    }
    return LeanCloud(
        classes={
            "_Conversation": [*rows, silent, room, service],
            "_ConversationMemberInfo": [
                {"objectId": f"{7:024x}", "cid": rows[0]["objectId"], "clientId": "client-1", "role": "Manager"}
            ],
            "_User": [{"objectId": f"{n:024x}", "username": f"user {n}"} for n in range(2_500)],
            "Poem": [{"objectId": f"{1:024x}", "lines": ["床前明月光\u2028", "疑是地上霜\n"]}],
        },
        messages=said,
        subscribers={place: clients},
    )


def _order(row: Row) -> tuple[int, str]:
    return row["timestamp"], row["msg-id"]
