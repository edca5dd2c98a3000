"""What RongCloud's clients say to each other comes to us, and is seen on every side of the server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cast import Town, running
from parlance.core.model.app import AppSettings
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits
from parlance.core.model.provider import ProviderName
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import ClientId
from rongcloud import routing
from rongcloud.fake import FakeRongCloud, rongcloud
from rongcloud.routing import STYLES, delivered

HELLO = {"content": "你好 & 1+1=2%"}
OK = (200, "ok")
REFUSED = (401, {"code": "bad_credential", "message": "the credential is refused"})


@dataclass
class Routed:
    """A town with RongCloud behind the hall."""

    town: Town
    cloud: FakeRongCloud
    uids: dict[str, str]
    group_id: str

    async def send(self, form: Any, style: str = "im_2021", app_id: str = "hall", ago: int = 0) -> tuple[int, Any]:
        """Pass a message on."""
        address = f"{self.town.base}/rongcloud/{app_id}/messages"
        return await routing.route(self.cloud, self.town.session, address, form, STYLES[style], ago)

    def direct(self, content: Any = HELLO, **more: str) -> dict[str, str]:
        """A message of Ada's to Ben."""
        return delivered(self.uids["ada"], self.uids["ben"], content, **more)

    def to_group(self, content: Any = HELLO, **more: str) -> dict[str, str]:
        """A message of Ada's to the group."""
        return delivered(self.uids["ada"], self.group_id, content, channelType="GROUP", **more)

    async def stored(self, conv_id: str | None = None) -> list[Any]:
        """The messages of the group, or elsewhere; the newest first."""
        page = await self.town.backend.get(f"/im/conversations/{conv_id or self.town.group}/message")
        found: list[Any] = page.data["data"]
        return found


@pytest.fixture
async def routed(tmp_path: Path) -> AsyncIterator[Routed]:
    """RongCloud stands behind the hall."""
    async with rongcloud(strict=True) as cloud, running(tmp_path, Limits(body=256 * 1024)) as town:
        settings = AppSettings(
            provider=ProviderName.RONGCLOUD,
            rongcloud_key=cloud.key,
            rongcloud_secret=cloud.secret,
            rongcloud_host=cloud.base,
            rongcloud_backup="",
        )
        await town.application.actions.change_app("hall", settings=settings)
        await town.application.directory.refresh()
        read = town.application.store.read
        users = await read.users.find_many(town.hall.app_id, [ClientId(name) for name in ("ada", "ben", "cy")])
        groups = await read.conversations.groups_of(town.hall.app_id, ClientId("ada"))
        uids = {str(client): str(user.uid) for client, user in users.items()}
        yield Routed(town, cloud, uids, str(groups[0].group_id))


@pytest.mark.parametrize("style", STYLES)
async def test_it_is_taken_however_it_is_signed(routed: Routed, style: str) -> None:
    """In the query or in headers, in seconds or milliseconds."""
    assert OK == await routed.send(routed.to_group(), style)
    (message,) = await routed.stored()
    assert ("ada", -1, HELLO["content"]) == (message["client_id"], message["type"], message["text"])


async def test_a_group_message_is_told_on_the_socket(routed: Routed) -> None:
    """And carries where it came from."""
    async with await routed.town.log_in(routed.town.ben) as ben:
        form = routed.to_group({**HELLO, "extra": "x", "user": {"id": "1", "name": "Ada"}})
        await routed.send(form)
        told = (await ben.next("msg.new"))["data"]
    assert (routed.town.group, "ada", HELLO["content"]) == (told["conv_id"], told["from_client"], told["text"])
    (message,) = await routed.stored()
    expected = {
        "object_name": "RC:TxtMsg",
        "uid": form["msgUID"],
        "time": form["msgTimestamp"],
        "source": "iOS",
        "content": {"extra": "x", "user": {"id": "1", "name": "Ada"}},
    }
    assert {"rongcloud": expected} == message["attr"]


async def test_the_sender_s_other_devices_are_told_too(routed: Routed) -> None:
    """It was not sent from one of our connections."""
    async with await routed.town.log_in(routed.town.ada) as ada:
        await routed.send(routed.to_group())
        assert HELLO["content"] == (await ada.next("msg.new"))["data"]["text"]


async def test_person_to_person_is_the_one_direct_conversation(routed: Routed) -> None:
    """Made if need be, and the same from the other side."""
    assert OK == await routed.send(routed.direct())
    assert OK == await routed.send(delivered(routed.uids["ben"], routed.uids["ada"], {"content": "hi"}))
    conv_id = await routed.town.open(Kind.DIRECT, "ada", "ben")
    assert ["hi", HELLO["content"]] == [message["text"] for message in await routed.stored(conv_id)]


async def test_what_comes_again_is_the_same_message(routed: Routed) -> None:
    """By its uid, signed anew or not."""
    form = routed.to_group()
    for style in STYLES:
        assert OK == await routed.send(form, style)
    assert 1 == len(await routed.stored())


async def test_mentions_are_people_of_ours(routed: Routed) -> None:
    """By their numbers; whom we do not know is nobody."""
    mentioned = {"type": 2, "userIdList": [routed.uids["ben"], "999"], "mentionedContent": "x"}
    await routed.send(routed.to_group({"content": "some", "mentionedInfo": mentioned}))
    await routed.send(routed.to_group({"content": "all", "mentionedInfo": {"type": 1, "userIdList": []}}))
    everybody, some = await routed.stored()
    assert '["ben"]' == some["mention_client_ids"]
    found = await routed.town.application.store.read.messages.latest([1])
    assert found[1].mention_all
    assert "all" == everybody["text"]


async def test_a_type_that_we_do_not_have_is_kept_unharmed(routed: Routed) -> None:
    """As a text that says what it is."""
    content = {"card": {"id": 7, "名": "片"}, "list": [1, 2.5, None]}
    await routed.send(routed.to_group(content, objectName="app:card"))
    (message,) = await routed.stored()
    assert (-1, "[app:card]") == (message["type"], message["text"])
    assert ("app:card", content) == tuple(message["attr"]["rongcloud"][name] for name in ("object_name", "content"))


@pytest.mark.parametrize("channel", ["PERSONS", "TEMPGROUP", "CUSTOMERSERVICE", "NOTIFY", "MC", "MP", "ULTRAGROUP"])
async def test_other_channels_are_taken_and_not_stored(routed: Routed, channel: str) -> None:
    """There is no place for them here, and sending them again would not make one."""
    assert OK == await routed.send(routed.to_group() | {"channelType": channel})
    assert [] == await routed.stored()


async def test_a_message_to_some_of_a_group_is_not_shown_to_all(routed: Routed) -> None:
    """The form names them, once each."""
    form = [*routed.to_group().items(), ("groupUserIds", "2"), ("groupUserIds", "3")]
    assert OK == await routed.send(form)
    assert [] == await routed.stored()


async def test_strangers_and_unknown_people_are_not_stored(routed: Routed) -> None:
    """RongCloud lets anybody write to a group; we do not."""
    for form in (
        routed.to_group() | {"fromUserId": routed.uids["cy"]},
        routed.to_group() | {"fromUserId": "999"},
        routed.to_group() | {"fromUserId": "admin"},
        routed.to_group() | {"toUserId": "999"},
        routed.to_group() | {"toUserId": "12345678901234567890"},
        routed.direct() | {"toUserId": "0"},
        routed.direct() | {"toUserId": routed.uids["ada"]},
    ):
        assert OK == await routed.send(form)
    assert [] == await routed.stored()


async def test_who_is_banned_says_nothing(routed: Routed) -> None:
    """Though RongCloud may not have heard of it yet."""
    await routed.town.backend.post("/im/users/ada/ban")
    assert OK == await routed.send(routed.to_group())
    assert [] == await routed.stored()


async def test_what_is_larger_than_any_message_is_not_stored(routed: Routed) -> None:
    """A text; of what has a thumbnail the thumbnail is left out."""
    await routed.send(routed.to_group({"content": "x" * 70_000}))
    picture = {"content": "A" * 70_000, "imageUri": "https://example.com/a.jpg"}
    await routed.send(routed.to_group(picture, objectName="RC:ImgMsg"))
    (message,) = await routed.stored()
    assert (-2, '"https://example.com/a.jpg"', True) == (
        message["type"],
        message["url"],
        message["attr"]["rongcloud"]["cut"],
    )


@pytest.mark.parametrize("style", STYLES)
async def test_a_wrong_signature_is_refused(routed: Routed, style: str) -> None:
    """However it is shown."""
    routed.cloud.secret = "another"
    assert REFUSED == await routed.send(routed.to_group(), style)
    assert [] == await routed.stored()


@pytest.mark.parametrize("style", ["sealtalk_query", "sealtalk_headers", "room_sync"])
async def test_another_app_s_key_is_refused(routed: Routed, style: str) -> None:
    """Though the secret is right."""
    routed.cloud.key = "another"
    assert REFUSED == await routed.send(routed.to_group(), style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ago", [11 * MINUTE, -11 * MINUTE])
async def test_what_is_too_old_or_too_new_is_refused(routed: Routed, style: str, ago: int) -> None:
    """Ten minutes and no more, in seconds or milliseconds."""
    assert REFUSED == await routed.send(routed.to_group(), style, ago=ago)
    assert OK == await routed.send(routed.to_group(), style, ago=ago // 2)


@pytest.mark.parametrize("app_id", ["annex", "nowhere"])
async def test_an_app_without_rongcloud_takes_nothing(routed: Routed, app_id: str) -> None:
    """Whether there is such an app is not told."""
    assert REFUSED == await routed.send(routed.to_group(), app_id=app_id)


async def test_what_is_not_signed_is_refused(routed: Routed) -> None:
    """Also when it looks a little as if it were."""
    address = f"/rongcloud/hall/messages?nonce=1&signature={'0' * 40}"
    reply = await routed.town.bare.call("POST", address, data=routed.to_group())
    assert REFUSED == (reply.status, reply.body)


@pytest.mark.parametrize("field", ["fromUserId", "toUserId", "objectName", "content", "channelType", "msgUID"])
async def test_a_field_that_is_missing(routed: Routed, field: str) -> None:
    """Is named."""
    form = routed.to_group()
    del form[field]
    status, body = await routed.send(form)
    assert (400, "missing_field") == (status, body["code"])
    assert field in body["message"]


async def test_a_field_that_is_too_long(routed: Routed) -> None:
    """A uid has at most 64 characters."""
    status, body = await routed.send(routed.to_group(msgUID="5" * 65))
    assert (400, "bad_format") == (status, body["code"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"\xff\xfe=1", 400, "malformed"),
        (b"content=%ff", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"{}", 400, "missing_field"),
        (b"", 400, "missing_field"),
        (b"&" * 5000, 400, "malformed"),
        (b"x=1&" * 5000, 400, "malformed"),
        (b"content=" + b"x" * 300_000, 413, "body_too_large"),
    ],
)
async def test_a_body_that_is_no_good(routed: Routed, body: bytes, status: int, code: str) -> None:
    """Is refused in the server's own shape."""
    answered, shown = await routed.send(body)
    assert (status, code) == (answered, shown["code"])


async def test_content_that_is_no_json_is_kept_as_it_came(routed: Routed) -> None:
    """Nor is half a surrogate pair, or a content of another shape."""
    for content in ("not json", '"text"', '{"content":7}', '{"content":"\\ud800"}', "[" * 3000):
        assert OK == await routed.send(routed.to_group(content))
    kept = [message["attr"]["rongcloud"]["content"] for message in await routed.stored()]
    assert ["[" * 3000, '{"content":"\\ud800"}', {"content": 7}, '"text"', "not json"] == kept


async def test_nul_is_not_stored(routed: Routed) -> None:
    """It is no text."""
    assert OK == await routed.send(routed.to_group({"content": "a\0b"}))
    status, body = await routed.send(routed.to_group(msgUID="a\0b"))
    assert (400, "bad_format") == (status, body["code"])
    assert [] == await routed.stored()
