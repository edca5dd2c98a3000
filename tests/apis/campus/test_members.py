"""Who comes into a group and who goes, and who asks to be let in."""

import pytest

from apis.campus.school import School, answer, refusal


async def add(school: School, number: int, ids: str, status: int = 201) -> None:
    """Bring some in."""
    answer(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": ids}), status)


async def test_strangers_become_known(school: School) -> None:
    """Whoever is named; who is in already is no error, and nobody is in twice."""
    number = await school.group("o12", "c1")
    await add(school, number, "c1:c2:c2")
    await add(school, number, "c2")
    assert {"o12", "c1", "c2"} == await school.members(number)
    assert "c2" == (await school.backend.get("/im/users/c2")).data["client_id"]


async def test_a_number_is_a_client_id(school: School) -> None:
    """As apps without letters send one."""
    number = await school.group()
    answered = answer(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": 667}), 201)
    assert {"group_id": number, "member_client_ids": "667"} == answered


async def test_a_full_group(school: School) -> None:
    """7004, and nobody comes in; who is in already takes no room."""
    number = await school.group("o12", "c1", level=3)
    reply = await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c2:c3"})
    assert (400, 7004) == refusal(reply)
    assert {"o12", "c1"} == await school.members(number)
    await add(school, number, "c1:c2")
    assert (400, 7004) == refusal(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c3"}))


async def test_nobody_banned_is_added(school: School) -> None:
    """7004, and nobody comes in."""
    number = await school.group("o12")
    await school.ban("c2")
    reply = await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c1:c2"})
    assert (400, 7004) == refusal(reply)
    assert {"o12"} == await school.members(number)


async def test_members_bring_in_others_and_strangers_do_not(school: School) -> None:
    """7008: nobody lets itself in."""
    number = await school.group("o12", "c1")
    asked = {"member_client_ids": "c2"}
    assert (403, 7008) == refusal(await (await school.token("c2")).post(f"/im/group/{number}/member", asked))
    answer(await (await school.token("c1")).post(f"/im/group/{number}/member", asked), 201)
    assert {"o12", "c1", "c2"} == await school.members(number)


async def test_the_admin_stays(school: School) -> None:
    """7005, in the address and in the body, and nobody else goes either."""
    number = await school.group("o12", "c1")
    assert (400, 7005) == refusal(await school.bare.delete(f"/im/group/{number}/member/o12"))
    both = {"member_client_ids": "c1:o12"}
    assert (400, 7005) == refusal(await school.bare.delete(f"/im/group/{number}/member", both))
    assert {"o12", "c1"} == await school.members(number)


async def test_who_is_not_in(school: School) -> None:
    """7005 if nobody of them is; else passed over."""
    number = await school.group("o12", "c1")
    assert (400, 7005) == refusal(await school.bare.delete(f"/im/group/{number}/member/c9"))
    strangers = {"member_client_ids": "c8:c9"}
    assert (400, 7005) == refusal(await school.bare.delete(f"/im/group/{number}/member", strangers))
    assert 204 == (await school.bare.delete(f"/im/group/{number}/member", {"member_client_ids": "c9:c1"})).status
    assert {"o12"} == await school.members(number)


async def test_members_are_removed_with_a_form(school: School) -> None:
    """As the first revision's clients send it."""
    number = await school.group("o12", "c1", "c2")
    reply = await school.bare.call("DELETE", f"/im/group/{number}/member", data={"member_client_ids": "c1:c2"})
    assert 204 == reply.status
    assert {"o12"} == await school.members(number)


async def test_who_may_remove(school: School) -> None:
    """The admin anybody, everybody itself, nobody else."""
    number = await school.group("o12", "c1", "c2", "c3")
    assert (403, 7008) == refusal(await (await school.token("c1")).delete(f"/im/group/{number}/member/c2"))
    assert (403, 7008) == refusal(await (await school.token("c9")).delete(f"/im/group/{number}/member/c2"))
    assert 204 == (await (await school.token("c1")).delete(f"/im/group/{number}/member/c1")).status
    assert 204 == (await (await school.token("o12")).delete(f"/im/group/{number}/member/c2")).status
    assert {"o12", "c3"} == await school.members(number)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("sent", [{}, {"member_client_ids": ""}, {"member_client_ids": None}])
async def test_nobody_named(school: School, method: str, sent: dict[str, str]) -> None:
    """1001 naming the field."""
    number = await school.group()
    reply = await school.bare.call(method, f"/im/group/{number}/member", sent)
    assert (400, 1001) == refusal(reply)
    assert "member_client_ids" in reply.body["message"]


async def test_a_request_is_kept_until_it_is_settled(school: School) -> None:
    """201 each time one asks, 7009 once one is in, 201 again after one has gone."""
    number = await school.group("o12", "c1")
    path = f"/im/user/c2/group/{number}/join_group_notification"
    for _ in range(2):
        assert {"message": "已为您提交加群申请"} == answer(await school.bare.post(path), 201)
    await add(school, number, "c2")
    reply = await school.bare.post(path)
    assert (400, 7009) == refusal(reply)
    assert "用户已在该群组中" == reply.body["message"]
    assert 204 == (await school.bare.delete(f"/im/group/{number}/member/c2")).status
    answer(await school.bare.post(path), 201)


async def test_one_asks_for_oneself(school: School) -> None:
    """403 for somebody else, 403 for the banned."""
    number = await school.group("o12")
    own = await school.token("c2")
    answer(await own.post(f"/im/user/c2/group/{number}/join_group_notification"), 201)
    assert (403, 403) == refusal(await own.post(f"/im/user/c3/group/{number}/join_group_notification"))
    await school.ban("c4")
    assert (403, 403) == refusal(await school.bare.post(f"/im/user/c4/group/{number}/join_group_notification"))


async def test_a_colon_is_no_part_of_a_client_id(school: School) -> None:
    """1001 wherever one client is named."""
    number = await school.group()
    for reply in (
        await school.bare.delete(f"/im/group/{number}/member/a%3Ab"),
        await school.bare.get("/im/user/a%3Ab/groups"),
        await school.bare.delete(f"/im/user/a%3Ab/group/{number}"),
        await school.bare.post(f"/im/user/a%3Ab/group/{number}/join_group_notification"),
        await school.bare.get(f"/im/group/{number}?client_id=a:b"),
        await school.bare.post("/im/group", {"admin_uid": "a:b"}),
    ):
        assert (400, 1001) == refusal(reply)
