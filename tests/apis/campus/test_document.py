"""The documents' own examples, one by one: the calls they show, and answers with the names and kinds they show.

Each test names the section of the document (`IM`, second revision unless it says `first`) that it replays.
"""

from apis.campus.school import School, answer, same_shape

PICTURE = "http://pic.hisihi.com/232rwfrqw.jpg"
IN_LIST = {
    "id": 12,
    "group_avatar": "0",
    "group_name": "g123",
    "description": "",
    "level": 1000,
    "conversation_id": "234fwrw23",
    "create_time": 1450423535,
}


async def test_a_login_is_signed(school: School) -> None:
    """获取登陆操作签名, both revisions."""
    documented = {
        "timestamp": "1450166986.392033",
        "signature": "f389a31dfa75212d7dbe196f987a973345b40500",
        "nonce": "cdXsciFc",
        "app_id": "2",
        "client_id": "3",
    }
    for path in ("/im/signature/login/2/3", "/signature/login/2/3"):
        answered = answer(await school.bare.get(path))
        assert same_shape(documented, answered)
        assert ("2", "3", 8, 40) == (
            answered["app_id"],
            answered["client_id"],
            len(answered["nonce"]),
            len(answered["signature"]),
        )


async def test_a_conversation_is_signed(school: School) -> None:
    """获取开启会话操作签名; first: spelt `conversion`."""
    documented = {
        "timestamp": "1450167224.627163",
        "signature": "14bf896f77332d3569645632088feac8d4c70515",
        "nonce": "b3uMtwWT",
        "sorted_member_ids": "3:4:5:6",
        "app_id": "1",
        "client_id": "2",
    }
    for path in ("/im/signature/conversation/1/2/3:4:5:6", "/signature/conversion/1/2/3:4:5:6"):
        answered = answer(await school.bare.get(path))
        assert same_shape(documented, answered)
        assert ("3:4:5:6", "1", "2") == (answered["sorted_member_ids"], answered["app_id"], answered["client_id"])


async def test_changes_of_members_are_signed(school: School) -> None:
    """获取群组加人操作签名, 获取群组删人操作签名; first: invite answers `conversion_id`, kick `conversation_id`."""
    for path, action, name in (
        ("/im/signature/invite/1/2/3/4:5:6", "invite", "conversation_id"),
        ("/im/signature/kick/1/2/3/4:5:6", "kick", "conversation_id"),
        ("/signature/invite/1/2/3/4:5:6", "invite", "conversion_id"),
        ("/signature/kick/1/2/3/4:5:6", "kick", "conversation_id"),
    ):
        documented = {
            "action": action,
            "signature": "c2610b002a8a9e20692f18e62b671dd4df47d9f5",
            name: "3",
            "app_id": "1",
            "nonce": "QDFIkEMB",
            "sorted_member_ids": "4:5:6",
            "client_id": "2",
            "timestamp": "1450167393.275691",
        }
        answered = answer(await school.bare.get(path))
        assert same_shape(documented, answered)
        varying = ("signature", "nonce", "timestamp")
        assert {name: answered[name] for name in answered if name not in varying} == {
            name: documented[name] for name in documented if name not in varying
        }


async def test_a_group_is_made(school: School) -> None:
    """创建群组."""
    sent = {
        "group_name": "666",
        "member_client_ids": "o12:u232:p23",
        "organization_id": 2,
        "conversation_id": "dasjfr4529sadfh",
        "group_avatar": PICTURE,
        "admin_uid": "o12",
        "description": "群描述信息",
    }
    answered = answer(await school.bare.post("/im/group", sent), 201)
    assert {"group_id": 1, **sent} == answered
    assert ["group_id", *sent] == [*answered]


async def test_a_group_is_made_in_the_first_revision(school: School) -> None:
    """First: 创建群组."""
    sent = {"group_name": "666", "member_client_ids": "o12:u232:p23"}
    answered = answer(await school.bare.post("/im/group", sent), 201)
    assert {"group_id": 1, **sent} == {name: answered[name] for name in ("group_id", *sent)}
    assert 32 == len(answered["conversation_id"])


async def test_a_group_is_renamed(school: School) -> None:
    """更新群组信息, both revisions."""
    number = await school.group()
    assert {"group_name": "g123"} == answer(await school.bare.put(f"/im/group/{number}", {"group_name": "g123"}))


async def test_a_group_is_deleted(school: School) -> None:
    """删除群组, both revisions."""
    number = await school.group()
    reply = await school.bare.delete(f"/im/group/{number}")
    assert (204, b"") == (reply.status, reply.raw)


async def test_a_group_is_dissolved(school: School) -> None:
    """群主解散群."""
    number = await school.group("o12")
    reply = await school.bare.delete(f"/im/user/o12/group/{number}")
    assert (204, b"") == (reply.status, reply.raw)


async def test_members_are_added(school: School) -> None:
    """添加群成员; first: without letters."""
    number = await school.group()
    for ids in ("c667:c775", "667:775"):
        answered = answer(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": ids}), 201)
        assert {"group_id": number, "member_client_ids": ids} == answered
    assert {"o12", "c667", "c775", "667", "775"} == await school.members(number)


async def test_members_are_removed(school: School) -> None:
    """删除群成员, one in the address; first: several in the body."""
    number = await school.group("o12", "c667", "667", "775")
    assert 204 == (await school.bare.delete(f"/im/group/{number}/member/c667")).status
    assert 204 == (await school.bare.delete(f"/im/group/{number}/member", {"member_client_ids": "667:775"})).status
    assert {"o12"} == await school.members(number)


async def test_groups_are_listed(school: School) -> None:
    """获取机构下所有群组, 获取所有机构的所有群组."""
    await school.group(organization_id=2)
    await school.group(organization_id=2)
    documented = {"data": [IN_LIST], "total_count": 2}
    for path in ("/im/org/2/groups", "/im/groups"):
        answered = answer(await school.bare.get(path))
        assert same_shape(documented, answered)
        assert ([1, 2], 2) == ([row["id"] for row in answered["data"]], answered["total_count"])


async def test_contacts_are_listed(school: School) -> None:
    """获取所有联系人."""
    await school.directory()
    await school.profile("c529", nickname="LEE", avatar=PICTURE)
    number = await school.group(organization_id=1, group_name="g123", group_avatar="0")
    answered = answer(await school.bare.get("/im/org/1/contacts"))
    assert same_shape({"data": [{"id": 12, "avatar": "0", "name": "g123", "type": "group"}]}, answered)
    assert {"id": number, "avatar": "0", "name": "g123", "type": "group"} == answered["data"][0]
    assert {"id": 529, "avatar": PICTURE, "name": "LEE", "type": "user"} in answered["data"]


async def test_a_class_is_notified(school: School) -> None:
    """向班级群发消息(实际只是做标记)."""
    await school.directory()
    answered = answer(await school.bare.post("/im/org/2/message"), 201)
    assert same_shape({"class_id": 2, "push_history_record_id": 123}, answered)
    assert 2 == answered["class_id"]


async def test_somebodys_groups_are_listed(school: School) -> None:
    """获取用户的群组."""
    await school.group("o12", "c001", organization_id=1)
    await school.group("o12", "c001", organization_id=2)
    documented = {
        "data": [
            {
                "id": 11,
                "group_avatar": "0",
                "conversation_id": "",
                "group_name": "123",
                "organization_id": 1,
                "description": "群组描述",
                "create_time": 1450423535,
                "level": 1000,
            },
        ],
    }
    answered = answer(await school.bare.get("/im/user/c001/groups"))
    assert same_shape(documented, answered)
    assert [1, 2] == [row["organization_id"] for row in answered["data"]]


async def test_a_group_is_shown(school: School) -> None:
    """获取群组详情."""
    await school.profile("c72", nickname="Leslie", avatar=PICTURE)
    number = await school.group("o12", "c72", organization_id=2)
    documented = {
        "is_exist_in_group": True,
        "data": {
            "group_member_info": [{"is_admin": 0, "avatar": PICTURE, "nickname": "Leslie", "client_id": "c72"}],
            "group_info": {
                "create_time": 1450423535,
                "description": "",
                "organization_id": 2,
                "conversation_id": "5673c5ef60b27f7a2627062f",
                "id": 12,
                "group_avatar": "0",
                "group_name": "g123",
                "level": 1000,
            },
        },
    }
    answered = answer(await school.bare.get(f"/im/group/{number}?client_id=c72"))
    assert same_shape(documented, answered)
    assert documented["data"]["group_member_info"][0] in answered["data"]["group_member_info"]  # type: ignore[index]
    assert answered["is_exist_in_group"]
    assert not answer(await school.bare.get(f"/im/group/{number}?client_id=c001"))["is_exist_in_group"]
    assert ["data"] == [*answer(await school.bare.get(f"/im/group/{number}"))]


async def test_somebody_asks_to_be_let_in(school: School) -> None:
    """用户加群申请."""
    number = await school.group()
    answered = answer(await school.bare.post(f"/im/user/c001/group/{number}/join_group_notification"), 201)
    assert {"message": "已为您提交加群申请"} == answered
