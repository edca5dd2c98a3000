"""Conversations themselves: begun, found again, changed, counted, looked for (wire: leancloud#conv-start)."""

import json

import pytest

from gateway.leancloud.clients import Client, Hall, attributes, refusal, rows, seen
from parlance.core.model.conversation import unique_id_of
from parlance.kernel.ids import ClientId
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def test_a_conversation_begins(hall: Hall, tom: Client, jerry: Client) -> None:
    """The answer first, then both hear that they are in it, and who all is."""
    tablet = await hall.log_in("tom")
    answer = await tom.conv(pb.start, m=["jerry"], attr=attributes(name="Chase", attr={"mood": "merry"}))
    started = answer.convMessage
    assert (pb.started, 24, False, False) == (
        answer.op,
        len(started.cid),
        started.HasField("existing"),
        started.HasField("tempConvTTL"),
    )
    for client in (tom, tablet, jerry):
        joined, others = await client.pushed(pb.conv, pb.joined), await client.pushed(pb.conv, pb.members_joined)
        assert (started.cid, "tom", started.cdate, 1, 2) == (
            joined.convMessage.cid,
            joined.convMessage.initBy,
            joined.convMessage.udate,
            joined.notificationType,
            joined.service,
        )
        assert ({"tom", "jerry"}, "tom", 2) == (
            set(others.convMessage.m),
            others.convMessage.initBy,
            others.notificationType,
        )
    assert [] == await tom.line.quiet()


async def test_each_start_begins_another(tom: Client) -> None:
    """Unless it is said to be unique; no two begin at the same moment."""
    begun = [(await tom.conv(pb.start, m=["jerry", "tom"])).convMessage for _ in range(3)]
    assert (3, 3) == (len({each.cid for each in begun}), len({each.cdate for each in begun}))


@pytest.mark.parametrize("others", [["jerry"], ["jerry", "spike"], []])
async def test_what_is_unique_is_found_again(hall: Hall, tom: Client, others: list[str]) -> None:
    """Whoever of them asks, in whatever order; it says so, and nobody is told anything."""
    first = (await tom.conv(pb.start, m=[*others, "tom"], unique=True, attr=attributes(name="One"))).convMessage
    await tom.settled()
    asking = await hall.log_in((others or ["tom"])[0])
    again = (await asking.conv(pb.start, m=["tom", *others], unique=True, attr=attributes(name="Two"))).convMessage
    everybody = sorted({*others, "tom"})
    assert (first.cid, True, unique_id_of(map(ClientId, everybody))) == (
        again.cid,
        again.existing,
        again.uniqueId,
    )
    assert (first.uniqueId, first.cdate) == (again.uniqueId, again.cdate)
    assert [] == await tom.line.quiet()
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=first.cid)))
    assert ("One", True, everybody) == (row["name"], row["unique"], sorted(row["m"]))


async def test_a_temporary_conversation(hall: Hall, tom: Client, jerry: Client) -> None:
    """Its id says so, it has so many seconds to live, and clients that cannot take such are not told."""
    old = await hall.log_in("jerry", configBitmap=0)
    answer = await tom.conv(pb.start, m=["jerry", "tom"], tempConv=True, tempConvTTL=600, unique=True)
    cid = answer.convMessage.cid
    assert (True, 600, False) == (cid.startswith("_tmp:"), answer.convMessage.tempConvTTL, answer.convMessage.existing)
    joined = (await jerry.pushed(pb.conv, pb.joined)).convMessage
    assert (cid, True, 600) == (joined.cid, joined.tempConv, joined.tempConvTTL)
    said = await tom.say(cid)
    heard = await jerry.heard()
    assert (said.uid, 4) == (heard.id, heard.convType)
    assert [] == await old.line.quiet()
    again = await jerry.conv(pb.start, m=["jerry", "tom"], tempConv=True)
    assert (cid, True) == (again.convMessage.cid, again.convMessage.existing)
    [row] = rows(await tom.conv(pb.query, tempConvIds=[cid, "_tmp:nowhere"]))
    assert (cid, True, True) == (row["objectId"], row["temp"], 590 <= row["ttl"] <= 600)
    assert [] == rows(await tom.conv(pb.query, where=attributes(objectId=cid)))


async def test_a_temporary_conversation_ends(hall: Hall, tom: Client) -> None:
    """Then nobody knows it, and clients can tell by the code."""
    cid = (await tom.conv(pb.start, m=["jerry", "tom"], tempConv=True, tempConvTTL=1)).convMessage.cid
    hall.town.clock.advance(2_000)
    assert (4303, "CONVERSATION_NOT_FOUND") == (
        (refused := await tom.say(cid)).code,
        refused.reason,
    )
    assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await tom.conv(pb.count, cid=cid))


async def test_a_start_that_cannot_be(hall: Hall, tom: Client) -> None:
    """Each refused for itself, and the socket lives."""
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.start, m=["x" * 65]))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.start, m=["a\x00b"]))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.start, m=[""]))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(
        await tom.conv(pb.start, m=["jerry"], tempConv=True, tempConvTTL=40 * 24 * 3600)
    )
    assert (4301, "CONVERSATION_API_FAILED") == refusal(
        await tom.conv(pb.start, m=["jerry"], attr=pb.JsonObjectMessage(data="[1]"))
    )
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.start, m=["jerry"], attr=attributes(name=7)))
    many = [f"member {number}" for number in range(1_001)]
    assert (4304, "CONVERSATION_FULL") == refusal(await tom.conv(pb.start, m=many))
    assert (4304, "CONVERSATION_FULL") == refusal(await tom.conv(pb.start, m=many[:51], tempConv=True))
    assert [] == await tom.line.quiet()


async def test_a_conversation_is_changed(hall: Hall, tom: Client, jerry: Client) -> None:
    """All other connections of its members hear what was asked and what has come of it; the answer says the same."""
    tablet = await hall.log_in("tom")
    cid = await tom.start("jerry", attr=attributes(name="Old", attr={"a": {"b": 1}}, count=1, gone=True))
    await tablet.settled()
    await jerry.settled()
    asked = {"name": "New", "attr.a.b": 2, "count": {"__op": "Increment", "amount": 4}, "gone": {"__op": "Delete"}}
    answer = await tom.conv(pb.update, cid=cid, attr=attributes(**asked))
    modified = {"name": "New", "attr.a.b": 2, "count": 5}
    assert (pb.updated, asked, modified) == (
        answer.op,
        json.loads(answer.convMessage.attr.data),
        json.loads(answer.convMessage.attrModified.data),
    )
    for client in (tablet, jerry):
        push = await client.pushed(pb.conv, pb.updated)
        assert (cid, "tom", answer.convMessage.udate, asked, modified, 2) == (
            push.convMessage.cid,
            push.convMessage.initBy,
            push.convMessage.udate,
            json.loads(push.convMessage.attr.data),
            json.loads(push.convMessage.attrModified.data),
            push.notificationType,
        )
    assert [] == await tom.line.quiet()
    [row] = rows(await jerry.conv(pb.query, where=attributes(objectId=cid)))
    assert ("New", {"a": {"b": 2}}, 5, False) == (row["name"], row["attr"], row["count"], "gone" in row)


async def test_a_change_that_cannot_be(hall: Hall, tom: Client) -> None:
    """By a stranger, of what nobody knows, and in a way that makes no sense."""
    cid, temporary = await tom.start("jerry"), await tom.start("jerry", tempConv=True)
    spike = await hall.log_in("spike")
    some = attributes(name="x")
    assert (4309, "CONVERSATION_UPDATE_REJECTED") == refusal(await spike.conv(pb.update, cid=cid, attr=some))
    for unknown in ("nowhere", "", "x" * 200, "a\x00b"):
        assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await tom.conv(pb.update, cid=unknown, attr=some))
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.update, cid=cid))
    strange = attributes(name={"__op": "Explode"})
    assert (4301, "CONVERSATION_API_FAILED") == refusal(await tom.conv(pb.update, cid=cid, attr=strange))
    assert (4314, "NORMAL_CONVERSATION_REQUIRED") == refusal(await tom.conv(pb.update, cid=temporary, attr=some))


async def test_muting_is_ones_own_affair(tom: Client, jerry: Client) -> None:
    """Others hear nothing; the rows of a query tell it."""
    cid = await tom.start("jerry")
    await jerry.settled()
    answer = await tom.conv(pb.mute, cid=cid)
    assert (["conv updated"], True, False) == (
        seen([answer]),
        bool(answer.convMessage.udate),
        answer.convMessage.HasField("attr"),
    )
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid)))
    assert (["tom"], True) == (row["mu"], row["muted"])
    assert pb.updated == (await tom.conv(pb.unmute, cid=cid)).op
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid)))
    assert ([], False) == (row["mu"], "muted" in row)
    assert [] == await jerry.line.quiet()
    assert (4303, "CONVERSATION_NOT_FOUND") == refusal(await tom.conv(pb.mute, cid="nowhere"))


async def test_members_are_counted_and_named(hall: Hall, tom: Client) -> None:
    """And a client asks where it is in."""
    cid, other = await tom.start("jerry", "spike"), await tom.start("jerry")
    spike = await hall.log_in("spike")
    assert 3 == (await tom.conv(pb.count, cid=cid)).convMessage.count
    named = await tom.conv(pb.members, cid=cid)
    assert (pb.members, {"tom", "jerry", "spike"}) == (named.op, set(named.convMessage.m))
    assert [] == list((await tom.conv(pb.members, cid=cid, limit=0)).convMessage.m)
    assert 2 == len((await tom.conv(pb.members, cid=cid, limit=2)).convMessage.m)
    asked = await spike.conv(pb.is_member, cids=[cid, other, "nowhere"])
    assert {cid: True, other: False, "nowhere": False} == json.loads(asked.convMessage.results.data)


# Looking for them


async def test_ones_own_are_found_without_a_condition(hall: Hall, tom: Client) -> None:
    """The liveliest first, ten unless said otherwise; with a condition those of others are found, too."""
    cids = [await tom.start("jerry") for _ in range(12)]
    spike = await hall.log_in("spike")
    await tom.say(cids[3])
    found = [row["objectId"] for row in rows(await tom.conv(pb.query, where=attributes()))]
    assert (cids[3], 10) == (found[0], len(found))
    assert 12 == len(rows(await tom.conv(pb.query, where=attributes(), limit=100)))
    assert [] == rows(await tom.conv(pb.query, where=attributes(), limit=0))
    assert 2 == len(rows(await tom.conv(pb.query, where=attributes(), limit=100, skip=10)))
    assert [] == rows(await spike.conv(pb.query, where=attributes()))
    assert [cids[0]] == [
        row["objectId"] for row in rows(await spike.conv(pb.query, where=attributes(objectId=cids[0])))
    ]


async def test_rows_say_what_is_asked_of_them(tom: Client) -> None:
    """Without members, or with the last message, text or bytes; nothing is said of what is not there."""
    cid = await tom.start("jerry", attr=attributes(name="Chase", colour="red"))
    [row] = rows(await tom.conv(pb.query, where=attributes(colour="red"), flag=2))
    assert {"objectId", "createdAt", "updatedAt", "c", "name", "colour", "m", "mu", "conv_type"} == set(row)
    assert ("tom", 1, "red") == (row["c"], row["conv_type"], row["colour"])
    said = await tom.say(cid, "hi", mentionPids=["jerry"], mentionAll=True)
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid), flag=3))
    assert ("hi", "tom", said.uid, said.t, True, ["jerry"], False, False) == (
        *(row[key] for key in ("msg", "msg_from", "msg_mid", "msg_timestamp", "mention_all", "mention_pids")),
        "m" in row,
        "bin" in row,
    )
    assert "Date" == row["lm"]["__type"]
    body = pb.DirectCommand(cid=cid, binaryMsg=b"\x00\xff")
    await tom.ask(pb.direct, directMessage=body)
    [row] = rows(await tom.conv(pb.query, where=attributes(objectId=cid), flag=2))
    assert ("AP8=", True) == (row["msg"], row["bin"])


@pytest.mark.parametrize(
    "where",
    ['{"$bad":1}', '{"a":{"$regex":"("}}', "{", "[]", '"x"', '{"a":{"$size":"x"}}', '{"a":' * 120 + "1" + "}" * 120],
)
async def test_a_question_that_cannot_be_answered(tom: Client, where: str) -> None:
    """It is refused as such, and nothing is the worse for it."""
    refused = await tom.conv(pb.query, where=pb.JsonObjectMessage(data=where))
    assert (4310, "CONVERSATION_QUERY_FAILED") == refusal(refused)
    assert refused.errorMessage.detail
    assert [] == rows(await tom.conv(pb.query, where=attributes()))


async def test_a_huge_question_costs_the_socket(hall: Hall, tom: Client) -> None:
    """A frame over the limit ends it with a code of this protocol; others are not disturbed."""
    jerry = await hall.log_in("jerry")
    where = pb.JsonObjectMessage(data='{"name":"' + "x" * (1 << 20) + '"}')
    frame = pb.GenericCommand(cmd=pb.conv, op=pb.query, i=99, convMessage=pb.ConvCommand(where=where))
    await tom.line.send(frame)
    assert 4109 == await tom.line.closed()
    assert await jerry.start("spike")
