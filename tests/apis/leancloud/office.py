"""The words that the tests of LeanCloud's REST dialect say often."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cast import Reply, Rest, Socket, Town
from gateway.leancloud.clients import Hall
from parlance.core.model.app import App

RTM, OLD = "/1.2/rtm", "/1.1/rtm"
OBJECTS = "/1.1/classes/_Conversation"
NOBODY = "0" * 24
"""No conversation's id."""


def refusal(reply: Reply) -> tuple[int, int, str]:
    """HTTP status, code and words of a refusal, which has nothing else."""
    assert ["code", "error"] == [*reply.body], reply.body
    assert "application/json" == reply.headers["Content-Type"].partition(";")[0]
    return reply.status, reply.body["code"], reply.body["error"]


def answer(reply: Reply, status: int = 200) -> Any:
    """The answer of a call that did what it was asked."""
    assert status == reply.status, reply.body
    return reply.body


def said(text: str) -> str:
    """A text as LeanCloud's clients write it."""
    return json.dumps({"_lctype": -1, "_lctext": text})


@dataclass(frozen=True)
class Office:
    """The backend of the app `lobby`, whose clients are on LeanCloud's socket and on the platform's."""

    hall: Hall
    app: App
    rest: Rest
    """With the server key."""
    public: Rest
    """With the public key."""

    @property
    def town(self) -> Town:
        """The server."""
        return self.hall.town

    async def get(self, path: str, **query: Any) -> Any:
        """What is found; texts and numbers of the query as they are, all else as JSON."""
        plain = {name: each if isinstance(each, str | int) else json.dumps(each) for name, each in query.items()}
        return answer(await self.rest.get(f"{path}?{urlencode(plain)}" if query else path))

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        """What comes of it."""
        return answer(await self.rest.post(path, body), status)

    async def put(self, path: str, body: Any = None) -> Any:
        """What comes of it."""
        return answer(await self.rest.put(path, body))

    async def delete(self, path: str, body: Any = None) -> Any:
        """What comes of it."""
        return answer(await self.rest.delete(path, body))

    async def start(self, *people: str, kind: str = "conversations", **columns: Any) -> str:
        """A conversation; its id."""
        made = await self.post(f"{RTM}/{kind}", {"m": people, **columns} if people else columns)
        conv_id: str = made["objectId"]
        return conv_id

    async def send(self, conv_id: str, text: str = "hello", sender: str = "tom", **more: Any) -> dict[str, Any]:
        """A text; id and time."""
        body = {"from_client": sender, "message": said(text), **more}
        sent: dict[str, Any] = await self.post(f"{RTM}/conversations/{conv_id}/messages", body)
        return sent

    async def texts(self, conv_id: str, **query: Any) -> list[str]:
        """What is in the history."""
        rows = await self.get(f"{RTM}/conversations/{conv_id}/messages", **query)
        return [json.loads(row["data"])["_lctext"] for row in rows]

    async def on_the_platform(self, name: str) -> Socket:
        """Somebody on the platform's socket."""
        socket = await self.town.connect()
        await socket.send("login", {"app_id": self.app.app_id, "client_id": name, "device_id": "phone"})
        await socket.next("login.success")
        return socket
