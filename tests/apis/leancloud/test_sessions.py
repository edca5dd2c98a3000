"""What clients ask for with the token of their session on the socket."""

from typing import Any

import pytest

from apis.leancloud.office import OLD, RTM, Office, refusal
from cast import Reply
from gateway.leancloud.clients import Client, Hall
from parlance.kernel.clock import DAY
from parlance.protocols.leancloud.generated import messages_pb2 as pb

MISSED, ROLES = f"{OLD}/notifications", "/1.1/classes/_ConversationMemberInfo"
PERMANENT = "notification_type=permanent"
EXPIRED = (401, 4112, "SESSION_TOKEN_EXPIRED")


async def _ask(office: Office, client: Client, path: str, token: str | None = None) -> Reply:
    headers = {"X-LC-IM-Session-Token": client.token if token is None else token}
    return await office.public.get(path, headers=headers)


async def _missed(office: Office, client: Client, since: int = 0) -> list[dict[str, Any]]:
    reply = await _ask(office, client, f"{MISSED}?client_id={client.name}&start_ts={since}&{PERMANENT}")
    assert {"hasMore", "notifications"} == reply.body.keys(), reply.body
    assert not reply.body["hasMore"]
    found: list[dict[str, Any]] = reply.body["notifications"]
    return found


async def test_what_was_missed(office: Office, tom: Client) -> None:
    """As the socket would have said it, the earliest first, and only what came later."""
    one, other = await office.start("jerry", "tom"), await office.start("jerry", "spike")
    await office.post(f"{RTM}/conversations/{one}/permanent-silenceds", {"client_ids": ["tom"]})
    office.town.clock.advance(5)
    await office.post(f"{RTM}/conversations/{other}/members", {"client_ids": ["tom"]})
    office.town.clock.advance(5)
    await office.delete(f"{RTM}/conversations/{other}/members", {"client_ids": ["tom"]})
    rows = await _missed(office, tom)
    assert [("joined", one), ("shutuped", one), ("left", other)] == [(row["op"], row["cid"]) for row in rows]
    assert {("conv", 1)} == {(row["cmd"], row["notificationType"]) for row in rows}
    assert rows[2:] == await _missed(office, tom, rows[1]["serverTs"])
    assert sorted(row["serverTs"] for row in rows) == [row["serverTs"] for row in rows]


async def test_what_was_read(office: Office, tom: Client, jerry: Client) -> None:
    """Of what wanted a receipt."""
    cid = await tom.start("jerry")
    ack = await tom.say(cid, r=True)
    await jerry.heard()
    await jerry.tell(pb.read, readMessage=pb.ReadCommand(convs=[pb.ReadTuple(cid=cid, timestamp=ack.t)]))
    await tom.pushed(pb.rcp)
    (row,) = [row for row in await _missed(office, tom) if row["cmd"] == "rcp"]
    assert (ack.uid, cid, "jerry", True, 1) == (
        row["id"],
        row["cid"],
        row["from"],
        row["read"],
        row["notificationType"],
    )


async def test_nothing_of_what_is_no_more(office: Office, tom: Client) -> None:
    """Clients could not look it up."""
    cid = await office.start("jerry", "tom")
    await office.delete(f"{RTM}/conversations/{cid}")
    assert [] == await _missed(office, tom)


async def test_both_kinds(office: Office, tom: Client) -> None:
    """Who does not say which gets both; what may be dropped was, so its cache is worth nothing."""
    await office.start("jerry", "tom")
    dropped = {"hasMore": False, "notifications": [], "invalidLocalConvCache": True}
    both = (await _ask(office, tom, f"{MISSED}?client_id=tom&start_ts=0")).body
    assert (dropped, await _missed(office, tom)) == (both["droppable"], both["permanent"]["notifications"])
    assert dropped == (await _ask(office, tom, f"{MISSED}?start_ts=0&notification_type=droppable")).body


async def test_who_has_a_role(office: Office, tom: Client) -> None:
    """By `where`, or by itself; with no owner among them."""
    cid = await office.start("tom", "jerry", "spike")
    info = await office.post(f"{RTM}/conversations/{cid}/member-infos", {"clientId": "jerry", "role": "Manager"})
    for query in (f'where={{"cid":"{cid}"}}', f"cid={cid}"):
        rows = (await _ask(office, tom, f"{ROLES}?client_id=tom&{query}")).body["results"]
        assert [{"objectId": info["objectId"], "clientId": "jerry", "role": "Manager", "cid": cid}] == [
            row for row in rows if row["role"] != "Member"
        ]
        assert "tom" not in {row["clientId"] for row in rows}
    assert {"results": []} == (await _ask(office, tom, f"{ROLES}?cid={cid}&limit=0")).body
    assert rows == (await office.rest.get(f"{ROLES}?cid={cid}&client_id=tom")).body["results"]
    for where in ("", "where=[]", "where={}", 'where={"cid":7}'):
        assert (400, 1) == refusal(await _ask(office, tom, f"{ROLES}?{where}"))[:2]


async def test_strangers_see_no_roles(office: Office, tom: Client) -> None:
    """Of conversations they are not in."""
    cid = await office.start("jerry", "spike")
    assert (403, 4317) == refusal(await _ask(office, tom, f"{ROLES}?cid={cid}"))[:2]


@pytest.mark.parametrize("path", [f"{MISSED}?client_id=tom", f"{ROLES}?cid=x&client_id=tom"])
async def test_tokens_that_do_not_do(office: Office, hall: Hall, tom: Client, path: str) -> None:
    """None, nonsense, somebody else's, one that is over, one of who was sent off."""
    jerry = await hall.log_in("jerry")
    for token in ("x", jerry.token):
        assert EXPIRED == refusal(await _ask(office, tom, path, token))
    assert EXPIRED == refusal(await office.public.get(path))
    await office.post(f"{RTM}/clients/jerry/kick", {})
    assert EXPIRED == refusal(await _ask(office, jerry, path.replace("tom", "jerry")))
    office.town.clock.advance(3 * DAY)
    assert EXPIRED == refusal(await _ask(office, tom, path))
