"""Opening a conversation: POST /im/conversations."""

from typing import Any

import pytest

from cast import Town

PATH = "/im/conversations"


def asked(kind: int, *others: str, **more: Any) -> dict[str, Any]:
    """What Ada sends to open a conversation."""
    return {"client_id": "ada", "to_client_ids": [*others], "conv_type": kind, **more}


async def found(town: Town, conv_id: str) -> dict[str, Any]:
    """A conversation as the query shows it."""
    page = (await town.backend.get(PATH, {"where": [["conv_id", "=", conv_id]]})).data
    (row,) = page["data"]
    row_: dict[str, Any] = row
    return row_


@pytest.mark.parametrize("kind", [1, 2, 3])
async def test_a_conversation_is_opened(town: Town, kind: int) -> None:
    """Its extension comes back as it was given, and it is found with both in it."""
    extend = {"conv_name": "just test", "deep": {"list": [1, 2.5, None, "文"]}}
    opened = (await town.backend.post(PATH, asked(kind, "cy", conv_extend=extend))).data
    assert ["conv_extend", "conv_id"] == [*opened]
    assert extend == opened["conv_extend"]
    row = await found(town, opened["conv_id"])
    assert {"conv_type": kind, "client_num": 2, "app_id": "hall", "conv_creater_id": "ada", "conv_extend": extend} == {
        name: row[name] for name in ("conv_type", "client_num", "app_id", "conv_creater_id", "conv_extend")
    }
    assert row["mtime"] is None


async def test_without_an_extension(town: Town) -> None:
    """Null comes back."""
    assert (await town.backend.post(PATH, asked(3, "cy"))).data["conv_extend"] is None
    assert (await town.backend.post(PATH, asked(3, "cy", conv_extend=None))).data["conv_extend"] is None


async def test_its_members_are_told(town: Town) -> None:
    """Who is online gets `conv.joined`."""
    socket = await town.log_in(town.cy)
    opened = (await town.backend.post(PATH, asked(3, "cy"))).data
    assert opened["conv_id"] == (await socket.next("conv.joined"))["data"]["conv_id"]


async def test_two_have_one(town: Town) -> None:
    """A direct conversation is one per pair, whoever opens it; the first one's extension stays."""
    first = (await town.backend.post(PATH, asked(1, "ben", conv_extend={"a": 1}))).data
    again = {"client_id": "ben", "to_client_ids": ["ada"], "conv_type": 1, "conv_extend": {"a": 2}}
    assert first == (await town.backend.post(PATH, again)).data
    assert first == (await town.ben.rest.post(PATH, again)).data


@pytest.mark.parametrize("others", [[], ["ben", "cy"], ["ada"], ["ada", "ben", "cy"]])
async def test_a_direct_one_is_with_exactly_one_other(town: Town, others: list[str]) -> None:
    """Else 4405."""
    assert (200, 4405) == (await town.backend.post(PATH, asked(1, *others))).refusal


async def test_the_creator_named_twice_counts_once(town: Town) -> None:
    """Naming oneself or somebody twice makes nobody two."""
    opened = (await town.backend.post(PATH, asked(3, "ada", "ben", "ben"))).data
    assert 2 == (await found(town, opened["conv_id"]))["client_num"]


@pytest.mark.parametrize("kind", [0, 5, -1, 99, 10**18])
async def test_a_kind_there_is_not(town: Town, kind: int) -> None:
    """4405."""
    reply = await town.backend.post(PATH, asked(kind, "ben"))
    assert (200, 4405) == reply.refusal
    assert "conv_type" in reply.body["message"]


@pytest.mark.parametrize("field", ["client_id", "to_client_ids", "conv_type"])
async def test_a_field_is_missing(town: Town, field: str) -> None:
    """4001 naming it, whether it was left out or sent as null."""
    whole = asked(3, "ben")
    for body in ({name: value for name, value in whole.items() if name != field}, {**whole, field: None}):
        reply = await town.backend.post(PATH, body)
        assert (200, 4001) == reply.refusal
        assert field in reply.body["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to_client_ids", "ben"),
        ("to_client_ids", {"ben": 1}),
        ("to_client_ids", [["ben"]]),
        ("to_client_ids", ["a b"]),
        ("to_client_ids", [True]),
        ("conv_extend", []),
        ("conv_extend", "text"),
        ("conv_extend", 7),
        ("conv_type", "3"),
        ("conv_type", 3.5),
        ("conv_type", True),
        ("client_id", ["ada"]),
        ("client_id", ""),
        ("client_id", "a" * 65),
        ("client_id", "tab\there"),
        ("ttl", "60"),
        ("keep_history", 1),
    ],
)
async def test_a_field_has_the_wrong_form(town: Town, field: str, value: object) -> None:
    """4406 naming it, and nothing is opened."""
    before = (await town.backend.get(PATH, {"where": []})).data["total"]
    reply = await town.backend.post(PATH, {**asked(3, "ben"), field: value})
    assert (200, 4406) == reply.refusal
    assert field in reply.body["message"]
    assert before == (await town.backend.get(PATH, {"where": []})).data["total"]


async def test_numbers_are_client_ids(town: Town) -> None:
    """A JSON number is its decimal string, for who opens and for who is brought in."""
    for number in (7, 8):
        await town.backend.post("/im/users", {"unique_id": number})
    opened = (await town.backend.post(PATH, {"client_id": 7, "to_client_ids": [8], "conv_type": 3})).data
    assert {"7", "8"} == set((await town.backend.get(f"{PATH}/{opened['conv_id']}/members")).data)


async def test_somebody_unknown(town: Town) -> None:
    """211 with the id in the message: the creator, one of the others, or somebody of another app."""
    for body, nobody in (
        (asked(3, "zoe"), "zoe"),
        ({**asked(3, "ben"), "client_id": "zed"}, "zed"),
        (asked(1, "dora"), "dora"),
    ):
        reply = await town.backend.post(PATH, body)
        assert (200, 211) == reply.refusal
        assert nobody in reply.body["message"]


async def test_somebody_banned(town: Town) -> None:
    """213, with the id in the message."""
    await town.backend.post("/im/users/ben/ban")
    reply = await town.backend.post(PATH, asked(3, "ben"))
    assert (200, 213) == reply.refusal
    assert "ben" in reply.body["message"]


async def test_a_client_opens_for_itself_only(town: Town) -> None:
    """403 for somebody else's client id."""
    assert 0 == (await town.ada.rest.post(PATH, asked(3, "ben"))).code
    reply = await town.ben.rest.post(PATH, asked(3, "ben"))
    assert (403, 1) == reply.refusal
    assert "client_id" in reply.body["message"]


@pytest.mark.parametrize("ttl", [1, 86_400, 30 * 86_400])
async def test_a_lifetime(town: Town, ttl: int) -> None:
    """1 second to 30 days."""
    assert 0 == (await town.backend.post(PATH, asked(2, "ben", ttl=ttl))).code


@pytest.mark.parametrize("ttl", [0, -1, 30 * 86_400 + 1, 10**30])
async def test_a_lifetime_that_cannot_be(town: Town, ttl: int) -> None:
    """4406 naming `ttl`."""
    reply = await town.backend.post(PATH, asked(2, "ben", ttl=ttl))
    assert (200, 4406) == reply.refusal
    assert "ttl" in reply.body["message"]


async def test_a_temporary_conversation_takes_50(town: Town) -> None:
    """More: 4014, and nothing is opened."""
    crowd = [f"guest{number}" for number in range(50)]
    for guest in crowd:
        await town.backend.post("/im/users", {"unique_id": guest})
    assert (200, 4014) == (await town.backend.post(PATH, asked(2, *crowd))).refusal
    assert 0 == (await town.backend.post(PATH, asked(2, *crowd[:49]))).code


async def test_a_room_has_who_is_online(town: Town) -> None:
    """Who is in a chat room comes and goes with the connection, the creator too."""
    await town.log_in(town.ben)
    opened = (await town.backend.post(PATH, asked(4, "ben", "cy"))).data
    assert ["ben"] == (await town.backend.get(f"{PATH}/{opened['conv_id']}/members")).data
    assert 1 == (await found(town, opened["conv_id"]))["client_num"]


async def test_a_room_that_keeps_nothing(town: Town) -> None:
    """With `keep_history` false what is said passes by."""
    await town.log_in(town.ben)
    opened = (await town.backend.post(PATH, asked(4, "ben", keep_history=False))).data
    message = f"{PATH}/{opened['conv_id']}/message"
    assert 0 == (await town.backend.post(message, {"from_client": "ben", "type": -1, "text": "hi"})).code
    assert 0 == (await town.backend.get(message)).data["total"]
