"""A client's conversations: POST /im/conv/list."""

from apis.clinic.ward import DOCTOR, OTHER, PATIENT, Ward, answer, refusal

NAMES = [
    "conv_id",
    "conv_type",
    "conv_users",
    "users_type",
    "last_msg",
    "last_msg_type",
    "last_user_name",
    "last_time",
    "unread_count",
]


async def test_the_newest_activity_first(ward: Ward) -> None:
    """Whoever it was who wrote, and through whichever dialect."""
    with_doctor = (await ward.send(PATIENT, "one", to_id=DOCTOR))["conv_id"]
    ward.town.clock.advance(10)
    group = await ward.group(DOCTOR, PATIENT)
    assert [group, with_doctor] == [row["conv_id"] for row in await ward.conversations(PATIENT)]
    ward.town.clock.advance(10)
    said = {"from_client": DOCTOR, "type": -1, "text": "two"}
    await ward.backend.post(f"/im/conversations/{with_doctor}/message", said)
    assert [with_doctor, group] == [row["conv_id"] for row in await ward.conversations(PATIENT)]


async def test_a_row(ward: Ward) -> None:
    """Exactly the documented names, in their order; `users_type` only for two people."""
    await ward.send(PATIENT, "hello", to_id=DOCTOR)
    await ward.group(PATIENT)
    rows = {row["conv_type"]: row for row in await ward.conversations(PATIENT)}
    assert NAMES == [*rows[0]]
    assert [name for name in NAMES if name != "users_type"] == [*rows[1]]
    assert {PATIENT: "P", DOCTOR: "D"} == dict(zip(rows[0]["conv_users"], rows[0]["users_type"], strict=True))


async def test_types_that_ids_do_not_say(ward: Ward) -> None:
    """Are empty, each in the place of its client."""
    await ward.send("lili", "hello", to_id=DOCTOR)
    (row,) = await ward.conversations("lili")
    assert {"lili": "", DOCTOR: "D"} == dict(zip(row["conv_users"], row["users_type"], strict=True))


async def test_a_conversation_without_messages(ward: Ward) -> None:
    """Nothing was said, by nobody, and its time is its beginning."""
    asked = {"client_id": PATIENT, "to_client_ids": [DOCTOR], "conv_type": 1}
    await ward.send(PATIENT, "makes them known", to_id=DOCTOR)
    await ward.send(PATIENT, "makes them known", to_id=OTHER)
    before = ward.town.clock.now()
    opened = await ward.backend.post("/im/conversations", {**asked, "client_id": OTHER})
    (row,) = [row for row in await ward.conversations(OTHER) if row["conv_id"] == opened.data["conv_id"]]
    assert ("", 0, "", 0) == (row["last_msg"], row["last_msg_type"], row["last_user_name"], row["unread_count"])
    assert before <= row["last_time"] <= ward.town.clock.now()


async def test_the_last_message(ward: Ward) -> None:
    """What it was, when, and who sent it by the name that user has now."""
    sent = await ward.send(DOCTOR, "http://xxx.png", msg_type=1, to_id=PATIENT)
    assert "" == (await ward.conversations(PATIENT))[0]["last_user_name"]
    await ward.profile(DOCTOR, nickname="白亚玲")
    (row,) = await ward.conversations(PATIENT)
    assert ("http://xxx.png", 1, "白亚玲", sent["from_time"]) == (
        row["last_msg"],
        row["last_msg_type"],
        row["last_user_name"],
        row["last_time"],
    )


async def test_a_newcomer_becomes_known(ward: Ward) -> None:
    """Its list is empty, and it has a user from now on."""
    assert [] == await ward.conversations(PATIENT)
    assert {PATIENT} == await ward.known()


async def test_a_number_will_do(ward: Ward) -> None:
    """As a client id; it is answered as a string."""
    await ward.send("7", "hello", to_id=8)
    (row,) = answer(await ward.bare.post("/im/conv/list", {"from_id": 8}))
    assert {"7", "8"} == set(row["conv_users"])


async def test_temporary_conversations_count_as_groups(ward: Ward) -> None:
    """Until they are over; chat rooms are never in the list."""
    await ward.send(PATIENT, "makes them known", to_id=DOCTOR)
    for kind in (2, 4):
        asked = {"client_id": PATIENT, "to_client_ids": [DOCTOR], "conv_type": kind, "ttl": 60}
        assert 0 == (await ward.backend.post("/im/conversations", asked)).code
    assert [0, 1] == sorted(row["conv_type"] for row in await ward.conversations(PATIENT))
    ward.town.clock.advance(60_000)
    assert [0] == [row["conv_type"] for row in await ward.conversations(PATIENT)]


async def test_whose_conversations(ward: Ward) -> None:
    """Somebody must be named, and named rightly."""
    for body, code in (({}, 40001), ({"from_id": None}, 40001), ({"from_id": ""}, 40002), ({"from_id": "a b"}, 40002)):
        reply = await ward.bare.post("/im/conv/list", body)
        assert (400, code) == refusal(reply)
        assert "from_id" in reply.body["message"]
    assert set() == await ward.known()
