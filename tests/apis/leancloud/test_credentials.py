"""Who may call what: by key, by signature, by token, or by nothing."""

from hashlib import md5
from pathlib import Path

import pytest

from apis.leancloud.office import OLD, RTM, Office, refusal
from cast import Rest, Town, running
from parlance.core.model.app import Policy
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId

UNAUTHORIZED = (401, 401, "Unauthorized.")
TIME = "1767225600000"
MASTERS = f"{RTM}/conversations"
"""What takes the server key."""
ANYBODYS = f"{RTM}/clients/ada/unread-count"
"""What the public key is enough for."""


def signed(key: str, mark: str = "") -> str:
    """A key shown by what it makes of the time."""
    return f"{md5(f'{TIME}{key}'.encode(), usedforsecurity=False).hexdigest()},{TIME}{mark}"


def showing(town: Town, **headers: str) -> Rest:
    """A backend of `hall`, whose policy asks for credentials."""
    named = {"X_LC_Id": "hall", **headers}
    return town.bare.showing(**named)


async def test_the_server_key(town: Town) -> None:
    """Marked or not, or shown by a signature; in the oldest words as well."""
    master = town.hall.master_key
    for headers in (
        {"X_LC_Key": f"{master},master"},
        {"X_LC_Key": master},
        {"X_LC_Sign": signed(master, ",master")},
        {"X_AVOSCloud_Master_Key": master},
        {"X_AVOSCloud_Request_Sign": signed(master, ",master")},
    ):
        for path in (MASTERS, ANYBODYS):
            reply = await showing(town, **headers).get(path)
            assert 200 == reply.status, (headers, path, reply.body)
    old = town.bare.showing(X_AVOSCloud_Application_Id="hall", X_AVOSCloud_Master_Key=master)
    assert 200 == (await old.get(MASTERS)).status


async def test_the_public_key(town: Town) -> None:
    """Is enough for what clients ask, and for nothing else."""
    for headers in (
        {"X_LC_Key": town.hall.app_key},
        {"X_LC_Sign": signed(town.hall.app_key)},
        {"X_AVOSCloud_Application_Key": town.hall.app_key},
        {"X_AVOSCloud_Request_Sign": signed(town.hall.app_key)},
    ):
        rest = showing(town, **headers)
        assert {"count": 0} == (await rest.get(ANYBODYS)).body
        assert {"count": 0} == (await rest.get(f"{OLD}/messages/unread/ada")).body
        for path in (
            MASTERS,
            f"{RTM}/stats",
            "/1.1/classes/_Conversation",
            "/1.1/scan/classes/_User",
            f"{RTM}/messages",
        ):
            assert UNAUTHORIZED == refusal(await rest.get(path)), path


async def test_what_is_wrong(town: Town) -> None:
    """A key of nobody's, another app's, the public one called a server key, a signature that is none."""
    hall, annex = town.hall, town.annex
    for headers in (
        {"X_LC_Key": "wrong"},
        {"X_LC_Key": "wrong,master"},
        {"X_LC_Key": f"{hall.app_key},master"},
        {"X_LC_Key": f"{annex.master_key},master"},
        {"X_AVOSCloud_Master_Key": hall.app_key},
        {"X_LC_Sign": signed("wrong")},
        {"X_LC_Sign": signed(hall.master_key)},
        {"X_LC_Sign": signed(hall.app_key, ",master")},
        {"X_LC_Sign": "nonsense"},
        {"X_LC_Id": "nobody's", "X_LC_Key": hall.master_key},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic x"},
        {},
    ):
        for path in (MASTERS, ANYBODYS):
            assert UNAUTHORIZED == refusal(await showing(town, **headers).get(path)), (headers, path)


async def test_a_client(town: Town) -> None:
    """With a token is nobody's backend, and asks for itself alone."""
    rest = showing(town, Authorization=f"Bearer {town.ada.token}")
    assert (403, 403, "Forbidden.") == refusal(await rest.get(MASTERS))
    assert {"count": 0} == (await rest.get(ANYBODYS)).body
    assert (403, 403) == refusal(await rest.get(f"{RTM}/clients/ben/unread-count"))[:2]


async def test_an_open_app(office: Office) -> None:
    """Asks for nothing; what is shown must be right."""
    bare = office.town.bare.showing(X_LC_Id=office.app.app_id)
    assert 200 == (await bare.get(MASTERS)).status
    assert 200 == (await office.public.get(MASTERS)).status
    assert UNAUTHORIZED == refusal(await bare.get(MASTERS, headers={"X-LC-Key": "wrong"}))


async def test_no_app(town: Town) -> None:
    """Is the server's own, if it has one."""
    key = {"X_LC_Key": f"{town.hall.master_key},master"}
    assert UNAUTHORIZED == refusal(await town.bare.showing(**key).get(MASTERS))


async def test_the_default_app(tmp_path: Path) -> None:
    """Is meant where a request names none."""
    async with running(tmp_path / "data", default_app="hall") as town:
        rest = town.bare.showing(X_LC_Key=f"{town.hall.master_key},master")
        assert 200 == (await rest.get(MASTERS)).status


@pytest.mark.parametrize("policy", [Policy.OPEN, Policy.KEY, Policy.TOKEN])
async def test_a_login_is_signed(town: Town, policy: Policy) -> None:
    """For who shows a client token, with the public key; whatever the app's policy is."""
    actions = town.application.actions
    app = await town.app("signing", policy)
    await actions.create_user(Caller(app), ClientId("tom"), Profile())
    token = (await actions.issue_token(Caller(app), ClientId("tom"))).token
    rest = town.bare.showing(X_LC_Id="signing", X_LC_Key=app.app_key)
    for reply in (
        await rest.post("/1.1/rtm/sign", {"session_token": token}),
        await rest.get(f"{RTM}/clients/sign?session_token={token}"),
    ):
        body = reply.body
        assert ("tom", [str, int, str]) == (
            body["client_id"],
            [type(body[name]) for name in ("signature", "timestamp", "nonce")],
        )
    wrong = await rest.post("/1.1/rtm/sign", {"session_token": "x"})
    assert (404, 211) == refusal(wrong)[:2]
    assert (400, 1) == refusal(await rest.post("/1.1/rtm/sign", {}))[:2]
