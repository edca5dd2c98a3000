"""Who is in a conversation: POST, GET and DELETE /im/conversations/{conv_id}/members."""

import pytest

from cast import Rest, Town
from parlance.core.model.conversation import Kind


def address(conv_id: str) -> str:
    """Where a conversation's members are."""
    return f"/im/conversations/{conv_id}/members"


async def members(town: Town, conv_id: str | None = None) -> set[str]:
    """Who is in the group (or elsewhere) now."""
    return set((await town.backend.get(address(conv_id or town.group))).data)


async def test_members_are_added(town: Town) -> None:
    """Those who are new come in, those who are in stay; everybody is told."""
    socket = await town.log_in(town.ben)
    assert (await town.backend.post(address(town.group), {"client_ids": ["cy", "ben"]})).data is True
    assert {"ada", "ben", "cy"} == await members(town)
    assert ["cy"] == (await socket.next("conv.members_joined"))["data"]["client_ids"]


async def test_adding_who_is_in(town: Town) -> None:
    """No error, and nothing happens."""
    assert (await town.backend.post(address(town.group), {"client_ids": ["ben"]})).data is True
    assert {"ada", "ben"} == await members(town)


async def test_members_add_members(town: Town) -> None:
    """A member may bring others into a group and into a temporary conversation."""
    assert (await town.ben.rest.post(address(town.group), {"client_ids": ["cy"]})).data is True
    temporary = await town.open(Kind.TEMPORARY, "ada", "ben")
    assert (await town.ben.rest.post(address(temporary), {"client_ids": ["cy"]})).data is True


async def test_a_stranger_adds_nobody(town: Town) -> None:
    """4013 to who is not in, and it does not come in by itself either."""
    assert (200, 4013) == (await town.cy.rest.post(address(town.group), {"client_ids": ["cy"]})).refusal
    assert {"ada", "ben"} == await members(town)


async def test_two_stay_two(town: Town) -> None:
    """The members of a direct conversation are fixed: 4405, whoever asks."""
    direct = await town.open(Kind.DIRECT, "ada", "ben")
    for rest in (town.backend, town.ada.rest):
        assert (200, 4405) == (await rest.post(address(direct), {"client_ids": ["cy"]})).refusal
        assert (200, 4405) == (await rest.delete(address(direct), {"client_ids": ["ben"]})).refusal


async def test_somebody_unknown_is_not_added(town: Town) -> None:
    """211 with the id in the message, and of the others nobody is added either."""
    reply = await town.backend.post(address(town.group), {"client_ids": ["cy", "zoe"]})
    assert (200, 211) == reply.refusal
    assert "zoe" in reply.body["message"]
    assert {"ada", "ben"} == await members(town)


async def test_somebody_banned_is_not_added(town: Town) -> None:
    """213."""
    await town.backend.post("/im/users/cy/ban")
    assert (200, 213) == (await town.backend.post(address(town.group), {"client_ids": ["cy"]})).refusal


async def test_a_temporary_conversation_is_full(town: Town) -> None:
    """It takes 50; who is over them is not added: 4014."""
    temporary = await town.open(Kind.TEMPORARY, "ada")
    crowd = [f"guest{number}" for number in range(50)]
    for guest in crowd:
        await town.backend.post("/im/users", {"unique_id": guest})
    assert (200, 4014) == (await town.backend.post(address(temporary), {"client_ids": crowd})).refusal
    assert {"ada"} == await members(town, temporary)
    assert (await town.backend.post(address(temporary), {"client_ids": crowd[:49]})).data is True


async def test_into_a_room_come_those_who_are_online(town: Town) -> None:
    """Who is away is passed over."""
    room = await town.open(Kind.ROOM, "ada")
    socket = await town.log_in(town.ben)
    assert (await town.backend.post(address(room), {"client_ids": ["ben", "cy"]})).data is True
    assert {"ben"} == await members(town, room)
    await socket.next("conv.joined")


async def test_members_are_listed(town: Town) -> None:
    """To the backend and to members; 4013 to a stranger."""
    assert {"ada", "ben"} == set((await town.ben.rest.get(address(town.group))).data)
    assert (200, 4013) == (await town.cy.rest.get(address(town.group))).refusal


async def test_members_are_removed(town: Town) -> None:
    """By the backend and by the owner; who is not in is passed over."""
    socket = await town.log_in(town.ben)
    assert (await town.ada.rest.delete(address(town.group), {"client_ids": ["ben", "cy"]})).data is True
    assert {"ada"} == await members(town)
    await socket.next("conv.left")


async def test_who_is_removed_is_out(town: Town) -> None:
    """It can read and send no more."""
    await town.backend.delete(address(town.group), {"client_ids": ["ben"]})
    said = {"from_client": "ben", "type": -1, "text": "still here?"}
    message = f"/im/conversations/{town.group}/message"
    assert (200, 4013) == (await town.ben.rest.post(message, said)).refusal
    assert (200, 4013) == (await town.backend.post(message, said)).refusal
    assert (200, 4013) == (await town.ben.rest.get(message)).refusal


async def test_a_member_removes_itself_only(town: Town) -> None:
    """4014 for others."""
    assert (200, 4014) == (await town.ben.rest.delete(address(town.group), {"client_ids": ["ada"]})).refusal
    assert (await town.ben.rest.delete(address(town.group), {"client_ids": ["ben"]})).data is True
    assert {"ada"} == await members(town)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 4001),
        (None, 4001),
        ({"client_ids": None}, 4001),
        ({"client_ids": "ben"}, 4406),
        ({"client_ids": {"0": "ben"}}, 4406),
        ({"client_ids": [["ben"]]}, 4406),
        ({"client_ids": [None]}, 4406),
        ({"client_ids": ["a b"]}, 4406),
        ({"client_ids": [1.5]}, 4406),
    ],
)
async def test_bad_lists(town: Town, method: str, body: object, code: int) -> None:
    """4001 for no list, 4406 for one that is none; the field is named, and nothing changes."""
    reply = await town.backend.call(method, address(town.group), body)
    assert (200, code) == reply.refusal
    assert "client_ids" in reply.body["message"]
    assert {"ada", "ben"} == await members(town)


@pytest.mark.parametrize("who", ["backend", "stranger"])
@pytest.mark.parametrize("conv_id", ["0" * 32, "x", "%00", "%ED%A0%80", "x" * 500])
async def test_an_unknown_conversation(town: Town, who: str, conv_id: str) -> None:
    """4011, whoever asks and whatever the id looks like."""
    rest: Rest = getattr(town, who)
    assert (200, 4011) == (await rest.get(address(conv_id))).refusal
    assert (200, 4011) == (await rest.post(address(conv_id), {"client_ids": ["ben"]})).refusal


async def test_another_apps_conversation_is_unknown(town: Town) -> None:
    """Not forbidden: 4011, to its backend and to its clients."""
    for rest in (town.stranger, town.dora.rest):
        assert (200, 4011) == (await rest.get(address(town.group))).refusal
        assert (200, 4011) == (await rest.post(address(town.group), {"client_ids": ["dora"]})).refusal
        assert (200, 4011) == (await rest.delete(address(town.group), {"client_ids": ["ada"]})).refusal
    assert {"ada", "ben"} == await members(town)
