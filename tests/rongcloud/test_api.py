"""Our client's calls, against a fake that takes only what RongCloud's documents say."""

import json
from collections.abc import AsyncIterator

import pytest

from parlance.core.model.rong_objects import Written
from parlance.outbound.rongcloud.api import RongCloudApi
from parlance.outbound.rongcloud.errors import Code, Nonsense, Reaction, Refused
from rongcloud.fake import FakeRongCloud, Trouble, dumped
from rongcloud.parts import api_for

NAME = "张三&userId=admin +%25"
TEXT = Written("RC:TxtMsg", dumped({"content": "你好 & 1+1=2%"}))


@pytest.fixture
async def api(strict: FakeRongCloud) -> AsyncIterator[RongCloudApi]:
    """Our calls against the strict fake."""
    async with api_for(strict) as api:
        yield api


async def test_a_token_is_what_rongcloud_made(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """And whatever stands in a name stays in the name."""
    token = await api.get_token("1", NAME, "http://example.com/a.png?w=1&h=2")
    assert [token] == strict.state.tokens["1"]
    assert (NAME, "http://example.com/a.png?w=1&h=2") == (strict.state.names["1"], strict.state.portraits["1"])
    assert ["1"] == [value for name, value in strict.asked[-1].pairs if name == "userId"]


async def test_what_is_longer_than_rongcloud_takes_is_cut_or_left_out(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """A name is cut at 64 characters, an address of a picture is no address when it is cut."""
    await api.get_token("1", "名" * 100, "http://example.com/" + "a" * 1024)
    assert ("名" * 64, {}) == (strict.state.names["1"], strict.state.portraits)


async def test_a_token_that_is_none_is_nonsense(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """An answer without one is not passed on."""
    strict.trouble(Trouble.NO_FIELDS)
    with pytest.raises(Nonsense):
        await api.get_token("1", "Ada")


async def test_a_user_is_refreshed(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """Name and picture."""
    await api.refresh_user("1", "Ada", "http://example.com/b.png")
    assert ("Ada", "http://example.com/b.png") == (strict.state.names["1"], strict.state.portraits["1"])


async def test_online_is_a_string(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """Of which "0" is no."""
    assert not await api.is_online("1")
    strict.state.online.add("1")
    assert await api.is_online("1")


async def test_tokens_expire(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """All that were given before."""
    await api.get_token("1", "Ada")
    await api.expire_tokens("1", 1_900_000_000_000)
    assert [] == strict.state.tokens["1"]


async def test_many_are_blocked_in_calls_of_twenty(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """And no longer than RongCloud blocks anybody."""
    everybody = [str(number) for number in range(1, 46)]
    await api.block(everybody, 10**6)
    assert 3 == len(strict.calls("/user/block"))
    assert frozenset(everybody) == await api.blocked()
    await api.unblock(everybody)
    assert frozenset() == await api.blocked()


async def test_a_group_lives_and_ends(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """Created, joined, looked at, renamed, left, dismissed."""
    await api.create_group("7", "组 & 员", ["1", "2"])
    await api.join_group("7", "组 & 员", ["2", "3"])
    assert {"1", "2", "3"} == await api.group_members("7")
    assert {"7": "组 & 员"} == await api.groups_of("3")
    await api.quit_group("7", ["1", "9"])
    await api.refresh_group("7", "Other")
    assert ({"2", "3"}, "Other") == (strict.state.members("7"), strict.state.groups["7"].name)
    await api.dismiss_group("7", "2")
    assert frozenset() == await api.group_members("7")


async def test_two_thousand_and_one_come_in_three_calls(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """RongCloud takes a thousand at a time."""
    everybody = [str(number) for number in range(2001)]
    await api.join_group("7", "G", everybody)
    assert [1000, 1000, 1] == [len([1 for name, _ in asked.pairs if name == "userId"]) for asked in strict.asked]
    assert set(everybody) == strict.state.members("7")


async def test_more_than_three_thousand_is_full(api: RongCloudApi) -> None:
    """Code 405, which is not a wrong method here."""
    with pytest.raises(Refused) as refused:
        await api.join_group("7", "G", [str(number) for number in range(3001)])
    assert (Code.GROUP_FULL, Reaction.FULL) == (refused.value.code, refused.value.reaction)


async def test_a_message_to_people(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """One message for each."""
    await api.publish_private("1", ["2", "3"], TEXT)
    made = [(each.sender, each.target, each.object_name, json.loads(each.content)) for each in strict.state.messages]
    content = {"content": "你好 & 1+1=2%"}
    assert [("1", "2", "RC:TxtMsg", content), ("1", "3", "RC:TxtMsg", content)] == made


async def test_a_message_to_groups_goes_to_three_at_a_time(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """More than three are several calls."""
    await api.publish_group("1", ["7", "8", "9", "10"], TEXT)
    assert ["7", "8", "9", "10"] == [each.target for each in strict.state.messages]
    assert 2 == len(strict.calls("/message/group/publish"))


async def test_a_mention_is_said_to_be_one(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """RongCloud overlooks `mentionedInfo` otherwise."""
    content = dumped({"content": "hi", "mentionedInfo": {"type": 1, "userIdList": []}})
    await api.publish_group("1", ["7"], Written("RC:TxtMsg", content, mentions=True))
    assert ("isMentioned", "1") in strict.asked[-1].pairs


async def test_a_message_of_the_system(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """A hundred at a time, also of a type that is our own."""
    await api.publish_system("1", [str(number) for number in range(101)], Written("app:note", "{}"))
    assert 2 == len(strict.calls("/message/system/publish"))
    assert {"app:note"} == {each.object_name for each in strict.state.messages}


async def test_a_message_is_taken_back(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """By its uid."""
    await api.recall("1", 3, "7", "5FGT-7VA9-G4DD-4V5P", 1_507_778_882_124)
    assert ["5FGT-7VA9-G4DD-4V5P"] == strict.state.recalled


async def test_a_users_quota_is_a_matter_for_the_operator(api: RongCloudApi, strict: FakeRongCloud) -> None:
    """A development environment has a hundred users."""
    strict.state.quota = 0
    with pytest.raises(Refused) as refused:
        await api.get_token("1", "Ada")
    assert (2007, Reaction.ALARM) == (refused.value.code, refused.value.reaction)
