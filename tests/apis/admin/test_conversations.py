"""Conversations and what was said in them."""

from apis.admin.office import HALL, Operator, refusal
from cast import Town
from parlance.core.model.conversation import Kind


async def test_finding_conversations(town: Town, ann: Operator) -> None:
    """By a part of their id, by their number, by who is in."""
    alone = await town.open(Kind.DIRECT, "ada", "cy")
    found = await ann.ask("GET", f"{HALL}/conversations")
    assert [alone, town.group] == [each["conv_id"] for each in found["conversations"]]
    for query, expected in ((f"q={town.group[:20]}", 1), ("q=1", 1), ("member=cy", 1), ("member=ada", 2), ("q=zzz", 0)):
        assert expected == (await ann.ask("GET", f"{HALL}/conversations?{query}"))["total"], query


async def test_a_conversation_and_its_people(town: Town, ann: Operator) -> None:
    """With roles, and how far each has read."""
    await town.say("one")
    await town.log_in(town.ben)
    shown = await ann.ask("GET", f"{HALL}/conversations/{town.group}")
    assert (3, 2, 1) == (shown["kind"], shown["size"], shown["last_seq"])
    members = await ann.ask("GET", f"{HALL}/conversations/{town.group}/members")
    assert [("ada", 2, 1, False), ("ben", 0, 0, True)] == [
        (each["client_id"], each["role"], each["read_seq"], each["online"]) for each in members["members"]
    ]


async def test_reading_is_written_down(town: Town, ann: Operator) -> None:
    """What was said can be read, backwards and forwards."""
    for text in ("one", "two", "three"):
        await town.say(text)
    history = f"{HALL}/conversations/{town.group}/messages"
    newest = await ann.ask("GET", f"{history}?limit=2")
    assert (["two", "three"], True) == ([each["text"] for each in newest["messages"]], newest["more"])
    older = await ann.ask("GET", f"{history}?before=2")
    assert (["one"], False) == ([each["text"] for each in older["messages"]], older["more"])
    assert [("conversation.read", town.group, "done")] * 2 == await ann.log("action=conversation.read")


async def test_a_message_is_taken_back(town: Town, ann: Operator) -> None:
    """Whoever said it; its reader is told."""
    ben = await town.log_in(town.ben)
    said = await town.say("one")
    await ann.ask("POST", f"{HALL}/conversations/{town.group}/messages/{said}/recall")
    assert said == (await ben.next("msg.recalled"))["data"]["msg_id"]
    [message] = (await ann.ask("GET", f"{HALL}/conversations/{town.group}/messages"))["messages"]
    assert (True, None) == (message["recalled"], message["text"])


async def test_a_conversation_is_dissolved(town: Town, ann: Operator) -> None:
    """It is unknown from then on."""
    await ann.ask("DELETE", f"{HALL}/conversations/{town.group}")
    assert (404, "unknown_conversation") == refusal(await ann.rest.get(f"{HALL}/conversations/{town.group}"))
    assert [("conversation.dissolve", town.group, "done")] == await ann.log("action=conversation.")


async def test_nothing_of_that_name(ann: Operator) -> None:
    """Is there."""
    path = f"{HALL}/conversations/nothing"
    for method, more in (
        ("GET", ""),
        ("GET", "/members"),
        ("GET", "/messages"),
        ("DELETE", ""),
        ("POST", "/messages/x/recall"),
    ):
        assert (404, "unknown_conversation") == refusal(await ann.rest.call(method, path + more)), more


async def test_another_app_has_its_own(town: Town, ann: Operator) -> None:
    """The address names the app, and only what is its."""
    path = f"/admin/apps/annex/conversations/{town.group}"
    assert (404, "unknown_conversation") == refusal(await ann.rest.get(path))
