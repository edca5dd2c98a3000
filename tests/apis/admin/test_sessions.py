"""Coming in, staying, going; and what keeps others out."""

from typing import Any

import pytest

from apis.admin.office import HALL, NAME, PASSWORD, Operator, cookie_in, logged_in, refusal
from cast import Rest, Town
from parlance.apis.admin.auth import CSRF_HEADER
from parlance.core.model.operator import SESSION_LIFETIME

LOGIN = "/admin/login"
RIGHT = {"name": NAME, "password": PASSWORD}
WRONG = {"name": NAME, "password": "wrong horse"}


@pytest.fixture
async def ann(town: Town) -> Operator:
    """By name and password."""
    return await logged_in(town)


async def test_an_operator_comes_in(town: Town, ann: Operator) -> None:
    """With a cookie that no script can read and no other page can use."""
    reply = await town.bare.post(LOGIN, RIGHT)
    kept = reply.headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/admin", "SameSite=Strict", f"Max-Age={SESSION_LIFETIME // 1000}"} <= set(
        kept.split("; ")
    )
    assert "Secure" not in kept
    session = await ann.ask("GET", "/admin/session")
    assert (NAME, ann.csrf) == (session["operator"], session["csrf"])


async def test_over_https_the_cookie_stays_there(town: Town, ann: Operator) -> None:
    """As a proxy says that it was asked."""
    reply = await town.bare.post(LOGIN, RIGHT, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in reply.headers["Set-Cookie"].split("; ")


async def test_every_answer_is_safe(town: Town, ann: Operator) -> None:
    """Kept by nobody, read by no other page, whatever it is."""
    for reply in (
        await ann.rest.get("/admin/apps"),
        await town.bare.get("/admin/apps"),
        await ann.rest.get(f"{HALL}/x"),
    ):
        assert ("no-store", "nosniff", "same-origin") == (
            reply.headers["Cache-Control"],
            reply.headers["X-Content-Type-Options"],
            reply.headers["Cross-Origin-Resource-Policy"],
        )
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    asked = await ann.rest.get("/admin/apps", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in asked.headers


async def test_an_operator_goes(ann: Operator) -> None:
    """The session is over at once, and the browser forgets it."""
    reply = await ann.rest.post("/admin/logout")
    assert cookie_in(reply).endswith('=""')
    assert (401, "session_expired") == refusal(await ann.rest.get("/admin/apps"))
    assert ("", "") == ((nobody := await ann.ask("GET", "/admin/session"))["operator"], nobody["csrf"])


async def test_a_session_is_over_one_day(town: Town, ann: Operator) -> None:
    """And says so."""
    town.clock.advance(SESSION_LIFETIME)
    assert (401, "session_expired") == refusal(await ann.rest.get("/admin/apps"))


async def test_nobody_is_there(town: Town) -> None:
    """Who shows nothing, or an app's key, is asked to log in."""
    for rest in (town.bare, town.backend, town.ada.rest):
        assert (401, "not_logged_in") == refusal(await rest.get("/admin/apps"))


async def test_wrong_passwords_slow_down(town: Town, ann: Operator) -> None:
    """After some the server does not listen for a while, and says for how long; each that it heard is written down."""
    town.clock.stop()
    replies = [await town.bare.post(LOGIN, WRONG) for _ in range(5)]
    assert [(401, "bad_credential")] * 4 + [(429, "rate_limited")] == [refusal(reply) for reply in replies]
    assert "1" == replies[-1].headers["Retry-After"]
    assert (429, "rate_limited") == refusal(await town.bare.post(LOGIN, RIGHT))
    assert [("login", "", "bad_credential")] * 4 + [("login", "", "done")] == await ann.log("action=login")
    town.clock.advance(1_000)
    assert 200 == (await town.bare.post(LOGIN, RIGHT)).status


async def test_addresses_are_told_apart(town: Town, ann: Operator) -> None:
    """By what the proxy on this machine says: who guesses there keeps nobody else out."""
    town.clock.stop()
    for at in range(4):
        await town.bare.post(LOGIN, {**WRONG, "name": f"x{at}"}, headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.5"})
    there = {"X-Forwarded-For": "203.0.113.5"}
    assert (429, "rate_limited") == refusal(await town.bare.post(LOGIN, RIGHT, headers=there))
    assert 200 == (await town.bare.post(LOGIN, RIGHT, headers={"X-Forwarded-For": "203.0.113.6"})).status
    entries = (await ann.ask("GET", "/admin/audit?action=login&limit=2"))["entries"]
    assert ["203.0.113.6", "203.0.113.5"] == [each["address"] for each in entries]
    assert ["ann", "x3"] == [each["operator"] for each in entries]


async def test_what_changes_something_says_a_token(town: Town, ann: Operator) -> None:
    """The cookie alone does not do: other pages can have it sent along."""
    for token in ({}, {CSRF_HEADER: "0" * 32}):
        alone = Rest(town.session, town.base, {"Cookie": ann.cookie, **token})
        assert (403, "not_permitted") == refusal(await alone.put(f"{HALL}/users/ben/ban"))
        assert 200 == (await alone.get(f"{HALL}/users/ben")).status
    assert [("login", "", "done")] == await ann.log()


async def test_pages_of_other_origins(town: Town, ann: Operator) -> None:
    """Change nothing, and log nobody in, whatever they know."""
    origins = ("https://elsewhere.example", "null", "http://[")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, *({"Origin": origin} for origin in origins)):
        assert (403, "not_permitted") == refusal(await ann.rest.put(f"{HALL}/users/ben/ban", headers=headers))
        assert (403, "not_permitted") == refusal(await town.bare.post(LOGIN, RIGHT, headers=headers))
        # A look that is written down is not to be had in an operator's name either.
        assert (403, "not_permitted") == refusal(await ann.rest.get(f"{HALL}/files", headers=headers))
    assert [("login", "", "done")] == await ann.log()


async def test_our_own_pages(town: Town, ann: Operator) -> None:
    """Come from the address that is asked."""
    own = {"Sec-Fetch-Site": "same-origin", "Origin": town.base}
    assert 200 == (await ann.rest.put(f"{HALL}/users/ben/ban", headers=own)).status


async def test_what_others_on_the_way_can_read(town: Town, ann: Operator) -> None:
    """Is not served: neither the answer nor the password would be safe. Over https it is."""
    for host in ("chat.example.com", "10.0.0.7:8000", "localhost.example.com", "[2001:db8::1]", "x y"):
        for reply in (
            await town.bare.post(LOGIN, RIGHT, headers={"Host": host}),
            await ann.rest.get("/admin/apps", headers={"Host": host}),
        ):
            assert (403, "not_permitted") == refusal(reply), host
    safe = {"Host": "chat.example.com", "X-Forwarded-Proto": "https"}
    assert 200 == (await town.bare.post(LOGIN, RIGHT, headers=safe)).status


async def test_this_machine_needs_no_encryption(town: Town, ann: Operator) -> None:
    """By whatever name it is asked; each port has a cookie of its own."""
    for host, name in (
        ("localhost:9000", "parlance-console-9000"),
        ("127.0.0.1", "parlance-console"),
        ("[::1]:80", "parlance-console-80"),
        ("parlance.localhost", "parlance-console"),
        ("localhost:²", "parlance-console"),
    ):
        reply = await town.bare.post(LOGIN, RIGHT, headers={"Host": host})
        assert name == cookie_in(reply).partition("=")[0]


async def test_a_link_opens_one_session(town: Town, ann: Operator) -> None:
    """Once; and it is written down who came that way."""
    key = await town.application.actions.sign_in.link(NAME)
    assert NAME == (await town.bare.post("/admin/login/link", {"key": key})).body["operator"]
    assert (401, "bad_credential") == refusal(await town.bare.post("/admin/login/link", {"key": key}))
    assert [("login.link", "", "bad_credential"), ("login.link", "", "done")] == await ann.log("action=login.link")


async def test_a_password_is_changed(town: Town, ann: Operator) -> None:
    """By who knows the old one; then all sessions end."""
    other = await logged_in(town, "bob")
    change = {"old": PASSWORD, "new": "a new password"}
    assert (401, "bad_credential") == refusal(await ann.rest.post("/admin/password", {**change, "old": "no"}))
    assert (400, "bad_format") == refusal(await ann.rest.post("/admin/password", {**change, "new": "no"}))
    await ann.ask("POST", "/admin/password", change)
    assert (401, "session_expired") == refusal(await ann.rest.get("/admin/apps"))
    assert [("password.change", "", outcome) for outcome in ("done", "bad_format", "bad_credential")] == (
        await other.log("action=password.change")
    )
    assert 200 == (await town.bare.post(LOGIN, {"name": NAME, "password": "a new password"})).status


async def test_what_is_no_login(town: Town) -> None:
    """Is refused as such."""
    bodies: tuple[tuple[Any, str], ...] = (
        ({}, "missing_field"),
        ({"name": 1, "password": "x"}, "bad_format"),
        ({"name": "a\x00", "password": "x"}, "bad_format"),
        ([], "malformed"),
    )
    for body, code in bodies:
        assert (400, code) == refusal(await town.bare.post(LOGIN, body))


async def test_events_are_fetched_as_before(town: Town, ann: Operator) -> None:
    """An app's backend has its own address here, with its own key, and its own way to be refused."""
    assert 200 == (await town.backend.get("/admin/events")).status
    assert (401, "missing_app") == ((reply := await ann.rest.get("/admin/events")).status, reply.body["code"])


async def test_nothing_else_is_here(ann: Operator) -> None:
    """What is at no address, and by no method, is refused in this shape."""
    assert (404, "unknown_route") == refusal(await ann.rest.get("/admin/nothing"))
    assert (405, "wrong_method") == refusal(await ann.rest.put("/admin/apps"))
