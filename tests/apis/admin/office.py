"""The office: a town with an operator in it, who asks the admin API as a browser does."""

from typing import Any

from cast import Reply, Rest, Town
from parlance.apis.admin.auth import CSRF_HEADER
from parlance.core.model.operator import NOBODYS
from parlance.core.model.operator import Operator as Known

NAME, PASSWORD = "ann", "correct horse"
HALL = "/admin/apps/hall"


class Operator:
    """Who has logged in: shows the cookie, and the token that the page knows."""

    def __init__(self, rest: Rest, cookie: str, csrf: str) -> None:
        self.cookie = cookie
        self.csrf = csrf
        self.rest = Rest(rest._session, rest.base, {"Cookie": cookie, CSRF_HEADER: csrf})

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Call, and have it answered; what it says."""
        reply = await self.rest.call(method, path, body, **more)
        assert 200 == reply.status, reply.body
        return reply.body

    async def log(self, query: str = "") -> list[tuple[str, str, str]]:
        """What is written down, newest first: what, to what, and what came of it."""
        entries = (await self.ask("GET", f"/admin/audit?{query}"))["entries"]
        return [(each["action"], each["subject"], each["outcome"]) for each in entries]


def refusal(reply: Reply) -> tuple[int, str]:
    """HTTP status and code."""
    return reply.status, reply.body["error"]["code"]


def cookie_in(reply: Reply) -> str:
    """What a browser shows from now on."""
    return reply.headers["Set-Cookie"].partition(";")[0]


async def arrived(town: Town, name: str = NAME) -> Operator:
    """An operator who is there by a link: what passwords cost is tried elsewhere."""
    now = town.clock.now()
    async with town.application.store.begin() as tx:
        await tx.operators.put(Known(name, NOBODYS, now, now))
    key = await town.application.actions.sign_in.link(name)
    reply = await town.bare.post("/admin/login/link", {"key": key})
    assert 200 == reply.status, reply.body
    return Operator(town.bare, cookie_in(reply), reply.body["csrf"])


async def logged_in(town: Town, name: str = NAME) -> Operator:
    """An operator who is there, and has logged in."""
    await town.application.actions.operators.set_password(name, PASSWORD)
    reply = await town.bare.post("/admin/login", {"name": name, "password": PASSWORD})
    assert 200 == reply.status, reply.body
    return Operator(town.bare, cookie_in(reply), reply.body["csrf"])
