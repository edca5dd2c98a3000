"""Groups: made, changed, ended, listed and shown."""

import pytest

from apis.campus.school import School, answer, refusal


async def test_what_is_left_out(school: School) -> None:
    """A group is called 群聊, has no organisation, and its first member is its admin."""
    answered = answer(await school.bare.post("/im/group", {"member_client_ids": "c2:c1"}), 201)
    assert ("群聊", "c2:c1", 0, "", "c2", "") == (
        answered["group_name"],
        answered["member_client_ids"],
        answered["organization_id"],
        answered["group_avatar"],
        answered["admin_uid"],
        answered["description"],
    )
    info = await school.info(answered["group_id"])
    assert (1000, "群聊", 0) == (info["level"], info["group_name"], info["organization_id"])
    assert answered["conversation_id"] == info["conversation_id"]


async def test_a_form_will_do(school: School) -> None:
    """Urlencoded or multipart; a number in digits, an empty one as if it were not sent."""
    asked = {"group_name": "班级群", "member_client_ids": "c1:c2", "organization_id": "5", "level": ""}
    answered = answer(await school.bare.post("/im/group", data=asked), 201)
    assert ("班级群", 5) == (answered["group_name"], answered["organization_id"])
    multipart = {"Content-Type": 'multipart/form-data; boundary="x"'}
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in asked.items())
    answered = answer(await school.bare.post("/im/group", data=f"{parts}--x--\r\n".encode(), headers=multipart), 201)
    assert ("班级群", 5) == (answered["group_name"], answered["organization_id"])
    put = await school.bare.put(f"/im/group/{answered['group_id']}", data={"level": "7"})
    assert {"group_name": "班级群", "level": 7} == answer(put)


async def test_json_that_says_it_is_a_form(school: School) -> None:
    """As curl's `-d` sends it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = await school.bare.post("/im/group", {"member_client_ids": "c1", "organization_id": "5"}, headers=headers)
    assert 5 == answer(reply, 201)["organization_id"]


async def test_the_admin_is_a_member(school: School) -> None:
    """Named among them or not."""
    number = await school.group("o12", "c1", "c2")
    info = (await school.detail(number))["data"]["group_member_info"]
    assert {"o12": 1, "c1": 0, "c2": 0} == {member["client_id"]: member["is_admin"] for member in info}


async def test_the_caller_is_the_admin(school: School) -> None:
    """Under a client token, and nobody else can be."""
    own = await school.token("c565")
    answered = answer(await own.post("/im/group", {"member_client_ids": "c1:c2"}), 201)
    assert "c565" == answered["admin_uid"]
    assert {"c565", "c1", "c2"} == await school.members(answered["group_id"])
    assert (403, 403) == refusal(await own.post("/im/group", {"member_client_ids": "c1", "admin_uid": "c1"}))


async def test_a_conversation_that_there_is(school: School) -> None:
    """Becomes this group, with who is in it already, and keeps the name it has."""
    known = await school.backend.post(
        "/im/conversations", {"client_id": await _known(school, "ada"), "to_client_ids": [], "conv_type": 3}
    )
    conv_id = known.data["conv_id"]
    asked = {"conversation_id": conv_id, "member_client_ids": "c1", "admin_uid": "o12", "group_name": "G"}
    first = answer(await school.bare.post("/im/group", asked), 201)
    assert conv_id == first["conversation_id"]
    assert {"ada", "c1", "o12"} == await school.members(first["group_id"])
    again = answer(await school.bare.post("/im/group", {**asked, "group_name": ""}), 201)
    assert (first["group_id"], "G") == (again["group_id"], again["group_name"])


async def test_a_conversation_that_there_is_not(school: School) -> None:
    """Is made under that id, and called 群聊."""
    asked = {"conversation_id": "5673c5ef60b27f7a2627062f", "member_client_ids": "c1"}
    answered = answer(await school.bare.post("/im/group", asked), 201)
    assert ("5673c5ef60b27f7a2627062f", "群聊") == (answered["conversation_id"], answered["group_name"])


async def test_a_conversation_that_cannot_be(school: School) -> None:
    """7000 for a direct one; 7008 for a client who does not manage it; 1001 for what is no id."""
    await _known(school, "ada")
    await _known(school, "ben")
    asked = {"client_id": "ada", "to_client_ids": ["ben"], "conv_type": 1}
    direct = (await school.backend.post("/im/conversations", asked)).data["conv_id"]
    assert (400, 7000) == refusal(
        await school.bare.post("/im/group", {"conversation_id": direct, "member_client_ids": "c1"})
    )
    conv_id = (await school.info(await school.group("o12", "c1")))["conversation_id"]
    for client in ("c1", "c2"):
        own = await school.token(client)
        assert (403, 7008) == refusal(await own.post("/im/group", {"conversation_id": conv_id}))
    for wrong in ("a:b", "a b", "x" * 65, "小"):
        reply = await school.bare.post("/im/group", {"conversation_id": wrong, "member_client_ids": "c1"})
        assert (400, 1001) == refusal(reply)
        assert "conversation_id" in reply.body["message"]


async def test_a_new_group_over_its_capacity(school: School) -> None:
    """7004, and nothing is made."""
    asked = {"member_client_ids": "c1:c2:c3", "admin_uid": "o12", "level": 3, "conversation_id": "abc"}
    assert (400, 7004) == refusal(await school.bare.post("/im/group", asked))
    assert {"data": [], "total_count": 0} == answer(await school.bare.get("/im/groups"))
    assert 201 == (await school.bare.post("/im/group", {**asked, "level": 4})).status


async def test_nobody_banned_gets_in(school: School) -> None:
    """7000, and nothing is made."""
    await school.ban("c2")
    assert (400, 7000) == refusal(await school.bare.post("/im/group", {"member_client_ids": "c1:c2"}))
    assert 0 == answer(await school.bare.get("/im/groups"))["total_count"]


async def test_capacity_and_name_change(school: School) -> None:
    """One of them or both; `level` is answered if it was sent."""
    number = await school.group("o12", "c1", "c2")
    path = f"/im/group/{number}"
    assert {"group_name": "666", "level": 3} == answer(await school.bare.put(path, {"level": 3}))
    assert {"group_name": "X", "level": 4} == answer(await school.bare.put(path, {"group_name": "X", "level": 4}))
    assert {"group_name": "Y"} == answer(await school.bare.put(path, {"group_name": "Y"}))
    info = await school.info(number)
    assert ("Y", 4) == (info["group_name"], info["level"])


async def test_what_cannot_be_changed(school: School) -> None:
    """Nothing at all: 1001; `level` below the present size: 7001; out of all bounds: 1001."""
    number = await school.group("o12", "c1", "c2")
    path = f"/im/group/{number}"
    for nothing in ({}, {"group_avatar": "x"}, {"group_name": ""}, {"group_name": None}):
        reply = await school.bare.put(path, nothing)
        assert (400, 1001) == refusal(reply)
        assert "group_name" in reply.body["message"]
    assert (400, 7001) == refusal(await school.bare.put(path, {"level": 2, "group_name": "X"}))
    for level in (0, -1, 10_001, 1 << 70):
        reply = await school.bare.put(path, {"level": level})
        assert (400, 1001) == refusal(reply)
        assert "level" in reply.body["message"]
    info = await school.info(number)
    assert ("666", 1000) == (info["group_name"], info["level"])


async def test_who_may_change_and_end(school: School) -> None:
    """Its admin; no other member, no stranger."""
    number = await school.group("o12", "c1")
    path = f"/im/group/{number}"
    for nobody in ("c1", "c2"):
        own = await school.token(nobody)
        assert (403, 7008) == refusal(await own.put(path, {"group_name": "X"}))
        assert (403, 7008) == refusal(await own.delete(path))
    admin = await school.token("o12")
    assert {"group_name": "X"} == answer(await admin.put(path, {"group_name": "X"}))
    assert 204 == (await admin.delete(path)).status
    assert (404, 7003) == refusal(await school.bare.get(path))


async def test_who_may_dissolve(school: School) -> None:
    """The admin in the address, whoever sends it; a token sends its own."""
    number = await school.group("o12", "c1")
    for nobody in ("c1", "c2"):
        assert (403, 7008) == refusal(await school.bare.delete(f"/im/user/{nobody}/group/{number}"))
    stranger = await school.token("c1")
    assert (403, 403) == refusal(await stranger.delete(f"/im/user/o12/group/{number}"))
    assert (403, 7008) == refusal(await stranger.delete(f"/im/user/c1/group/{number}"))
    assert 204 == (await (await school.token("o12")).delete(f"/im/user/o12/group/{number}")).status
    assert (404, 7003) == refusal(await school.bare.delete(f"/im/user/o12/group/{number}"))


@pytest.mark.parametrize("number", ["99", "0", "-1", "abc", "1.5", "1" * 30, "٣"])
async def test_an_unknown_group(school: School, number: str) -> None:
    """7003, whatever one wants of it."""
    path = f"/im/group/{number}"
    for reply in (
        await school.bare.get(path),
        await school.bare.put(path, {"group_name": "X"}),
        await school.bare.delete(path),
        await school.bare.delete(f"/im/user/o12/group/{number}"),
        await school.bare.post(f"{path}/member", {"member_client_ids": "c1"}),
        await school.bare.delete(f"{path}/member/c1"),
        await school.bare.delete(f"{path}/member", {"member_client_ids": "c1"}),
        await school.bare.post(f"/im/user/c1/group/{number}/join_group_notification"),
    ):
        assert (404, 7003) == refusal(reply)


async def test_another_apps_group_is_unknown(school: School) -> None:
    """Groups are numbered in each app by itself, and none is seen from outside."""
    first = await school.group("o12", "c1")
    second = await school.group("o12", "c1")
    other = school.bare.showing(app_id="1")
    assert (404, 7003) == refusal(await other.get(f"/im/group/{first}"))
    made = answer(await other.post("/im/group", {"member_client_ids": "c1"}), 201)
    assert (first, first + 1) == (made["group_id"], second)
    assert {"o12", "c1"} == await school.members(first)
    assert 1 == answer(await other.get("/im/groups"))["total_count"]
    assert [] == answer(await other.get("/im/org/2/groups"))["data"]


async def test_lists_are_cut_in_pages(school: School) -> None:
    """By number; past the end is empty, sizes are clamped, a page below 1 is 1001."""
    numbers = [await school.group(organization_id=2) for _ in range(3)]

    async def page(query: str) -> tuple[list[int], int]:
        answered = answer(await school.bare.get(f"/im/org/2/groups?{query}"))
        return [row["id"] for row in answered["data"]], answered["total_count"]

    assert (numbers[:2], 3) == await page("per_page=2")
    assert (numbers[2:], 3) == await page("per_page=2&page=2")
    for beyond in ("page=9", "page=1000000000", f"page={10**30}"):
        assert ([], 3) == await page(beyond)
    assert (numbers, 3) == await page("per_page=1000")
    assert (numbers[:1], 3) == await page("per_page=0")
    for wrong in ("page=0", "page=-1", "page=x", "page=1&page=2", f"page=-{10**30}"):
        for path in ("/im/org/2/groups", "/im/groups"):
            reply = await school.bare.get(f"{path}?{wrong}")
            assert (400, 1001) == refusal(reply)
            assert "page" in reply.body["message"]


async def test_an_organisation_nobody_has_heard_of(school: School) -> None:
    """Has no groups; what is no number at all is unknown."""
    assert {"data": [], "total_count": 0} == answer(await school.bare.get("/im/org/99/groups"))
    assert (404, 7010) == refusal(await school.bare.get("/im/org/abc/groups"))


async def test_somebodys_groups(school: School) -> None:
    """All of them; none for who is not known; for a token its own."""
    number = await school.group("o12", "c1")
    await school.group("o12", "c2")
    assert [number] == [row["id"] for row in answer(await school.bare.get("/im/user/c1/groups"))["data"]]
    assert {"data": []} == answer(await school.bare.get("/im/user/nobody/groups"))
    own = await school.token("c1")
    assert [number] == [row["id"] for row in answer(await own.get("/im/user/c1/groups"))["data"]]
    assert (403, 403) == refusal(await own.get("/im/user/c2/groups"))


async def test_a_token_asks_whether_its_own_client_is_in(school: School) -> None:
    """And is shown the group, in it or not."""
    number = await school.group("o12", "c1")
    own = await school.token("c2")
    assert not answer(await own.get(f"/im/group/{number}?client_id=c2"))["is_exist_in_group"]
    assert (403, 403) == refusal(await own.get(f"/im/group/{number}?client_id=c1"))


async def _known(school: School, client: str) -> str:
    await school.profile(client)
    return client
