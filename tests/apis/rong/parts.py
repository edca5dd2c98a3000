"""What the tests of this dialect have in common: clients that show themselves as its apps do, groups, pictures."""

from io import BytesIO
from typing import Any

import aiohttp
from PIL import Image

from cast import Person, Reply, Rest, Town
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId

GROUP = "/api/im/group/"
DONE = {"detail": "操作成功"}
NOT_FOUND = {"detail": "未找到。"}
NOT_SHOWN = {"detail": "身份认证信息未提供。"}
REFUSED = {"detail": "不正确的身份认证信息。"}
NOT_PERMITTED = {"detail": "您没有执行该操作的权限。"}
NOT_IN = {"detail": "您不在该群组中。"}
BANNED = {"detail": "该账号已被封禁。"}
REQUIRED = ["该字段是必填项。"]
NO_NUMBER = ["请填写合法的整数值。"]
NO_TEXT = ["不是有效的字符串。"]
NO_IMAGE = ["请上传有效图片。您上传的该文件不是图片或者图片已经损坏。"]


def answer(reply: Reply) -> tuple[int, Any]:
    """Status and body."""
    assert "application/json" == reply.headers["Content-Type"]
    return reply.status, reply.body


def shown(town: Town, person: Person, scheme: str = "Token") -> Rest:
    """One of the cast, showing nothing but a token."""
    return town.bare.showing(Authorization=f"{scheme} {person.token}")


async def uid(town: Town, name: str, app: App | None = None) -> int:
    """The number of a user."""
    return (await town.application.actions.find_user(Caller(app or town.hall), ClientId(name))).uid


async def newcomers(town: Town, *names: str) -> list[Person]:
    """More people of `hall`."""
    actions, backend = town.application.actions, Caller(town.hall)
    people = []
    for name in names:
        await actions.create_user(backend, ClientId(name), Profile())
        token = (await actions.issue_token(backend, ClientId(name))).token
        people.append(Person(name, "hall", token, town.bare.showing(Authorization=f"Token {token}")))
    return people


async def made(rest: Rest, **fields: Any) -> Any:
    """A group, made with JSON."""
    status, group = answer(await rest.post(GROUP, {"name": "zhang111", **fields}))
    assert 201 == status, group
    return group


async def with_ben(town: Town, **fields: Any) -> str:
    """The address of a group that Ada owns and Ben is in."""
    group = await made(shown(town, town.ada), **fields)
    address = f"{GROUP}{group['id']}/"
    joined = await shown(town, town.ada).post(f"{address}join/", {"userid": await uid(town, "ben")})
    assert 200 == joined.status
    return address


def picture(form: str = "PNG") -> bytes:
    """A small picture."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(drawn, form)
    return drawn.getvalue()


def form(cover: bytes | None = None, called: str = "cover.png", /, **fields: str) -> aiohttp.FormData:
    """A multipart form, with a cover of that file name if there is one."""
    made_of = aiohttp.FormData(default_to_multipart=True)
    for field, value in fields.items():
        made_of.add_field(field, value)
    if cover is not None:
        made_of.add_field("cover", cover, filename=called, content_type="application/octet-stream")
    return made_of
