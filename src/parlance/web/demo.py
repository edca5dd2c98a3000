"""The demo at `/` of a server for trying out: four people, two conversations, and what a page needs to speak for them.

It gives out tokens and the server key to whoever looks at the page, so it is there only where `parlance dev` says so,
and answers nobody but this machine's own browser on this server's own page.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address

import msgspec
from aiohttp import hdrs, web

from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.group import NewGroup
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId
from parlance.web.pages import TAG, page, shown
from parlance.web.routes import Nothing, Operation, Route

CAST = {ClientId("ada"): "Ada", ClientId("ben"): "Ben", ClientId("chen"): "陈晨", ClientId("dora"): "Dora"}
GROUP = "徒步 · Hike"
_HOST = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::\d+)?")
"""A host as requests name it: an IPv6 address in brackets, or anything else; and maybe a port."""

_PASSED_ON = (hdrs.FORWARDED, hdrs.X_FORWARDED_FOR, hdrs.X_FORWARDED_HOST, hdrs.VIA)
"""What proxies and tunnels say of requests that are somebody else's."""


class Person(msgspec.Struct, frozen=True):
    """Somebody of the cast, with the token to speak for it."""

    client_id: str
    uid: int
    nickname: str
    token: str


class Stage(msgspec.Struct, frozen=True):
    """What the page needs to begin."""

    app_id: str
    server_key: str
    people: tuple[Person, ...]
    direct: str
    """The conversation of the first two."""
    group: str
    """The conversation of all four."""
    group_id: int
    """The number under which campus and rong know it."""
    group_name: str
    dialects: Sequence[str]
    console: bool
    """Whether there is one to look into."""


def table(actions: Actions, app_id: AppId, dialects: Sequence[str], *, console: bool) -> tuple[Route[Nothing], ...]:
    """The page, and what it asks to begin. `app_id`: the app in which everything is played."""

    async def index(request: web.Request) -> web.Response:
        return shown(request, "demo/index.html")

    async def begin(request: web.Request) -> web.Response:
        _only_our_own_page(request)
        stage = await _set(actions, app_id, dialects, console=console)
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=msgspec.json.encode(stage), content_type="application/json", headers=headers)

    about = Operation(summary="The cast of the demo, and its conversations", tag=TAG)
    return (
        page("/", index, "The demo"),
        Route("POST", "/demo/begin", begin, about, Nothing, Stage, public=True, described_to_machines=False),
    )


def _only_our_own_page(request: web.Request) -> None:
    """Refuse who comes from another machine, and what a page of another server had a browser of this one ask.

    That page may have a name of its own made to lead here: the name under which we are asked has to be this machine's.
    """
    host, origin = request.headers.get(hdrs.HOST, ""), request.headers.get(hdrs.ORIGIN)
    named = _HOST.fullmatch(host)
    ours = origin in {None, f"http://{host}", f"https://{host}"}
    passed_on = any(name in request.headers for name in _PASSED_ON)
    if passed_on or not (named and ours and _loopback(request.remote or "") and _loopback(named[1] or named[2])):
        raise Fault(FaultCode.NOT_PERMITTED, "the demo is for this machine's own browser")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def _set(actions: Actions, app_id: AppId, dialects: Sequence[str], *, console: bool) -> Stage:
    """Make whatever of people and conversations is not there; what was changed stays."""
    app = await actions.find_apps.one(app_id)
    caller = Caller(app)
    known = await actions.find_users(caller, tuple(CAST))
    for client, nickname in CAST.items():
        if client not in known:
            known[client] = await actions.create_user(caller, client, Profile(nickname=nickname, name=nickname))
    ada, ben, *_ = CAST
    direct = await actions.open_conversation(caller, Opening(Kind.DIRECT, ada, (ben,)))
    group = await _group(actions, caller, ada)
    people = []
    for client, user in known.items():
        issued = await actions.issue_token(caller, client)
        people.append(Person(client, user.uid, user.nickname, issued.token))
    return Stage(
        app_id=app_id,
        server_key=app.master_key,
        people=tuple(people),
        direct=direct.conv_id,
        group=group.conv_id,
        group_id=group.group_id or 0,
        group_name=group.name,
        dialects=tuple(dialects),
        console=console,
    )


async def _group(actions: Actions, caller: Caller, owner: ClientId) -> Conversation:
    for group in await actions.groups_of(caller, owner):
        if group.creator == owner:
            return group
    return (await actions.create_group(caller, NewGroup(owner, tuple(CAST), name=GROUP))).conversation
