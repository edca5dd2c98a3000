"""The words that the campus tests say often."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from cast import Reply, Rest, Socket, Town
from parlance.core.model.app import App

CHINESE = re.compile(r"^[\u4e00-\u9fff]+")


def refusal(reply: Reply) -> tuple[int, int]:
    """HTTP status and code of a refusal, which has nothing but these and its Chinese words."""
    assert ["code", "message"] == [*reply.body], reply.body
    assert CHINESE.match(reply.body["message"]), reply.body
    return reply.status, reply.body["code"]


def answer(reply: Reply, status: int = 200) -> Any:
    """The answer of a call that did what it was asked."""
    assert status == reply.status, reply.raw
    return reply.body if reply.raw else None


def same_shape(documented: Any, answered: Any) -> bool:
    """Whether an answer has the documented names, in order, with values of the documented kinds."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        names = [*documented] == [*answered]
        return names and all(same_shape(documented[name], answered[name]) for name in documented)
    if isinstance(documented, list) and isinstance(answered, list):
        return all(same_shape(documented[0], one) for one in answered)
    return type(documented) is type(answered)


@dataclass(frozen=True)
class School:
    """The education app on a running server: its default app, open as in the documents."""

    town: Town
    app: App
    bare: Rest
    """A client that shows nothing, as in the documents."""
    backend: Rest
    """The server key of the app."""

    async def group(self, admin: str = "o12", *members: str, **more: Any) -> int:
        """A group, made over this dialect; its number."""
        asked = {"group_name": "666", "admin_uid": admin, "member_client_ids": ":".join(members), **more}
        made = answer(await self.bare.post("/im/group", asked), 201)
        number: int = made["group_id"]
        return number

    async def detail(self, group_id: int, **query: str) -> dict[str, Any]:
        """What is shown of a group."""
        shown: dict[str, Any] = answer(await self.bare.get(f"/im/group/{group_id}", params=query))
        return shown

    async def members(self, group_id: int) -> set[str]:
        """Who is in a group."""
        info = (await self.detail(group_id))["data"]["group_member_info"]
        return {member["client_id"] for member in info}

    async def info(self, group_id: int) -> dict[str, Any]:
        """What is said about a group."""
        info: dict[str, Any] = (await self.detail(group_id))["data"]["group_info"]
        return info

    async def token(self, client: str) -> Rest:
        """A client that shows a token, and nothing else."""
        return self.bare.showing(Authorization=f"Bearer {await self._token(client)}")

    async def log_in(self, client: str) -> Socket:
        """A socket of the platform, logged in."""
        socket = await self.town.connect()
        shown = {"app_id": self.app.app_id, "client_id": client, "device_id": "phone"}
        await socket.send("login", {**shown, "token": await self._token(client)})
        await socket.next("login.success")
        return socket

    async def profile(self, client: str, **said: Any) -> None:
        """Register a user, over the platform."""
        assert 0 == (await self.backend.post("/im/users", {"unique_id": client, **said})).code

    async def ban(self, client: str) -> None:
        """Ban a user, over the platform."""
        await self.profile(client)
        assert 0 == (await self.backend.post(f"/im/users/{client}/ban")).code

    async def directory(self) -> None:
        """Organisation 1 with class 2, in which c7 teaches c565 and c529; o1 runs it."""
        answer(await self.backend.put("/im/org/1", {"name": "第一小学"}))
        answer(await self.backend.put("/im/org/1/class/2", {"name": "三年二班"}))
        for client, role in (("c7", "teacher"), ("c565", "student"), ("c529", "student"), ("o1", "admin")):
            classes = [] if role == "admin" else [2]
            answer(await self.backend.put(f"/im/org/1/member/{client}", {"role": role, "class_ids": classes}))

    async def _token(self, client: str) -> str:
        issued = await self.backend.post("/im/tokens", {"client_id": client})
        token: str = issued.data["token"]
        return token


async def told(socket: Socket) -> tuple[str, dict[str, Any]]:
    """The next system message: its text and its fields."""
    data = (await socket.next("msg.new"))["data"]
    assert -1 == data["type"]
    return data["text"], msgspec.json.decode(data["attr"])
