"""Why did it not arrive?"""

import asyncio
from typing import Any

from apis.admin.office import Operator, refusal
from cast import PATIENCE, Town

TRACE = "/admin/messages"


async def traced(ann: Operator, msg_id: str) -> dict[str, tuple[str, list[tuple[str, bool]]]]:
    """For each reader its fate, and its devices with whether it was written there."""
    found = await ann.ask("GET", f"{TRACE}/{msg_id}")
    return {
        each["client_id"]: (
            each["fate"],
            sorted((device["device_id"], device["written"]) for device in each["devices"]),
        )
        for each in found["readers"]
    }


async def fate_of(ann: Operator, msg_id: str, client: str, wanted: str) -> Any:
    """What is known of a reader, once it has come so far."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = (await traced(ann, msg_id))[client]
            if found[0] == wanted:
                return found
            await asyncio.sleep(0.01)


async def test_from_the_store_to_the_eyes(town: Town, ann: Operator) -> None:
    """Nobody there; written; read; and what happens in between."""
    early = await town.say("one")
    assert {"ada": ("sender", []), "ben": ("away", [])} == await traced(ann, early)
    town.clock.advance(1)
    ben = await town.log_in(town.ben, "phone")
    assert ("returned", [("phone", False)]) == (await traced(ann, early))["ben"]
    said = await town.say("two")
    await ben.next("msg.new")
    assert ("written", [("phone", True)]) == (await traced(ann, said))["ben"]
    await ben.ws.close()
    assert ("cut", [("phone", True)]) == await fate_of(ann, said, "ben", "cut")
    town.clock.advance(1)
    again = await town.log_in(town.ben, "phone")
    assert ("returned", [("phone", False), ("phone", True)]) == (await traced(ann, said))["ben"]
    await again.send("msg.read", {"conv_id": town.group, "seq": 2})
    await fate_of(ann, said, "ben", "read")


async def test_what_is_known_of_a_message(town: Town, ann: Operator) -> None:
    """Whose it is, where it stands, and when which server heard of it; looking is written down."""
    said = await town.say("one")
    found = await ann.ask("GET", f"{TRACE}/{said}")
    assert ("hall", town.group, 1, "one") == (
        found["app_id"],
        found["message"]["conv_id"],
        found["message"]["seq"],
        found["message"]["text"],
    )
    heard = [server["heard_at"] for server in found["servers"] if server["heard_at"] is not None]
    assert heard
    assert min(heard) >= found["message"]["created_at"]
    assert (0, False) == (found["silent"], found["more"])
    assert [("message.trace", said, "done")] == await ann.log("action=message.trace")


async def test_no_such_message(ann: Operator) -> None:
    """It was never stored, or is no id at all."""
    for name in ("0" * 32, "nothing", "01a1f978ac9a7b9c8c23457709db836f"):
        assert (404, "unknown_message") == refusal(await ann.rest.get(f"{TRACE}/{name}"))
