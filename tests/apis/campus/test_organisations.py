"""Organisations and classes: contacts, class messages, and writing the directory."""

import pytest

from apis.campus.school import School, answer, refusal, told
from parlance.core.model.app import AppSettings, Policy
from parlance.kernel.clock import DAY


async def test_the_directory_is_written(school: School) -> None:
    """What is left out stays; every answer says how it stands now."""
    put = school.backend.put
    assert {"id": 3, "name": "", "avatar": ""} == answer(await put("/im/org/3"))
    assert {"id": 3, "name": "校", "avatar": "a"} == answer(await put("/im/org/3", {"name": "校", "avatar": "a"}))
    assert {"id": 3, "name": "校", "avatar": "b"} == answer(await put("/im/org/3", {"avatar": "b"}))
    assert {"id": 3, "name": "学校", "avatar": "b"} == answer(await put("/im/org/3", data={"name": "学校"}))
    assert {"id": 9, "organization_id": 3, "name": "班"} == answer(await put("/im/org/3/class/9", {"name": "班"}))
    assert {"id": 9, "organization_id": 3, "name": "班"} == answer(await put("/im/org/3/class/9"))
    person = {"organization_id": 3, "client_id": "c5", "role": "teacher", "class_ids": [9]}
    asked = {"role": "teacher", "class_ids": [9]}
    assert person == answer(await put("/im/org/3/member/c5", asked))
    for joined in ("9", 9, "9:9"):
        assert person == answer(await put("/im/org/3/member/c5", {**asked, "class_ids": joined}))
    assert person == answer(await put("/im/org/3/member/c5", data={"role": "teacher", "class_ids": "9"}))
    assert {**person, "class_ids": []} == answer(await put("/im/org/3/member/c5", {"role": "teacher"}))


async def test_the_directory_is_unwritten(school: School) -> None:
    """204, and then there is nothing: 7010; 404 for somebody who is not in."""
    await school.directory()
    delete = school.backend.delete
    assert 204 == (await delete("/im/org/1/member/c565")).status
    assert (404, 404) == refusal(await delete("/im/org/1/member/c565"))
    assert 204 == (await delete("/im/org/1/class/2")).status
    assert (404, 7010) == refusal(await delete("/im/org/1/class/2"))
    assert 204 == (await delete("/im/org/1")).status
    assert (404, 7010) == refusal(await delete("/im/org/1"))
    assert (404, 7010) == refusal(await delete("/im/org/1/member/c7"))
    assert {"data": []} == answer(await school.bare.get("/im/org/1/contacts"))


@pytest.mark.parametrize("path", ["/im/org/1", "/im/org/1/class/2", "/im/org/1/member/c565"])
async def test_clients_only_read_it(school: School, path: str) -> None:
    """403: writing takes the server key."""
    await school.directory()
    own = await school.token("o1")
    assert (403, 403) == refusal(await own.put(path, {"role": "admin"}))
    assert (403, 403) == refusal(await own.delete(path))
    assert 3 == len(answer(await own.get("/im/org/1/contacts"))["data"])


async def test_what_cannot_be_written(school: School) -> None:
    """7010 into what nobody has heard of; 1001 for what is no number, no role, no list of classes."""
    await school.directory()
    put = school.backend.put
    answer(await put("/im/org/5"))
    student = {"role": "student"}
    for path, sent in (
        ("/im/org/99/class/2", {}),
        ("/im/org/99/member/c1", student),
        ("/im/org/abc", {}),
        ("/im/org/1/class/abc", {}),
        ("/im/org/1/member/c1", {**student, "class_ids": [99]}),
        ("/im/org/5/member/c1", {**student, "class_ids": [2]}),
    ):
        assert (404, 7010) == refusal(await put(path, sent)), path
    for path, asked, field in (
        ("/im/org/0", {}, "organization_id"),
        (f"/im/org/{1 << 60}", {}, "organization_id"),
        ("/im/org/1/class/0", {}, "class_id"),
        ("/im/org/5/class/2", {}, "class_id"),
        ("/im/org/1", {"name": 5}, "name"),
        ("/im/org/1/member/c1", {}, "role"),
        ("/im/org/1/member/c1", {"role": "janitor"}, "role"),
        ("/im/org/1/member/c1", {**student, "class_ids": "x"}, "class_ids"),
        ("/im/org/1/member/c1", {**student, "class_ids": ["x"]}, "class_ids"),
        ("/im/org/1/member/c1", {**student, "class_ids": "2:"}, "class_ids"),
        ("/im/org/1/member/a%3Ab", student, "client_id"),
    ):
        reply = await put(path, asked)
        assert (400, 1001) == refusal(reply), path
        assert field in reply.body["message"]


async def test_contacts(school: School) -> None:
    """Groups by number, then teachers and students, each once, by the number in their client id or their own."""
    await school.directory()
    await school.profile("c7", nickname="王老师", avatar="w.png")
    answer(await school.backend.put("/im/org/1/member/lili", {"role": "student"}))
    number = await school.group(organization_id=1, group_name="家长群")
    found = answer(await school.bare.get("/im/org/1/contacts"))["data"]
    uid = (await school.backend.get("/im/users/lili")).data["uid"]
    assert [
        {"id": number, "avatar": "", "name": "家长群", "type": "group"},
        {"id": 529, "avatar": "", "name": "c529", "type": "user"},
        {"id": 565, "avatar": "", "name": "c565", "type": "user"},
        {"id": 7, "avatar": "w.png", "name": "王老师", "type": "user"},
        {"id": uid, "avatar": "", "name": "lili", "type": "user"},
    ] == found
    assert {"data": []} == answer(await school.bare.get("/im/org/99/contacts"))
    assert (404, 7010) == refusal(await school.bare.get("/im/org/x/contacts"))


async def test_a_class_is_notified_once_a_day(school: School) -> None:
    """409 the second time, with or without words; the next day it is another day."""
    school.town.clock.stop()
    await school.directory()
    first = answer(await school.bare.post("/im/org/2/message"), 201)["push_history_record_id"]
    for body in (None, {}, {"message": "明天停课"}):
        assert (409, 7011) == refusal(await school.bare.post("/im/org/2/message", body))
    school.town.clock.advance(DAY)
    second = answer(await school.bare.post("/im/org/2/message", {}), 201)
    assert 2 == second["class_id"]
    assert second["push_history_record_id"] > first


async def test_words_for_a_class_reach_everybody_in_it(school: School) -> None:
    """On their sockets, as a system message; the organisation's admin is in no class."""
    await school.directory()
    teacher, student, admin = [await school.log_in(client) for client in ("c7", "c565", "o1")]
    answer(await school.bare.post("/im/org/2/message", data={"message": "明天停课"}), 201)
    for socket in (teacher, student):
        assert (
            "明天停课",
            {
                "sys_message_type": "class_message",
                "class_id": 2,
                "class_name": "三年二班",
                "organization_id": 1,
                "uid": "",
            },
        ) == await told(socket)
    assert await admin.nothing("msg.new")


async def test_who_may_notify_a_class(school: School) -> None:
    """The server key, its teachers, its organisation's admins."""
    await school.directory()
    assert (403, 7008) == refusal(await (await school.token("c565")).post("/im/org/2/message"))
    assert (403, 7008) == refusal(await (await school.token("zoe")).post("/im/org/2/message"))
    answer(await (await school.token("c7")).post("/im/org/2/message"), 201)


async def test_what_is_no_class_and_no_message(school: School) -> None:
    """7010 for an unknown class, another app's too; 1001 for words that are none."""
    await school.directory()
    for number in ("99", "abc", "0", "1" * 30):
        assert (404, 7010) == refusal(await school.bare.post(f"/im/org/{number}/message"))
    assert (404, 7010) == refusal(await school.bare.showing(app_id="1").post("/im/org/2/message"))
    for words in ("", 5, ["x"], "x" * 65_537):
        reply = await school.bare.post("/im/org/2/message", {"message": words})
        assert (400, 1001) == refusal(reply)
        assert "message" in reply.body["message"]
    answer(await school.bare.post("/im/org/2/message"), 201)


async def test_an_app_that_makes_no_users(school: School) -> None:
    """404 naming nobody new in the directory; 7000 and 7004 in groups."""
    town = school.town
    app = await town.app("strict", Policy.OPEN)
    changed = await town.application.actions.change_app("strict", settings=AppSettings(create_users=False))
    strict = town.bare.showing(app_id=changed.app_id, app_key=app.master_key)
    await town.application.directory.refresh()
    answer(await strict.put("/im/org/1"))
    assert (404, 404) == refusal(await strict.put("/im/org/1/member/c1", {"role": "student"}))
    assert (400, 7000) == refusal(await strict.post("/im/group", {"member_client_ids": "c1"}))
    assert 0 == (await strict.post("/im/users", {"unique_id": "c1"})).code
    number = answer(await strict.post("/im/group", {"member_client_ids": "c1"}), 201)["group_id"]
    assert (400, 7004) == refusal(await strict.post(f"/im/group/{number}/member", {"member_client_ids": "c2"}))
