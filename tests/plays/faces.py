"""One server, looked at through each of its dialects: what a play asks of them, in the same few words."""

from typing import Any

import msgspec

from cast import Person, Reply, Socket, Town
from parlance.client import Backend, Conversation


def done(reply: Reply, status: int = 200) -> Any:
    """The answer of a call that did what it was asked."""
    assert status == reply.status, reply.raw
    return reply.body if reply.raw else None


async def uid(town: Town, person: Person) -> int:
    """A user's number."""
    number: int = (await town.backend.get(f"/im/users/{person.client_id}")).data["uid"]
    return number


class Platform:
    """As the platform dialect shows it, with the server key."""

    def __init__(self, town: Town) -> None:
        self._backend = Backend(town.base, town.hall.app_id, town.hall.master_key, http=town.session)

    async def send(self, sender: Person, conv_id: str, text: str) -> str:
        """A text; its id."""
        return (await self._backend.send(conv_id, text, sender=sender.client_id)).msg_id

    async def texts(self, conv_id: str) -> list[tuple[str, str | None]]:
        """Ids and texts, newest first."""
        return [(row.msg_id, row.text) for row in (await self._backend.messages(conv_id, size=100)).rows]

    async def members(self, conv_id: str) -> list[str]:
        """Who is in a conversation."""
        return await self._backend.members(conv_id)

    async def direct(self, one: Person, other: Person) -> str:
        """The direct conversation of two."""
        return await self._backend.open_direct(one.client_id, other.client_id)

    async def group(self, owner: Person, *others: Person) -> str:
        """A group; its conversation."""
        return await self._backend.open_group(owner.client_id, [one.client_id for one in others])

    async def found(self, conv_id: str) -> list[Conversation]:
        """What a query for a conversation finds."""
        return (await self._backend.find_conversations([("conv_id", "=", conv_id)])).rows


class Clinic:
    """As the clinic dialect shows it, with the server key."""

    def __init__(self, town: Town) -> None:
        self._rest = town.backend

    async def call(self, path: str, body: dict[str, Any]) -> Any:
        """A call, with what it made."""
        return done(await self._rest.post(path, body, headers={"Prefer": "return=representation"}))

    async def send(self, sender: Person, msg: str, **address: Any) -> dict[str, Any]:
        """A text, as it stands in the lists."""
        sent: dict[str, Any] = await self.call("/im/send/msg", {"from_id": sender.client_id, "msg": msg, **address})
        return sent

    async def texts(self, conv_id: str) -> list[tuple[str, str]]:
        """Ids and texts, newest first; nobody has read them by it."""
        rows = await self.call(f"/im/conv/{conv_id}", {"page_size": 100})
        return [(row["msg_id"], row["msg"]) for row in rows]

    async def conversations(self, person: Person) -> dict[str, dict[str, Any]]:
        """A client's list, by conversation, in its order."""
        rows = await self.call("/im/conv/list", {"from_id": person.client_id})
        return {row["conv_id"]: row for row in rows}

    async def group(self, owner: Person, *others: Person, name: str = "群1") -> dict[str, Any]:
        """A group, as it was made."""
        asked = {"owner_id": owner.client_id, "name": name, "member": [one.client_id for one in others]}
        made: dict[str, Any] = await self.call("/im/creat/group", asked)
        return made

    async def members(self, conv_id: str) -> list[str]:
        """Who is in a conversation."""
        return [member["id"] for member in await self.call(f"/im/group/{conv_id}/list", {})]


class Campus:
    """As the campus dialect shows it, with the server key."""

    def __init__(self, town: Town) -> None:
        self._rest = town.backend

    async def group(self, admin: Person, *others: Person, **more: Any) -> dict[str, Any]:
        """A group, as it was made."""
        members = ":".join(one.client_id for one in others)
        asked = {"group_name": "三班", "admin_uid": admin.client_id, "member_client_ids": members, **more}
        made: dict[str, Any] = done(await self._rest.post("/im/group", asked), 201)
        return made

    async def info(self, group_id: int) -> dict[str, Any]:
        """What is said about a group."""
        info: dict[str, Any] = done(await self._rest.get(f"/im/group/{group_id}"))["data"]["group_info"]
        return info

    async def members(self, group_id: int) -> set[str]:
        """Who is in a group."""
        shown = done(await self._rest.get(f"/im/group/{group_id}"))["data"]["group_member_info"]
        return {member["client_id"] for member in shown}

    async def groups(self, person: Person) -> dict[int, str]:
        """A client's groups: their names by their numbers."""
        rows = done(await self._rest.get(f"/im/user/{person.client_id}/groups"))["data"]
        return {row["id"]: row["group_name"] for row in rows}

    async def refusal(self, group_id: int) -> tuple[int, int]:
        """Why a group is not shown."""
        reply = await self._rest.get(f"/im/group/{group_id}")
        return reply.status, reply.body["code"]


class Rong:
    """As the rong dialect shows it to its login user."""

    async def group(self, person: Person, **fields: Any) -> dict[str, Any]:
        """A group, as it was made."""
        made: dict[str, Any] = done(await person.rest.post("/api/im/group/", {"name": "zhang111", **fields}), 201)
        return made

    async def groups(self, person: Person) -> dict[int, str]:
        """The login user's groups: their names by their numbers."""
        rows = done(await person.rest.get("/api/im/group/"))["results"]
        return {row["id"]: row["name"] for row in rows}

    async def members(self, person: Person, group_id: int) -> list[str]:
        """Who is in a group of the login user's."""
        rows = done(await person.rest.get(f"/api/im/group/{group_id}/users/"))["results"]
        return [row["username"] for row in rows]

    async def join(self, person: Person, group_id: int, number: int) -> Reply:
        """Pull somebody in."""
        return await person.rest.post(f"/api/im/group/{group_id}/join/", {"userid": number})

    async def quit(self, person: Person, group_id: int) -> Reply:
        """Leave."""
        return await person.rest.get(f"/api/im/group/{group_id}/quit/")

    async def dismiss(self, person: Person, group_id: int) -> Reply:
        """End it."""
        return await person.rest.get(f"/api/im/group/{group_id}/dismiss/")


async def notice(socket: Socket, what: str) -> dict[str, Any]:
    """The fields of the next system message of a kind; those of other kinds are passed over."""
    while True:
        told = (await socket.next("msg.new"))["data"]
        said: dict[str, Any] = msgspec.json.decode(told["attr"]) or {}
        if said.get("sys_message_type") == what:
            return said
