"""Who is online, what somebody has to read, and what an app may do about somebody."""

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client, Hall
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def test_who_is_online(office: Office, tom: Client) -> None:
    """On whatever socket; who is unknown is not."""
    await office.on_the_platform("spike")
    asked = {"client_ids": ["spike", "jerry", tom.name]}
    assert {"results": ["spike", "tom"]} == await office.post(f"{RTM}/clients/check-online", asked)
    for clients in ([], [str(number) for number in range(21)]):
        reply = await office.rest.post(f"{RTM}/clients/check-online", {"client_ids": clients})
        assert (400, 1) == refusal(reply)[:2]


async def test_how_many_are_here(office: Office, hall: Hall) -> None:
    """Now, and today."""
    office.town.clock.stop()
    tom, jerry = await hall.log_in("tom"), await hall.log_in("jerry")
    assert {"result": {"online_user_count": 2, "user_count_today": 2}} == await office.get(f"{RTM}/stats")
    await jerry.line.ws.close()
    await tom.settled()
    assert {"result": {"online_user_count": 1, "user_count_today": 2}} == await office.get(f"{RTM}/stats")


async def test_how_much_is_unread(office: Office) -> None:
    """In all conversations, or in one; the public key is enough."""
    one, other = await office.start("tom", "jerry"), await office.start("tom", "jerry")
    for cid in (one, one, other):
        await office.send(cid)
    where = f"{RTM}/clients/jerry/unread-count"
    assert {"count": 3} == await office.get(where)
    assert [2, 0] == [(await office.public.get(f"{where}?conv_id={cid}")).body["count"] for cid in (one, NOBODY)]
    assert {"count": 0} == await office.get(f"{RTM}/clients/tom/unread-count")


async def test_somebody_is_sent_off(office: Office, hall: Hall, tom: Client) -> None:
    """With the reason, on every socket; what it had shown before does not let it in again."""
    phone = await office.on_the_platform("tom")
    assert {} == await office.post(f"{RTM}/clients/tom/kick", {"reason": "enough"})
    closed = await tom.pushed(pb.session, pb.closed)
    assert (4115, "enough") == (closed.sessionMessage.code, closed.sessionMessage.reason)
    await phone.closed()
    line = await hall.connect()
    answer = await line.ask(hall.opening("tom", st=tom.token, r=True))
    assert 4112 == answer.errorMessage.code
    reply = await office.rest.post(f"{RTM}/clients/tom/kick", {"reason": "x" * 21})
    assert (400, 1) == refusal(reply)[:2]


async def test_conversations_that_keep_somebody_out(office: Office) -> None:
    """Whoever keeps it out: the conversation or the client itself. Page by page."""
    ids = sorted([await office.start("tom", "jerry") for _ in range(3)])
    where = f"{RTM}/clients/tom/blacklists"
    for cid in ids:
        assert {} == await office.post(where, {"conv_id": cid})
    first = await office.get(where, limit=2)
    rest = await office.get(where, limit=2, next=first["next"])
    assert (ids, False) == (sorted([*first["conv_ids"], *rest["conv_ids"]]), "next" in rest)
    reply = await office.rest.post(f"{RTM}/conversations/{ids[0]}/members", {"client_ids": ["tom"]})
    assert (403, 4548, "BLOCKED_BY_CONV") == refusal(reply)
    assert {} == await office.delete(where, {"conv_id": ids[0]})
    assert ids[1:] == sorted((await office.get(where))["conv_ids"])
    assert (404, 4303) == refusal(await office.rest.post(where, {"conv_id": NOBODY}))[:2]
