"""The document's own examples, one by one. Each test names the section of the document (`聊天融云接口`) it replays.

What is answered has the documented names in the documented order, with values of the documented kinds.
"""

from typing import Any

from apis.rong.parts import GROUP, answer, form, made, picture, shown, uid, with_ben
from cast import Town
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId


def alike(documented: Any, answered: Any) -> bool:
    """Whether an answer has the documented names, in order, with values of the documented kinds."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        return [*documented] == [*answered] and all(alike(documented[name], answered[name]) for name in documented)
    if isinstance(documented, list) and isinstance(answered, list):
        return all(alike(documented[0], row) for row in answered)
    return type(documented) is type(answered)


async def test_make_a_group(town: Town) -> None:
    """创建群组组 (create): with a name, a code and a cover, in a multipart form; the maker is in it."""
    documented = {
        "id": 1,
        "name": "zhang111",
        "code": "面对面建群的号码, 如果非面对面可为空",
        "cover": "http://10.7.7.22:3000/media/group/original.jpg",
    }
    ada = shown(town, town.ada)
    status, group = answer(
        await ada.post(GROUP, data=form(picture("JPEG"), "original.jpg", name="zhang111", code="1234"))
    )
    assert 201 == status
    assert alike(documented, group)
    assert ("zhang111", "1234") == (group["name"], group["code"])
    assert picture("JPEG") == (await town.bare.get(group["cover"].removeprefix(town.base))).raw
    _, users = answer(await ada.get(f"{GROUP}{group['id']}/users/"))
    assert ["ada"] == [user["username"] for user in users["results"]]


async def test_list_ones_groups(town: Town) -> None:
    """创建群组组 (create), GET: the same rows, in a page."""
    ada = shown(town, town.ada)
    group = await made(ada)
    status, page = answer(await ada.get(GROUP))
    assert (200, ["count", "next", "previous", "results"]) == (status, [*page])
    assert group in page["results"]


async def test_pull_somebody_in(town: Town) -> None:
    """拉人进组 (join): at its section's address, without a slash at the end; `userid` comes back as a string."""
    ada = shown(town, town.ada)
    group, ben = await made(ada), await uid(town, "ben")
    assert (200, {"userid": str(ben)}) == answer(await ada.post(f"{GROUP}{group['id']}/join", {"userid": ben}))
    assert 200 == (await shown(town, town.ben).get(f"{GROUP}{group['id']}/users/")).status


async def test_come_in_face_to_face(town: Town) -> None:
    """面对面加组 (invite), in the list of calls."""
    group = await made(shown(town, town.ada), code="0042")
    assert (200, group) == answer(await shown(town, town.cy).post(f"{GROUP}{group['id']}/invite/", {"code": "0042"}))


async def test_quit(town: Town) -> None:
    """退出群组 (quit): GET."""
    address = await with_ben(town)
    assert (200, {"detail": "操作成功"}) == answer(await shown(town, town.ben).get(f"{address}quit/"))
    _, users = answer(await shown(town, town.ada).get(f"{address}users/"))
    assert ["ada"] == [user["username"] for user in users["results"]]


async def test_who_is_in(town: Town) -> None:
    """群组成员列表 (users)."""
    documented = {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": 1,
                "name": "",
                "nick": "稍等是",
                "avatar": "http://10.7.7.22:3000/media/avatar/2.jpg",
                "username": "admin",
                "level": "",
            }
        ],
    }
    profile = Profile(nickname="稍等是", avatar="http://10.7.7.22:3000/media/avatar/2.jpg", username="admin")
    await town.application.actions.create_user(Caller(town.hall), ClientId("ada"), profile)
    address = await with_ben(town)
    status, users = answer(await shown(town, town.ada).get(f"{address}users/"))
    assert 200 == status
    assert alike(documented, users)
    first, second = users["results"]
    assert {**documented["results"][0], "id": await uid(town, "ada")} == first  # type: ignore[index]
    assert ((await uid(town, "ben")), "", "", 2) == (second["id"], second["nick"], second["avatar"], users["count"])


async def test_dismiss(town: Town) -> None:
    """解散群组 (dismiss): GET."""
    address = await with_ben(town)
    assert (200, {"detail": "操作成功"}) == answer(await shown(town, town.ada).get(f"{address}dismiss/"))
    assert 404 == (await shown(town, town.ben).get(f"{address}users/")).status


async def test_the_key(town: Town) -> None:
    """获取融云令牌 (token)."""
    status, body = answer(await shown(town, town.ada).get("/api/im/token/"))
    assert 200 == status
    assert alike({"key": "12156s45fsdfdsf54654"}, body)


async def test_look_at_a_group(town: Town) -> None:
    """查看群详情 (retrieve): 任意用户."""
    group = await made(shown(town, town.ada), name="ID769", code="1234")
    status, body = answer(await town.bare.get(f"/api/im/retrieve/{group['id']}/", headers={"app-id": "hall"}))
    assert (200, {"id": group["id"], "name": "ID769", "code": "", "cover": ""}) == (status, body)
