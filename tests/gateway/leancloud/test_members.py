"""People in conversations: coming, going, roles, silence, blacklists (wire: leancloud#membership)."""

import pytest

from gateway.leancloud.clients import ALL, Client, Hall, attributes, refusal, rows, seen
from parlance.protocols.leancloud.generated import messages_pb2 as pb

MANAGER = pb.ConvMemberInfo(role="Manager")


def failures(frame: pb.GenericCommand) -> list[tuple[int, list[str]]]:
    """Who could not, and why."""
    body = frame.blacklistMessage if frame.cmd == pb.blacklist else frame.convMessage
    return [(each.code, list(each.pids)) for each in body.failedPids]


@pytest.fixture
async def spike(hall: Hall) -> Client:
    """A third one."""
    return await hall.log_in("spike")


@pytest.fixture
async def cid(tom: Client, jerry: Client) -> str:
    """A conversation that Tom began with Jerry."""
    cid = await tom.start("jerry")
    await jerry.settled()
    return cid


async def test_people_are_brought_in(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """Who comes hears that it is in it and who has come; the others, the one who did it included, hear the latter."""
    answer = await tom.conv(pb.add, cid=cid, m=["spike", "jerry"])
    assert (pb.added, {"spike", "jerry"}, []) == (answer.op, set(answer.convMessage.allowedPids), failures(answer))
    assert ["conv joined", "conv members_joined"] == seen(come := await spike.line.quiet())
    assert (cid, "tom", answer.convMessage.udate) == (
        come[0].convMessage.cid,
        come[0].convMessage.initBy,
        come[0].convMessage.udate,
    )
    for client in (tom, jerry):
        [told] = await client.line.quiet()
        assert (pb.members_joined, ["spike"], "tom") == (told.op, list(told.convMessage.m), told.convMessage.initBy)
    assert (await spike.say(cid)).uid


async def test_who_is_in_is_something_that_changes(hall: Hall, tom: Client, spike: Client, cid: str) -> None:
    """The time that an answer names is the conversation's from then on; bringing in nobody new changes nothing."""

    async def found() -> str:
        [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid)))
        return str(row["updatedAt"])

    added = await tom.conv(pb.add, cid=cid, m=["spike"])
    assert added.convMessage.udate == await found()
    assert added.convMessage.udate == (await tom.conv(pb.add, cid=cid, m=["spike"])).convMessage.udate
    hall.town.clock.advance(1)
    gone = await spike.conv(pb.remove, cid=cid, m=["spike"])
    assert added.convMessage.udate < gone.convMessage.udate == await found()


async def test_one_comes_in_by_oneself(tom: Client, spike: Client, cid: str) -> None:
    """Who knows its id may."""
    answer = await spike.conv(pb.add, cid=cid, m=["spike"])
    assert ["spike"] == list(answer.convMessage.allowedPids)
    told = await tom.pushed(pb.conv, pb.members_joined)
    assert (["spike"], "spike") == (list(told.convMessage.m), told.convMessage.initBy)
    assert ["conv joined", "conv members_joined"] == seen(await spike.line.quiet())


async def test_people_are_taken_out(hall: Hall, tom: Client, jerry: Client) -> None:
    """Who goes hears that alone; the others hear who went."""
    spike = await hall.log_in("spike")
    cid = await tom.start("jerry", "spike")
    for client in (jerry, spike):
        await client.settled()
    answer = await tom.conv(pb.remove, cid=cid, m=["spike"])
    assert (pb.removed, ["spike"], True) == (
        answer.op,
        list(answer.convMessage.allowedPids),
        bool(answer.convMessage.udate),
    )
    [left] = await spike.line.quiet()
    assert (pb.left, cid, "tom", 1) == (left.op, left.convMessage.cid, left.convMessage.initBy, left.notificationType)
    for client in (tom, jerry):
        [told] = await client.line.quiet()
        assert (pb.members_left, ["spike"], "tom") == (told.op, list(told.convMessage.m), told.convMessage.initBy)
    assert 4401 == (await spike.say(cid)).code


async def test_one_goes_by_oneself(tom: Client, jerry: Client, cid: str) -> None:
    """On all of one's devices."""
    answer = await jerry.conv(pb.remove, cid=cid, m=["jerry"])
    assert ["jerry"] == list(answer.convMessage.allowedPids)
    assert ["conv left"] == seen(await jerry.line.quiet())
    assert ["conv members_left"] == seen(await tom.line.quiet())


async def test_strangers_bring_in_nobody(tom: Client, spike: Client, cid: str) -> None:
    """Nor do they take anybody out, or come into what nobody knows."""
    assert (4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(await spike.conv(pb.add, cid=cid, m=["tyke"]))
    assert (4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(await spike.conv(pb.remove, cid=cid, m=["jerry"]))
    assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await spike.conv(pb.add, cid="nowhere", m=["spike"]))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.add, cid=cid))
    assert [] == await tom.line.quiet()


async def test_nobody_comes_or_goes_where_members_are_fixed(tom: Client, spike: Client) -> None:
    """A temporary conversation keeps those it began with."""
    cid = await tom.start("jerry", tempConv=True)
    refused = await spike.conv(pb.add, cid=cid, m=["spike"])
    assert pb.error == refused.cmd or failures(refused)


async def test_two_who_talk_become_a_group(tom: Client, jerry: Client, spike: Client) -> None:
    """Who was found by them before is found again."""
    cid = await tom.start("jerry", unique=True)
    await jerry.settled()
    assert ["spike"] == list((await jerry.conv(pb.add, cid=cid, m=["spike"])).convMessage.allowedPids)
    assert (await spike.say(cid)).uid
    again = await tom.conv(pb.start, m=["jerry", "tom"], unique=True)
    assert (cid, True) == (again.convMessage.cid, again.convMessage.existing)


async def test_roles(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """Everybody hears of one, the one who gave it included; who has it may do more."""
    await tom.conv(pb.add, cid=cid, m=["spike"])
    for client in (tom, jerry, spike):
        await client.settled()
    answer = await tom.conv(pb.member_info_update, cid=cid, targetClientId="jerry", info=MANAGER)
    assert ["conv member_info_updated"] == seen([answer])
    for client in (tom, jerry, spike):
        [told] = await client.line.quiet()
        info = told.convMessage.info
        assert (pb.member_info_changed, "jerry", "Manager", 24, "tom", 2) == (
            told.op,
            info.pid,
            info.role,
            len(info.infoId),
            told.convMessage.initBy,
            told.notificationType,
        )
    assert ["spike"] == list((await jerry.conv(pb.remove, cid=cid, m=["spike"])).convMessage.allowedPids)
    body = pb.ConvMemberInfo(pid="jerry", role="Member")
    assert ["conv member_info_updated"] == seen([await tom.conv(pb.member_info_update, cid=cid, info=body)])
    await tom.settled()
    refused = await jerry.conv(pb.remove, cid=cid, m=["tom"])
    assert [(4320, ["tom"])] == failures(refused)


async def test_roles_that_cannot_be_given(tom: Client, jerry: Client, cid: str) -> None:
    """By who is not above, to nobody, to who is not in, and one that there is not."""
    asked = {"cid": cid, "targetClientId": "jerry"}
    assert (4320, "CONVERSATION_OPERATION_UNAUTHORIZED") == refusal(
        await jerry.conv(pb.member_info_update, info=MANAGER, **asked)
    )
    for role in ("Owner", "King", ""):
        refused = await tom.conv(pb.member_info_update, info=pb.ConvMemberInfo(role=role), **asked)
        assert (4321, "UNKNOWN_CONVERSATION_ROLE") == refusal(refused)
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.member_info_update, cid=cid, info=MANAGER))
    assert (4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(
        await tom.conv(pb.member_info_update, cid=cid, targetClientId="nobody", info=MANAGER)
    )
    assert [] == await tom.line.quiet()


async def test_the_owner_stays_where_there_are_managers(tom: Client, jerry: Client, cid: str) -> None:
    """Otherwise nobody would be above them."""
    await tom.conv(pb.member_info_update, cid=cid, targetClientId="jerry", info=MANAGER)
    assert [(4324, ["tom"])] == failures(await tom.conv(pb.remove, cid=cid, m=["tom"]))
    await tom.conv(pb.member_info_update, cid=cid, targetClientId="jerry", info=pb.ConvMemberInfo(role="Member"))
    assert ["tom"] == list((await tom.conv(pb.remove, cid=cid, m=["tom"])).convMessage.allowedPids)


async def test_who_does_not_read_of_failures_is_refused(hall: Hall, tom: Client, jerry: Client, cid: str) -> None:
    """In the words of the first."""
    await tom.conv(pb.member_info_update, cid=cid, targetClientId="jerry", info=MANAGER)
    old = await hall.log_in("tom", configBitmap=ALL & ~32)
    assert (4324, "CONVERSATION_NEED_OWNER") == refusal(await old.conv(pb.remove, cid=cid, m=["tom"]))


# Silence


async def test_silence(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """Who may not speak hears it, and so does everybody; its messages are refused until it may again."""
    await tom.conv(pb.add, cid=cid, m=["spike"])
    for client in (tom, jerry, spike):
        await client.settled()
    answer = await tom.conv(pb.add_shutup, cid=cid, m=["jerry"])
    assert (pb.shutup_added, ["jerry"]) == (answer.op, list(answer.convMessage.allowedPids))
    [own, of_all] = await jerry.line.quiet()
    assert (pb.shutuped, "tom", 1) == (own.op, own.convMessage.initBy, own.notificationType)
    assert (pb.members_shutuped, ["jerry"], 2) == (of_all.op, list(of_all.convMessage.m), of_all.notificationType)
    for client in (tom, spike):
        assert ["conv members_shutuped"] == seen(await client.line.quiet())
    refused = await jerry.say(cid)
    assert (4563, "SILIENCED", True, True) == (refused.code, refused.reason, bool(refused.uid), refused.t > 0)
    assert pb.shutup_removed == (await tom.conv(pb.remove_shutup, cid=cid, m=["jerry"])).op
    assert ["conv unshutuped", "conv members_unshutuped"] == seen(await jerry.line.quiet())
    assert ["conv members_unshutuped"] == seen(await spike.line.quiet())
    assert not (await jerry.say(cid)).HasField("code")


async def test_who_is_silenced_is_listed(tom: Client, cid: str) -> None:
    """Page by page, and asked for by name."""
    names = [f"member {number}" for number in range(5)]
    await tom.conv(pb.add, cid=cid, m=names)
    await tom.conv(pb.add_shutup, cid=cid, m=names[:3])
    first = (await tom.conv(pb.query_shutup, cid=cid, limit=2)).convMessage
    assert (names[:2], True) == (list(first.m), first.HasField("next"))
    last = (await tom.conv(pb.query_shutup, cid=cid, limit=2, next=first.next)).convMessage
    assert (names[2:3], False) == (list(last.m), last.HasField("next"))
    counted = [(await tom.conv(pb.query_shutup, cid=cid, limit=2, next=passed)).convMessage.m for passed in ("1", "3")]
    assert [names[1:3], []] == counted
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.query_shutup, cid=cid, next="page two"))
    asked = await tom.conv(pb.check_shutup, cid=cid, m=names[2:])
    assert (pb.check_result, names[2:3]) == (asked.op, list(asked.convMessage.m))


async def test_silence_is_for_who_stands_above(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """A plain member and a stranger do not, and nobody silences the owner."""
    for client in (jerry, spike):
        refused = await client.conv(pb.add_shutup, cid=cid, m=["tom"])
        assert (4320, "CONVERSATION_OPERATION_UNAUTHORIZED") == refusal(refused)
    await tom.conv(pb.member_info_update, cid=cid, targetClientId="jerry", info=MANAGER)
    await tom.conv(pb.add_shutup, cid=cid, m=["jerry"])
    refused = await jerry.conv(pb.remove_shutup, cid=cid, m=["jerry"])
    assert (4320, "CONVERSATION_OPERATION_UNAUTHORIZED") == refusal(refused)


# Blacklists


async def test_a_blacklist(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """Who is kept out hears that and that it left; the others hear both of it. It may not come back until it may."""
    await tom.conv(pb.add, cid=cid, m=["spike"])
    for client in (tom, jerry, spike):
        await client.settled()
    answer = await tom.blacklist(pb.block, srcCid=cid, toPids=["jerry"])
    assert (pb.blacklist, pb.blocked, cid, ["jerry"]) == (
        answer.cmd,
        answer.op,
        answer.blacklistMessage.srcCid,
        list(answer.blacklistMessage.allowedPids),
    )
    assert ["conv blocked", "conv left"] == seen(told := await jerry.line.quiet())
    assert [1, 1] == [frame.notificationType for frame in told]
    for client in (tom, spike):
        assert ["conv members_blocked", "conv members_left"] == seen(await client.line.quiet())
    assert 4548 == (await jerry.say(cid)).code
    assert [(4548, ["jerry"])] == failures(await jerry.conv(pb.add, cid=cid, m=["jerry"]))
    found = await tom.blacklist(pb.query, srcCid=cid)
    assert (pb.query_result, ["jerry"], False) == (
        found.op,
        list(found.blacklistMessage.blockedPids),
        found.blacklistMessage.HasField("next"),
    )
    asked = await tom.blacklist(pb.check_block, srcCid=cid, toPids=["spike", "jerry"])
    assert (pb.check_result, ["jerry"]) == (asked.op, list(asked.blacklistMessage.blockedPids))
    assert pb.unblocked == (await tom.blacklist(pb.unblock, srcCid=cid, toPids=["jerry"])).op
    assert ["conv unblocked"] == seen(await jerry.line.quiet())
    assert ["conv members_unblocked"] == seen(await spike.line.quiet())
    assert ["jerry"] == list((await jerry.conv(pb.add, cid=cid, m=["jerry"])).convMessage.allowedPids)


async def test_a_blacklist_is_for_who_stands_above(tom: Client, jerry: Client, spike: Client, cid: str) -> None:
    """Neither a plain member nor who is kept out decides about it."""
    refused = await jerry.blacklist(pb.block, srcCid=cid, toPids=["tom"])
    assert (4320, "CONVERSATION_OPERATION_UNAUTHORIZED") == refusal(refused)
    await tom.blacklist(pb.block, srcCid=cid, toPids=["spike"])
    for stranger in (spike,):
        refused = await stranger.blacklist(pb.unblock, srcCid=cid, toPids=["spike"])
        assert (4320, "CONVERSATION_OPERATION_UNAUTHORIZED") == refusal(refused)
    assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await tom.blacklist(pb.query, srcCid="nowhere"))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.blacklist(pb.block, srcCid=cid))


async def test_it_stays_as_it_was_told(tom: Client, cid: str) -> None:
    """What is pushed later does not change what was pushed before."""
    first = (await tom.conv(pb.add, cid=cid, m=["spike"])).convMessage
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid)))
    assert ({"tom", "jerry", "spike"}, ["spike"]) == (set(row["m"]), list(first.allowedPids))
