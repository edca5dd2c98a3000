"""The words that the clinic's tests say often."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cast import Reply, Rest, Socket, Town, running
from parlance.core.model.app import App, Policy
from parlance.core.model.limits import Limits

WARD = "ward"

PATIENT = "CKD_P_903000000000001"
DOCTOR = "CKD_D_903000000000002"
OTHER = "CKD_P_903000000000003"
REPRESENTED = {"Prefer": "return=representation"}


def refusal(reply: Reply) -> tuple[int, int]:
    """HTTP status and code of a refusal, which has nothing but these and its words."""
    assert ["code", "message"] == [*reply.body], reply.body
    return reply.status, reply.body["code"]


def answer(reply: Reply) -> Any:
    """The bare answer of a call that did what it was asked."""
    assert 200 == reply.status, reply.body
    return reply.body


@dataclass(frozen=True)
class Ward:
    """The hospital's app on a running server."""

    town: Town
    app: App
    bare: Rest
    """A client that shows nothing, as in the document."""
    backend: Rest
    """The server key of the app, which the platform's calls need to be named."""

    async def send(self, sender: str, msg: str, **more: Any) -> dict[str, Any]:
        """A message, over this dialect; as it stands in the lists."""
        sent = {"from_id": sender, "msg": msg, **more}
        message: dict[str, Any] = answer(await self.bare.post("/im/send/msg", sent, headers=REPRESENTED))
        return message

    async def group(self, owner: str, *members: str, **more: Any) -> str:
        """A group, over this dialect; its conversation's id."""
        asked = {"owner_id": owner, "name": "群1", "member": [*members], **more}
        made = answer(await self.bare.post("/im/creat/group", asked, headers=REPRESENTED))
        conv_id: str = made["conv_id"]
        return conv_id

    async def conversations(self, client: str) -> list[dict[str, Any]]:
        """A client's list."""
        rows: list[dict[str, Any]] = answer(await self.bare.post("/im/conv/list", {"from_id": client}))
        return rows

    async def unread(self, client: str) -> dict[str, int]:
        """How much a client has not read, by conversation."""
        return {row["conv_id"]: row["unread_count"] for row in await self.conversations(client)}

    async def messages(self, conv_id: str, **more: Any) -> list[dict[str, Any]]:
        """A page of a conversation."""
        rows: list[dict[str, Any]] = answer(await self.bare.post(f"/im/conv/{conv_id}", more))
        return rows

    async def known(self) -> set[str]:
        """Everybody the app has heard of."""
        users = await self.backend.get("/im/users?size=100")
        return {user["client_id"] for user in users.data["data"]}

    async def profile(self, client: str, **more: Any) -> None:
        """Say something about a user, over the platform."""
        assert 0 == (await self.backend.put(f"/im/users/{client}", more)).code

    async def token(self, client: str) -> Rest:
        """A client that shows a token, and nothing else."""
        issued = await self.backend.post("/im/tokens", {"client_id": client})
        return self.bare.showing(Authorization=f"Bearer {issued.data['token']}")

    async def log_in(self, client: str, device: str = "phone") -> Socket:
        """A socket of the platform, logged in."""
        socket = await self.town.connect()
        await socket.send("login", {"app_id": self.app.app_id, "client_id": client, "device_id": device})
        await socket.next("login.success")
        return socket


@asynccontextmanager
async def opened(data_dir: Path, limits: Limits | None = None) -> AsyncIterator[Ward]:
    """A server whose default app lies open."""
    async with running(data_dir, limits, default_app=WARD) as town:
        app = await town.app(WARD, Policy.OPEN)
        yield Ward(town, app, town.bare, town.bare.showing(app_id=WARD, app_key=app.master_key))
