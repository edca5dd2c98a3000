"""Users: /im/users and what is under it."""

import pytest

from cast import Town


async def test_a_user_is_registered(town: Town) -> None:
    """Everything that was said about it comes back, with a number and a time of its own."""
    said = {"unique_id": "lili7", "nickname": "Lili", "avatar": "http://a/b.png", "ext": {"age": 7, "tags": ["x"]}}
    made = (await town.backend.post("/im/users", said)).data
    assert ["client_id", "uid", "nickname", "avatar", "ext", "status", "ctime"] == [*made]
    assert {"client_id": "lili7", "nickname": "Lili", "avatar": "http://a/b.png", "status": 0} == {
        name: made[name] for name in ("client_id", "nickname", "avatar", "status")
    }
    assert {"age": 7, "tags": ["x"]} == made["ext"]
    assert abs(town.application.clock.now() - made["ctime"]) < 60_000


async def test_registering_twice_updates(town: Town) -> None:
    """The second registration changes what it names, keeps the rest, and makes nobody new."""
    first = (await town.backend.post("/im/users", {"unique_id": "lili", "nickname": "Lili", "avatar": "a"})).data
    second = (await town.backend.post("/im/users", {"unique_id": "lili", "nickname": "Sara"})).data
    assert {**first, "nickname": "Sara"} == second


async def test_what_other_dialects_show(town: Town) -> None:
    """Is taken from the backend, and answered there; a client does not say it of itself."""
    said = {"name": "Ada King", "username": "15965972666", "level": "A"}
    assert 0 == (await town.backend.put("/im/users/ada", said)).code
    assert (200, 4014) == (await town.ada.rest.put("/im/users/ada", {"level": "S"})).refusal
    assert 0 == (await town.ada.rest.put("/im/users/ada", {"nickname": "Ada"})).code
    registered = await town.backend.post("/im/users", {"unique_id": "lili", **said})
    assert ["client_id", "uid", "nickname", "avatar", "ext", "status", "ctime"] == [*registered.data]


async def test_a_number_becomes_its_digits(town: Town) -> None:
    """A client id sent as a JSON number is its decimal string."""
    assert "1597500303" == (await town.backend.post("/im/users", {"unique_id": 1597500303})).data["client_id"]


async def test_null_says_nothing(town: Town) -> None:
    """A field sent as null is a field not sent."""
    said = {"unique_id": "lili", "nickname": None, "ext": None}
    made = (await town.backend.post("/im/users", said)).data
    assert ("", None) == (made["nickname"], made["ext"])


@pytest.mark.parametrize("unique_id", ["", "a b", "lili!", "李", "a.b", "a" * 65, "lili\n", -1, "é"])
async def test_an_unfit_unique_id(town: Town, unique_id: str | int) -> None:
    """ASCII letters and digits only, at most 64: else 212."""
    reply = await town.backend.post("/im/users", {"unique_id": unique_id})
    assert (200, 212) == reply.refusal
    assert "unique_id" in reply.body["message"]


async def test_registering_nobody(town: Town) -> None:
    """Without `unique_id`: 4001, and the field is named."""
    reply = await town.backend.post("/im/users", {"nickname": "Lili"})
    assert (200, 4001) == reply.refusal
    assert "unique_id" in reply.body["message"]


@pytest.mark.parametrize(
    ("field", "value"), [("nickname", 7), ("avatar", []), ("ext", "text"), ("ext", [1]), ("unique_id", True)]
)
async def test_a_field_of_the_wrong_type(town: Town, field: str, value: object) -> None:
    """4406, the field is named, and nobody is registered."""
    reply = await town.backend.post("/im/users", {"unique_id": "lili", field: value})
    assert (200, 4406) == reply.refusal
    assert field in reply.body["message"]
    assert (200, 211) == (await town.backend.get("/im/users/lili")).refusal


async def test_users_are_listed(town: Town) -> None:
    """Newest first, in pages; `per_page` is a string, as in the conversation query."""
    page = (await town.backend.get("/im/users?page=1&size=2")).data
    assert ["cy", "ben"] == [user["client_id"] for user in page.pop("data")]
    assert {"current_page": 1, "last_page": 2, "per_page": "2", "total": 3} == page


async def test_users_are_listed_by_a_body(town: Town) -> None:
    """The page may be asked for in a JSON body as well."""
    page = (await town.backend.get("/im/users", {"page": 2, "size": 2})).data
    assert ["ada"] == [user["client_id"] for user in page["data"]]


async def test_a_page_past_the_end_is_empty(town: Town) -> None:
    """No error, however far past it."""
    for number in (999, 99999999999999999999):
        page = (await town.backend.get(f"/im/users?page={number}&size=2")).data
        assert ([], 2, 3) == (page["data"], page["last_page"], page["total"])


@pytest.mark.parametrize(
    ("asked", "given"), [(0, "1"), (-5, "1"), (1, "1"), (100, "100"), (101, "100"), (10**9, "100")]
)
async def test_sizes_are_clamped(town: Town, asked: int, given: str) -> None:
    """A page has 1 to 100 rows, whatever is asked."""
    assert given == (await town.backend.get(f"/im/users?size={asked}")).data["per_page"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", ""])
async def test_pages_are_numbered_from_1(town: Town, page: str) -> None:
    """A page number below 1, or none at all, is a format error that names the field."""
    reply = await town.backend.get("/im/users", params={"page": page})
    assert (200, 4406) == reply.refusal
    assert "page" in reply.body["message"]


async def test_a_user_is_shown(town: Town) -> None:
    """To the backend and to the app's clients."""
    assert "ben" == (await town.backend.get("/im/users/ben")).data["client_id"]
    assert "ben" == (await town.ada.rest.get("/im/users/ben")).data["client_id"]


async def test_nobody_by_that_name(town: Town) -> None:
    """211, with the id in the message; another app's people are nobody."""
    for nobody in ("zoe", "dora"):
        reply = await town.backend.get(f"/im/users/{nobody}")
        assert (200, 211) == reply.refusal
        assert nobody in reply.body["message"]


@pytest.mark.parametrize("client_id", ["%00", "a%20b", "%ED%A0%80", "x" * 65, "%FF"])
async def test_what_is_no_client_id(town: Town, client_id: str) -> None:
    """An id that nobody can have: 4406, or 211 where it might have been one."""
    reply = await town.backend.call("GET", f"/im/users/{client_id}")
    assert reply.refusal in {(200, 4406), (200, 211)}


async def test_a_user_is_changed(town: Town) -> None:
    """What is left out stays."""
    await town.backend.put("/im/users/ben", {"nickname": "Ben", "ext": {"a": 1}})
    changed = (await town.backend.put("/im/users/ben", {"avatar": "b.png"})).data
    assert ("Ben", "b.png", {"a": 1}) == (changed["nickname"], changed["avatar"], changed["ext"])


async def test_a_client_changes_itself(town: Town) -> None:
    """And nobody else: 403."""
    assert "Ben" == (await town.ben.rest.put("/im/users/ben", {"nickname": "Ben"})).data["nickname"]
    assert (403, 1) == (await town.ben.rest.put("/im/users/ada", {"nickname": "Ben"})).refusal
    assert "" == (await town.backend.get("/im/users/ada")).data["nickname"]


async def test_nobody_is_changed(town: Town) -> None:
    """Changing does not register: 211."""
    assert (200, 211) == (await town.backend.put("/im/users/zoe", {"nickname": "Zoe"})).refusal


async def test_a_client_registers_lists_and_bans_nobody(town: Town) -> None:
    """That is for the backend: 4014."""
    assert (200, 4014) == (await town.ada.rest.post("/im/users", {"unique_id": "lili"})).refusal
    assert (200, 4014) == (await town.ada.rest.get("/im/users")).refusal
    assert (200, 4014) == (await town.ada.rest.post("/im/users/ben/ban")).refusal
    assert (200, 4014) == (await town.ada.rest.post("/im/users/ben/unban")).refusal
    assert 0 == (await town.backend.get("/im/users/ben")).data["status"]


async def test_a_user_is_banned(town: Town) -> None:
    """Its token is refused with 213, its sockets are closed, and it can be brought into nothing."""
    socket = await town.log_in(town.ben)
    assert 1 == (await town.backend.post("/im/users/ben/ban")).data["status"]
    await socket.closed()
    assert (200, 213) == (await town.ben.rest.get("/im/users/ben")).refusal
    opening = {"client_id": "ada", "to_client_ids": ["ben"], "conv_type": 3}
    reply = await town.backend.post("/im/conversations", opening)
    assert (200, 213) == reply.refusal
    assert "ben" in reply.body["message"]


async def test_a_banned_user_is_let_back_in(town: Town) -> None:
    """As if nothing had been."""
    await town.backend.post("/im/users/ben/ban")
    assert 0 == (await town.backend.post("/im/users/ben/unban")).data["status"]
    assert 0 == (await town.ben.rest.get("/im/users/ben")).code


async def test_nobody_is_banned(town: Town) -> None:
    """Who is unknown cannot be banned: 211."""
    assert (200, 211) == (await town.backend.post("/im/users/zoe/ban")).refusal
    assert (200, 211) == (await town.backend.post("/im/users/dora/unban")).refusal
