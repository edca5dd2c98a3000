"""Reading messages: POST /im/conv/{conv_id} and POST /im/from/to."""

from typing import Any

import pytest

from apis.clinic.ward import DOCTOR, OTHER, PATIENT, Ward, answer, refusal


async def _twelve(ward: Ward) -> str:
    for number in range(12):
        conv_id: str = (await ward.send(DOCTOR, f"m{number}", to_id=PATIENT))["conv_id"]
    return conv_id


async def _pages(ward: Ward, conv_id: str, **more: Any) -> list[list[str]]:
    """The same page asked for in both ways."""
    by_id = await ward.bare.post(f"/im/conv/{conv_id}", more)
    by_pair = await ward.bare.post("/im/from/to", {"from_id": PATIENT, "to_id": DOCTOR, **more})
    return [[row["msg"] for row in answer(reply)] for reply in (by_id, by_pair)]


async def test_the_newest_page_first(ward: Ward) -> None:
    """10 to a page unless asked otherwise, the newest first in each; past the end there is nothing."""
    conv_id = await _twelve(ward)
    newest = [f"m{number}" for number in range(11, 1, -1)]
    assert [newest, newest] == await _pages(ward, conv_id)
    assert [["m1", "m0"]] * 2 == await _pages(ward, conv_id, page_no=2)
    assert [["m8", "m7", "m6"]] * 2 == await _pages(ward, conv_id, page_no=2, page_size=3)
    assert [[], []] == await _pages(ward, conv_id, page_no=3)
    assert [[], []] == await _pages(ward, conv_id, page_no=10**9)


@pytest.mark.parametrize(("size", "given"), [(0, 1), (-3, 1), (101, 12), (10**18, 12)])
async def test_sizes_are_clamped(ward: Ward, size: int, given: int) -> None:
    """1 to 100."""
    conv_id = await _twelve(ward)
    assert [given, given] == [len(page) for page in await _pages(ward, conv_id, page_size=size)]


@pytest.mark.parametrize(
    "body", [{"page_no": 0}, {"page_no": -1}, {"page_no": "1"}, {"page_no": 1.5}, {"page_size": "x"}, {"page_no": [1]}]
)
async def test_a_page_that_cannot_be(ward: Ward, body: dict[str, Any]) -> None:
    """400 naming the field; nobody has read anything by it."""
    conv_id = (await ward.send(DOCTOR, "hello", to_id=PATIENT))["conv_id"]
    for reply in (
        await ward.bare.post(f"/im/conv/{conv_id}", {**body, "from_id": PATIENT}),
        await ward.bare.post("/im/from/to", {**body, "from_id": PATIENT, "to_id": DOCTOR}),
    ):
        assert (400, 40002) == refusal(reply)
        assert next(iter(body)) in reply.body["message"]
    assert {conv_id: 1} == await ward.unread(PATIENT)


async def test_who_reads_the_first_page_has_read(ward: Ward) -> None:
    """`from_id` of a pair, and of a conversation if it is given; the other side's mark stays where it is."""
    conv_id = (await ward.send(DOCTOR, "one", to_id=PATIENT))["conv_id"]
    await ward.send(PATIENT, "two", to_id=DOCTOR)
    await ward.send(DOCTOR, "three", to_id=PATIENT)
    assert ({conv_id: 1}, {conv_id: 0}) == (await ward.unread(PATIENT), await ward.unread(DOCTOR))
    await ward.bare.post("/im/from/to", {"from_id": PATIENT, "to_id": DOCTOR})
    assert {conv_id: 0} == await ward.unread(PATIENT)
    await ward.send(DOCTOR, "four", to_id=PATIENT)
    await ward.send(DOCTOR, "five", to_id=PATIENT)
    assert {conv_id: 2} == await ward.unread(PATIENT)
    await ward.messages(conv_id, from_id=PATIENT)
    assert {conv_id: 0} == await ward.unread(PATIENT)


async def test_who_has_not_read(ward: Ward) -> None:
    """Whoever leafs to an older page, the backend for itself, and the one who was written by."""
    conv_id = await _twelve(ward)
    await ward.messages(conv_id, from_id=PATIENT, page_no=2)
    await ward.bare.post("/im/from/to", {"from_id": PATIENT, "to_id": DOCTOR, "page_no": 2})
    await ward.bare.post("/im/from/to", {"from_id": DOCTOR, "to_id": PATIENT})
    await ward.messages(conv_id)
    await ward.messages(conv_id, from_id="")
    assert {conv_id: 12} == await ward.unread(PATIENT)


async def test_readers_of_a_group(ward: Ward) -> None:
    """Each has a mark of its own."""
    group = await ward.group(DOCTOR, PATIENT, OTHER)
    await ward.send(DOCTOR, "hello", conv_id=group)
    await (await ward.token(PATIENT)).post(f"/im/conv/{group}", {})
    assert [{group: 0}, {group: 1}] == [await ward.unread(PATIENT), await ward.unread(OTHER)]


async def test_two_who_have_not_met(ward: Ward) -> None:
    """An empty list, and no conversation; only who asks is known from now on."""
    assert [] == answer(await ward.bare.post("/im/from/to", {"from_id": PATIENT, "to_id": DOCTOR}))
    assert [] == await ward.conversations(PATIENT)
    assert {PATIENT} == await ward.known()


async def test_the_pair_is_the_same_from_both_sides(ward: Ward) -> None:
    """And what they say in a group is not part of it."""
    await ward.send(DOCTOR, "hello", to_id=PATIENT)
    group = await ward.group(DOCTOR, PATIENT)
    await ward.send(DOCTOR, "elsewhere", conv_id=group)
    pages = [
        answer(await ward.bare.post("/im/from/to", {"from_id": one, "to_id": other}))
        for one, other in ((PATIENT, DOCTOR), (DOCTOR, PATIENT))
    ]
    assert ["hello"] == [row["msg"] for row in pages[0]]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("client", "kind", "number"),
    [
        ("CKD_P_903000000000001", "P", "903000000000001"),
        ("CKD_D_7", "D", "7"),
        ("X9_nurse_12", "nurse", "12"),
        ("lili", "", "lili"),
        ("CKD_P_", "", "CKD_P_"),
        ("CKD_P_90x", "", "CKD_P_90x"),
        ("CKD_P_９", "", "CKD_P_９"),
        ("CKD__7", "", "CKD__7"),
        ("12", "", "12"),
        ("张_三_7", "", "张_三_7"),
    ],
)
async def test_what_an_id_says(ward: Ward, client: str, kind: str, number: str) -> None:
    """The type and the number of its user; "" and the whole id where it does not say."""
    message = await ward.send(client, "hello", to_id="somebody")
    assert {"id": number, "type": kind, "img": "", "name": ""} == message["user"]
    assert client == message["from_id"]


async def test_names_come_from_profiles(ward: Ward) -> None:
    """As they are when the messages are read, not as they were when these were sent."""
    conv_id = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    for nickname in ("安利英", "安"):
        await ward.profile(PATIENT, nickname=nickname, avatar="http://xxx.png")
        (row,) = await ward.messages(conv_id)
        assert (nickname, "http://xxx.png") == (row["user"]["name"], row["user"]["img"])


async def test_who_may_read(ward: Ward) -> None:
    """Members; what one is not in looks exactly like what there is not."""
    group = await ward.group(DOCTOR)
    patient = await ward.token(PATIENT)
    yard = await ward.town.app("yard", ward.app.policy)
    elsewhere = ward.bare.showing(app_id=yard.app_id)
    replies = [
        await patient.post(f"/im/conv/{group}", {}),
        await ward.bare.post(f"/im/conv/{group}", {"from_id": PATIENT}),
        await ward.bare.post(f"/im/conv/{group}", {"from_id": "stranger"}),
        await elsewhere.post(f"/im/conv/{group}", {}),
        await patient.post("/im/conv/nothing", {}),
        await ward.bare.post("/im/conv/nothing", {}),
        await ward.bare.post(f"/im/conv/{'x' * 300}", {}),
        await ward.bare.post("/im/conv/%00", {}),
    ]
    for reply in replies:
        assert (404, 40401) == refusal(reply)
        assert "会话不存在" == reply.body["message"]
    assert "stranger" not in await ward.known()


async def test_who_has_left_reads_no_more(ward: Ward) -> None:
    """And finds nothing of it in the list."""
    group = await ward.group(DOCTOR, PATIENT)
    await ward.backend.delete(f"/im/conversations/{group}/members", {"client_ids": [PATIENT]})
    assert (404, 40401) == refusal(await ward.bare.post(f"/im/conv/{group}", {"from_id": PATIENT}))
    assert [] == await ward.conversations(PATIENT)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"to_id": DOCTOR}, 40001, "from_id"),
        ({"from_id": PATIENT}, 40001, "to_id"),
        ({"from_id": PATIENT, "to_id": ""}, 40002, "to_id"),
        ({"from_id": PATIENT, "to_id": PATIENT}, 40004, "to_id"),
        ({"from_id": PATIENT, "to_id": [DOCTOR]}, 40002, "to_id"),
        ({"from_id": "x" * 65, "to_id": DOCTOR}, 40002, "from_id"),
    ],
)
async def test_pairs_that_cannot_be(ward: Ward, body: dict[str, Any], code: int, field: str) -> None:
    """400 naming the field, and nobody becomes known by it."""
    reply = await ward.bare.post("/im/from/to", body)
    assert (400, code) == refusal(reply)
    assert field in reply.body["message"]
    assert set() == await ward.known()
