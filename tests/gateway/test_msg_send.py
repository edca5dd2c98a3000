"""`msg.send`: who gets what, once, and who is refused (wire: platform#msg-send)."""

import re
from typing import Any

import pytest

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind

HEX = re.compile(r"[0-9a-f]{32}")


async def sent(socket: Socket, **data: Any) -> dict[str, Any]:
    """Send a text (or what `data` says), and have the data of `msg.sent`."""
    answer = await socket.request("msg.send", {"type": -1, "text": "hello", **data})
    assert ("msg.sent", "success") == (answer["type"], answer["msg"])
    receipt: dict[str, Any] = answer["data"]
    return receipt


async def stored(town: Town, conv_id: str | None = None) -> list[dict[str, Any]]:
    """A conversation's messages over REST, newest first."""
    reply = await town.backend.get(f"/im/conversations/{conv_id or town.group}/message", params={"size": 100})
    rows: list[dict[str, Any]] = reply.data["data"]
    return rows


async def test_a_message_is_acknowledged_and_arrives(town: Town) -> None:
    """The sender gets `msg.sent`, the others `msg.new` with the documented fields and `seq`; both name the same."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    receipt = await sent(ada, conv_id=town.group, text="HELLO !")
    assert {"ref", "conv_id", "msg_id", "seq", "time"} == receipt.keys()
    assert HEX.fullmatch(receipt["msg_id"])
    new = await ben.next("msg.new")
    assert {"type", "data"} == new.keys()
    assert {
        "from_client": "ada",
        "conv_id": town.group,
        "msg_id": receipt["msg_id"],
        "ctime": receipt["time"],
        "type": -1,
        "text": "HELLO !",
        "attr": "null",
        "url": "null",
        "transient": "0",
        "mention_all": 0,
        "mention_client_ids": "null",
        "seq": 1,
    } == new["data"]


async def test_all_fields_arrive(town: Town) -> None:
    """Every field of the REST call can be sent, and comes encoded as the document shows it."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    receipt = await sent(
        ada,
        conv_id=town.group,
        type=-2,
        text="a picture",
        attr={"w": 1.5, "deep": [{"ä": None}]},
        url="http://127.0.0.1/storage/a.png",
        mention_all=1,
        mention_client_ids=["ben", "cy", "ben"],
    )
    row = (await ben.next("msg.new"))["data"]
    assert (-2, "a picture") == (row["type"], row["text"])
    assert ("0", 1, 1) == (row["transient"], row["mention_all"], row["seq"])
    assert '{"w":1.5,"deep":[{"ä":null}]}' == row["attr"]
    assert '"http://127.0.0.1/storage/a.png"' == row["url"]
    assert '["ben","cy"]' == row["mention_client_ids"]
    [listed] = (await ada.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert row == listed
    assert receipt["msg_id"] == listed["msg_id"]


async def test_mentions_may_be_the_text_of_a_list(town: Town) -> None:
    """The document passes lists around as JSON text: that is understood as well."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await sent(ada, conv_id=town.group, mention_client_ids='["ben", 7]')
    assert '["ben","7"]' == (await ben.next("msg.new"))["data"]["mention_client_ids"]


@pytest.mark.parametrize("type_", [-2, -3, -4, -5, -6])
async def test_only_a_text_needs_a_text(town: Town, type_: int) -> None:
    """The other five types may be empty."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    answer = await ada.request("msg.send", {"conv_id": town.group, "type": type_})
    assert "msg.sent" == answer["type"]
    row = (await ben.next("msg.new"))["data"]
    assert (type_, None) == (row["type"], row["text"])


async def test_sequence_numbers_have_no_gaps(town: Town) -> None:
    """Messages of both sides are numbered 1, 2, 3, … in one line, the same for both."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    numbers = [(await sent(ada if turn % 2 else ben, conv_id=town.group))["seq"] for turn in range(6)]
    assert [1, 2, 3, 4, 5, 6] == numbers


async def test_to_a_client_the_direct_conversation_is_made(town: Town) -> None:
    """`to_client_id` opens the conversation of the two, once, whoever writes first."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    first = await sent(ada, to_client_id="ben")
    assert ["ada", "ben"] == sorted((await ben.next("conv.joined"))["data"]["client_ids"])
    assert first["msg_id"] == (await ben.next("msg.new"))["data"]["msg_id"]
    second = await sent(ben, to_client_id="ada")
    assert (first["conv_id"], 2) == (second["conv_id"], second["seq"])
    assert first["conv_id"] == await town.open(Kind.DIRECT, "ben", "ada")


async def test_both_places_must_mean_the_same(town: Town) -> None:
    """The direct conversation may be named together with its other client; any other place is refused."""
    ada = await town.log_in(town.ada)
    direct = (await sent(ada, to_client_id="ben"))["conv_id"]
    assert 2 == (await sent(ada, to_client_id="ben", conv_id=direct))["seq"]
    for conv_id, to in ((town.group, "ben"), (direct, "cy"), (direct, "ada")):
        said = {"conv_id": conv_id, "to_client_id": to, "type": -1, "text": "where?"}
        answer = await ada.request("msg.send", said)
        assert refused(4406) == refusal(answer)
        assert "to_client_id" in answer["msg"]


async def test_neither_place_is_refused(town: Town) -> None:
    """A message to nobody lacks `conv_id`."""
    ada = await town.log_in(town.ada)
    answer = await ada.request("msg.send", {"type": -1, "text": "anybody?"})
    assert refused(4001) == refusal(answer)
    assert "conv_id" in answer["msg"]


async def test_to_oneself_there_is_no_conversation(town: Town) -> None:
    """A direct conversation is with exactly one other client."""
    ada = await town.log_in(town.ada)
    assert refused(4405) == refusal(await ada.request("msg.send", {"to_client_id": "ada", "type": -1, "text": "me"}))


async def test_to_strangers_nobody_knows_nothing_is_sent(town: Town) -> None:
    """A client that does not exist is 211, named; a banned one 213; of another app it does not exist either."""
    ada = await town.log_in(town.ada)
    await town.backend.post("/im/users/cy/ban")
    for client, code in (("nobody", 211), ("dora", 211), ("cy", 213)):
        answer = await ada.request("msg.send", {"to_client_id": client, "type": -1, "text": "?"})
        assert refused(code) == refusal(answer)


async def test_the_senders_other_devices_get_it_only_when_asked(town: Town) -> None:
    """`no_sync` 1 means that the sender's other devices get it too; the device that sent it never does."""
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    await sent(phone, conv_id=town.group, text="not for the laptop")
    await sent(phone, conv_id=town.group, text="for the laptop", no_sync=1)
    assert "for the laptop" == (await laptop.next("msg.new"))["data"]["text"]
    assert await quiet(phone, laptop, types=("msg.new",))


@pytest.mark.parametrize("yes", [1, "1", True])
async def test_flags_have_several_spellings(town: Town, yes: object) -> None:
    """1, "1" and true all mean yes."""
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    await sent(phone, conv_id=town.group, no_sync=yes, mention_all=yes)
    assert 1 == (await laptop.next("msg.new"))["data"]["mention_all"]


async def test_a_transient_message_passes_by(town: Town) -> None:
    """It reaches who is online, has no `seq`, is in no list and counts for nobody."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    receipt = await sent(ada, conv_id=town.group, transient=1)
    row = (await ben.next("msg.new"))["data"]
    assert (None, None, "1") == (receipt["seq"], row["seq"], row["transient"])
    assert receipt["msg_id"] == row["msg_id"]
    assert [] == await stored(town)
    [conversation] = (await ben.request("sync"))["data"]["conversations"]
    assert (0, 0) == (conversation["last_seq"], conversation["unread"])
    assert 1 == (await sent(ada, conv_id=town.group))["seq"]


async def test_sending_moves_the_senders_mark(town: Town) -> None:
    """Who writes has read: nothing is unread for the sender, everything for the other."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await sent(ben, conv_id=town.group)
    await sent(ada, conv_id=town.group)
    unread = [(await socket.request("sync"))["data"]["conversations"][0]["unread"] for socket in (ada, ben)]
    assert [0, 1] == unread


async def test_who_may_not_send_is_refused(town: Town) -> None:
    """A stranger is no member; another app's and an imagined conversation are unknown alike."""
    cy, dora = await town.log_in(town.cy), await town.log_in(town.dora)
    hello = {"type": -1, "text": "hello"}
    assert refused(4013) == refusal(await cy.request("msg.send", {**hello, "conv_id": town.group}))
    assert refused(4011) == refusal(await dora.request("msg.send", {**hello, "conv_id": town.group}))
    assert refused(4011) == refusal(await cy.request("msg.send", {**hello, "conv_id": "0" * 32}))
    assert [] == await stored(town)


async def test_who_was_removed_can_send_no_more(town: Town) -> None:
    """From the removal on, the door is shut, and nothing comes through it."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await sent(ben, conv_id=town.group)
    await town.backend.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["ben"]})
    await ben.next("conv.left")
    answer = await ben.request("msg.send", {"conv_id": town.group, "type": -1, "text": "still here?"})
    assert refused(4013) == refusal(answer)
    await sent(ada, conv_id=town.group)
    assert await quiet(ben)


async def test_contents_that_nobody_takes_are_refused(town: Town) -> None:
    """Wrong types, empty texts, too many mentions and too much content change nothing."""
    ada = await town.log_in(town.ada)
    for wrong, code in (
        ({"type": 0}, 4406),
        ({"type": -7}, 4406),
        ({"type": "-1"}, 4406),
        ({"type": -1.5}, 4406),
        ({"text": ""}, 4001),
        ({"text": None}, 4001),
        ({"text": 7}, 4406),
        ({"text": "x" * (64 * 1024 + 1)}, 4406),
        ({"text": "ä" * (32 * 1024 + 1)}, 4406),
        ({"text": "x" * 60_000, "url": "y" * 6_000}, 4406),
        ({"text": "NUL \x00"}, 4406),
        ({"url": "\x00"}, 4406),
        ({"url": {}}, 4406),
        ({"attr": {"a": "x" * 70_000}}, 4406),
        ({"transient": 2}, 4406),
        ({"mention_client_ids": [f"c{number}" for number in range(21)]}, 4406),
        ({"mention_client_ids": ["a b"]}, 4406),
        ({"mention_client_ids": "ben"}, 4406),
        ({"mention_client_ids": {"ben": 1}}, 4406),
        ({"conv_id": 7}, 4406),
        ({"to_client_id": ["ben"]}, 4406),
    ):
        answer = await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "hello", **wrong})
        assert refused(code) == refusal(answer), wrong
        await ada.request("ping")
    assert [] == await stored(town)


async def test_the_largest_contents_pass(town: Town) -> None:
    """64 KiB of text and twenty mentions are within the limits; a NUL inside `attr` is JSON's, escaped."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    mentions = [f"c{number}" for number in range(20)]
    await sent(ada, conv_id=town.group, text="x" * 64 * 1024, mention_client_ids=mentions)
    await sent(ada, conv_id=town.group, text="文" * 10_000, attr={"nul": "\x00"})
    assert 64 * 1024 == len((await ben.next("msg.new"))["data"]["text"])
    row = (await ben.next("msg.new"))["data"]
    assert ("文" * 10_000, '{"nul":"\\u0000"}') == (row["text"], row["attr"])


async def test_whoever_is_silenced_by_a_ban_does_not_speak(town: Town) -> None:
    """A message that Ada's token sends over REST after her ban is refused as on the socket."""
    await town.backend.post("/im/users/ada/ban")
    refused_ = await town.ada.rest.post(
        f"/im/conversations/{town.group}/message", {"from_client": "ada", "type": -1, "text": "x"}
    )
    assert 213 == refused_.code
    assert [] == await stored(town)


async def test_a_message_over_rest_arrives_on_sockets(town: Town) -> None:
    """REST and socket are two doors to one room: what is sent over REST reaches the others' sockets."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    msg_id = await town.say("over REST")
    assert msg_id == (await ben.next("msg.new"))["data"]["msg_id"]
    assert await quiet(ada)
    assert 2 == (await sent(ben, conv_id=town.group))["seq"]


async def test_a_conversation_made_while_connected_is_known_at_once(town: Town) -> None:
    """Who is brought in hears of it, and may speak."""
    cy = await town.log_in(town.cy)
    conv_id = await town.open(Kind.TEMPORARY, "ada", "cy")
    assert conv_id == (await cy.next("conv.joined"))["data"]["conv_id"]
    assert 1 == (await sent(cy, conv_id=conv_id))["seq"]
    members = await town.application.actions.list_members(Caller(town.hall), conv_id)  # type: ignore[arg-type]
    assert ["ada", "cy"] == sorted(members)
