"""RongCloud's own server SDK (npm `rongcloud-sdk`) takes the fake for RongCloud."""

import json
from pathlib import Path

import pytest

from rongcloud.conftest import Sdk, sdk_for
from rongcloud.fake import FakeRongCloud, Trouble, rongcloud

pytestmark = pytest.mark.needs("node", "npm")

ADA = {"id": "1", "name": "张三&x=1 +%", "portrait": "http://example.com/a.png?w=1&h=2"}


async def test_a_user_registers_and_gets_a_token(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """The token is the last that the fake made, and names travel unharmed."""
    answer = await sdk.call("User.register", ADA)
    assert {"code": 200, "userId": "1", "token": lenient.state.tokens["1"][-1]} == answer
    assert (ADA["name"], ADA["portrait"]) == (lenient.state.names["1"], lenient.state.portraits["1"])


async def test_a_second_token_leaves_the_first_alone(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Several tokens of a user work at once."""
    await sdk.call("User.register", ADA)
    await sdk.call("User.register", ADA)
    assert 2 == len(set(lenient.state.tokens["1"]))


async def test_a_user_is_renamed(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """User.update is /user/refresh."""
    await sdk.call("User.register", ADA)
    assert {"code": 200} == await sdk.call("User.update", {**ADA, "name": "Ada"})
    assert "Ada" == lenient.state.names["1"]


async def test_whether_a_user_is_online_is_a_string(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """The status comes as "1" or "0"."""
    assert {"code": 200, "status": "0"} == await sdk.call("User.OnlineStatus.get", dict(ADA))
    lenient.state.online.add("1")
    assert {"code": 200, "status": "1"} == await sdk.call("User.OnlineStatus.get", dict(ADA))


async def test_users_are_blocked_and_let_in_again(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Who is blocked is listed with the end of it."""
    assert {"code": 200} == await sdk.call("User.Block.add", {"id": "1", "minute": 5})
    users = (await sdk.call("User.Block.getList"))["users"]
    assert [("1", str(lenient.state.blocked_until["1"]))] == [(each["userId"], each["blockEndTime"]) for each in users]
    assert {"code": 200} == await sdk.call("User.Block.remove", {"id": "1"})
    assert {"code": 200, "users": []} == await sdk.call("User.Block.getList")


async def test_blacklists_are_kept(sdk: Sdk) -> None:
    """One user does not want to hear of another."""
    pair = {"id": "1", "blacklist": [{"id": "2"}]}
    assert 200 == (await sdk.call("User.Blacklist.add", pair))["code"]
    assert "2" in json.dumps(await sdk.call("User.Blacklist.getList", {"id": "1"}))


async def test_a_group_lives_and_ends(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Created, joined, looked at, renamed, left, and dismissed by a stranger, as RongCloud allows."""
    group = {"id": "7", "name": "Group & Co", "members": [{"id": "1"}, {"id": "2"}]}
    assert {"code": 200} == await sdk.call("Group.create", group)
    assert {"1", "2"} == lenient.state.members("7")
    assert {"code": 200} == await sdk.call("Group.join", {"id": "7", "name": "Group & Co", "member": {"id": "3"}})
    assert {"code": 200, "members": [{"id": "1"}, {"id": "2"}, {"id": "3"}]} == await sdk.call("Group.get", {"id": "7"})
    assert {"code": 200} == await sdk.call("Group.update", {"id": "7", "name": "Other"})
    assert "Other" == lenient.state.groups["7"].name
    assert {"code": 200} == await sdk.call("Group.quit", {"id": "7", "member": {"id": "1"}})
    assert {"2", "3"} == lenient.state.members("7")
    assert {"code": 200} == await sdk.call("Group.dismiss", {"id": "7", "member": {"id": "99"}})
    assert "7" not in lenient.state.groups


async def test_creating_a_group_that_there_is_adds_to_it(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Create is another name of join."""
    await sdk.call("Group.create", {"id": "7", "name": "G", "members": [{"id": "1"}]})
    await sdk.call("Group.create", {"id": "7", "name": "G", "members": [{"id": "2"}]})
    assert {"1", "2"} == lenient.state.members("7")


async def test_a_dismissed_group_made_anew_is_the_old_one(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Its history is back: never use a group's id again."""
    group = {"id": "7", "name": "G", "members": [{"id": "1"}]}
    await sdk.call("Group.create", group)
    await sdk.call("Group.dismiss", {"id": "7", "member": {"id": "1"}})
    await sdk.call("Group.create", group)
    assert {"7"} == lenient.state.revived


async def test_a_users_groups_are_replaced_at_once(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Sync says all the groups that a user is in."""
    await sdk.call("Group.create", {"id": "7", "name": "G", "members": [{"id": "1"}]})
    assert {"code": 200} == await sdk.call("Group.sync", {"id": "1", "groups": [{"id": "8", "name": "H"}]})
    assert (set(), {"1"}) == (lenient.state.members("7"), lenient.state.members("8"))


@pytest.mark.parametrize(("call", "path"), [("Private", "private"), ("Group", "group"), ("System", "system")])
async def test_messages_are_published(sdk: Sdk, lenient: FakeRongCloud, call: str, path: str) -> None:
    """To people, to groups, and by the system."""
    said = {"senderId": "1", "targetId": "2", "objectName": "RC:TxtMsg", "content": {"content": "你好 & 1+1=2%"}}
    answer = await sdk.call(f"Message.{call}.send", said)
    (made,) = lenient.state.messages
    assert (f"/message/{path}/publish", "1", "2") == (made.path, made.sender, made.target)
    assert {"content": "你好 & 1+1=2%"} == json.loads(made.content)
    assert [made.message_uid] == [each["messageUID"] for each in answer["messageUIDs"]]


async def test_a_mention_in_a_group_says_that_it_is_one(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """The SDK sends `isMentioned`, and the fake asks for it."""
    content = {"content": "hi", "mentionedInfo": {"type": 2, "userIds": ["2"], "pushContent": "x"}}
    said = {"senderId": "1", "targetId": "7", "objectName": "RC:TxtMsg", "content": content}
    assert 200 == (await sdk.call("Message.Group.sendMention", said))["code"]
    assert ["1"] == [value for name, value in lenient.asked[-1].pairs if name == "isMentioned"]


async def test_a_message_is_recalled(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """By its uid and the moment it was sent."""
    taken_back = {"senderId": "1", "targetId": "2", "uId": "5FGT-7VA9-G4DD-4V5P", "sentTime": "1507778882124"}
    assert {"code": 200} == await sdk.call("Message.Private.recall", {"objectName": "RC:TxtMsg", **taken_back})
    assert ["5FGT-7VA9-G4DD-4V5P"] == lenient.state.recalled


async def test_a_wrong_secret_is_a_wrong_signature(sdk_installed: Path, lenient: FakeRongCloud) -> None:
    """Code 1004 becomes the SDK's own words for it."""
    async with sdk_for(sdk_installed, lenient, secret="another") as sdk:
        assert "20000" == (await sdk.call("User.register", ADA))["code"]
    assert {} == lenient.state.tokens


async def test_over_the_limit_is_1008(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Which the SDK calls 20001."""
    lenient.trouble(Trouble.TOO_MANY, times=1)
    assert "20001" == (await sdk.call("User.register", ADA))["code"]


async def test_the_development_quota_is_2007(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Which the SDK calls 10001."""
    lenient.state.quota = 0
    assert "10001" == (await sdk.call("User.register", ADA))["code"]


async def test_the_sdk_itself_refuses_what_is_missing(sdk: Sdk, lenient: FakeRongCloud) -> None:
    """Codes from 20001 are the SDK's own: nothing was asked."""
    assert "20005" == (await sdk.refusal("User.register", {"id": "1", "name": "Ada"}))["code"]
    assert [] == lenient.asked


async def test_the_sdk_goes_to_the_other_host(sdk_installed: Path, lenient: FakeRongCloud) -> None:
    """After a failure the next call goes to the second address."""
    async with rongcloud() as ill, sdk_for(sdk_installed, lenient, ill.base, lenient.base) as sdk:
        ill.trouble(Trouble.RESET)
        await sdk.call("User.register", dict(ADA))
        await sdk.call("User.register", dict(ADA))
        assert (1, 1) == (len(ill.asked), len(lenient.asked))


async def test_the_sdks_requests_are_what_only_the_lenient_fake_takes(sdk_installed: Path) -> None:
    """It sends seconds and the same nonce every time: the strict fake says no."""
    async with rongcloud(strict=True) as strict, sdk_for(sdk_installed, strict) as sdk:
        assert "20000" == (await sdk.call("User.register", ADA))["code"]
        (asked,) = strict.asked
        assert 10 == len(asked.headers["Timestamp"])
