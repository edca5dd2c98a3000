"""What happens here is told on the platform's socket, and what happens there is seen here."""

from apis.clinic.ward import DOCTOR, OTHER, PATIENT, Ward, answer


async def test_a_message_arrives(ward: Ward) -> None:
    """As any other message; the sender's devices and the backend's own answer agree about it."""
    doctor = await ward.log_in(DOCTOR)
    sent = await ward.send(PATIENT, "hello", to_id=DOCTOR)
    told = (await doctor.next("msg.new"))["data"]
    assert (sent["msg_id"], sent["conv_id"], PATIENT, -1, "hello", 1) == (
        told["msg_id"],
        told["conv_id"],
        told["from_client"],
        told["type"],
        told["text"],
        told["seq"],
    )


async def test_one_direct_conversation(ward: Ward) -> None:
    """Whoever starts it: the socket, the platform, or this dialect from either side."""
    patient = await ward.log_in(PATIENT)
    await ward.log_in(DOCTOR)
    sent = await patient.request("msg.send", {"to_client_id": DOCTOR, "type": -1, "text": "one"})
    opened = await ward.backend.post(
        "/im/conversations", {"client_id": DOCTOR, "to_client_ids": [PATIENT], "conv_type": 1}
    )
    here = [await ward.send(DOCTOR, "two", to_id=PATIENT), await ward.send(PATIENT, "three", to_id=DOCTOR)]
    assert {sent["data"]["conv_id"]} == {opened.data["conv_id"], *(message["conv_id"] for message in here)}
    listed = answer(await ward.bare.post("/im/from/to", {"from_id": DOCTOR, "to_id": PATIENT}))
    assert ["three", "two", "one"] == [row["msg"] for row in listed]


async def test_read_on_the_socket(ward: Ward) -> None:
    """Unread falls here when the message is read there."""
    for text in ("one", "two"):
        conv_id = (await ward.send(PATIENT, text, to_id=DOCTOR))["conv_id"]
    doctor, tablet = await ward.log_in(DOCTOR), await ward.log_in(DOCTOR, "tablet")
    assert {conv_id: 2} == await ward.unread(DOCTOR)
    await doctor.request("msg.list", {"conv_id": conv_id})
    await doctor.send("msg.read", {"conv_id": conv_id, "seq": 1})
    await tablet.next("msg.read")
    assert {conv_id: 1} == await ward.unread(DOCTOR)
    await doctor.send("msg.read", {"conv_id": conv_id, "seq": 2})
    await tablet.next("msg.read")
    assert {conv_id: 0} == await ward.unread(DOCTOR)


async def test_read_here(ward: Ward) -> None:
    """The others are told on their sockets, and the reader's own devices too; what was read already, nobody is told."""
    conv_id = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    patient, doctor = await ward.log_in(PATIENT), await ward.log_in(DOCTOR)
    await ward.messages(conv_id, from_id=DOCTOR)
    for socket in (patient, doctor):
        told = (await socket.next("msg.read"))["data"]
        assert (conv_id, DOCTOR, 1) == (told["conv_id"], told["client_id"], told["seq"])
    await ward.messages(conv_id, from_id=DOCTOR)
    assert await patient.nothing("msg.read")
    synced = (await doctor.request("sync", {"since": 0}))["data"]["conversations"]
    assert [(conv_id, 0)] == [(row["conv_id"], row["unread"]) for row in synced]


async def test_a_group_is_told(ward: Ward) -> None:
    """Who is in a new group hears that it is, and who comes later makes everybody hear of it."""
    for client in (PATIENT, OTHER):
        await ward.conversations(client)
    patient, other = await ward.log_in(PATIENT), await ward.log_in(OTHER)
    group = await ward.group(DOCTOR, PATIENT)
    assert group == (await patient.next("conv.joined"))["data"]["conv_id"]
    await ward.bare.post("/im/add/group/merber", {"conv_id": group, "member": [OTHER]})
    assert group == (await other.next("conv.joined"))["data"]["conv_id"]
    assert [OTHER] == (await patient.next("conv.members_joined"))["data"]["client_ids"]
    await other.request("msg.send", {"conv_id": group, "type": -1, "text": "hello"})
    assert "hello" == (await patient.next("msg.new"))["data"]["text"]
    assert ["hello"] == [row["msg"] for row in await ward.messages(group)]
