"""What an app's backend has to agree to, where the app says so (wire: leancloud#signatures)."""

from typing import Any

import msgspec
import pytest

from gateway.leancloud.clients import Client, Hall, refusal, seen
from parlance.core.model.app import App
from parlance.core.model.signature import Permission, SignedAction, signature_of
from parlance.kernel.ids import ClientId
from parlance.protocols.leancloud.generated import messages_pb2 as pb


@pytest.fixture
async def app(hall: Hall) -> App:
    """An app that wants everything signed but its logins."""
    actions = hall.town.application.actions
    app = await actions.find_apps.one(hall.app_id)
    settings = msgspec.structs.replace(app.settings, signed_conversations=True, signed_blacklists=True)
    changed = await actions.change_app(hall.app_id, settings=settings)
    await hall.town.application.directory.refresh()
    return changed


def signed(hall: Hall, app: App, cid: str | None, action: SignedAction | None, *members: str) -> dict[str, Any]:
    """What Tom shows."""
    at = hall.town.clock.now()
    permission = Permission(ClientId("tom"), tuple(map(ClientId, members)), cid, action)
    return {"t": at, "n": "n", "s": signature_of(app, permission, at, "n")}


async def test_a_conversation_begins_with_a_signature(hall: Hall, app: App, tom: Client) -> None:
    """Over its members as they are named; without it, or with another, it does not."""
    members = ["jerry", "tom"]
    for wrong in ({}, signed(hall, app, None, None, "spike", "tom"), {"t": 1, "n": "n", "s": "x"}):
        refused = await tom.conv(pb.start, m=members, **wrong)
        assert (4302, "CONVERSATION_SIGNATURE_FAILED") == refusal(refused)
    answer = await tom.conv(pb.start, m=members, **signed(hall, app, None, None, *members))
    assert ["conv started"] == seen([answer])


async def test_people_come_and_go_with_a_signature(hall: Hall, app: App, tom: Client) -> None:
    """One for coming is none for going."""
    began = await tom.conv(pb.start, m=["jerry", "tom"], **signed(hall, app, None, None, "jerry", "tom"))
    cid = began.convMessage.cid
    invite, kick = (signed(hall, app, cid, action, "spike") for action in (SignedAction.INVITE, SignedAction.KICK))
    for op, right, wrong in ((pb.add, invite, kick), (pb.remove, kick, invite)):
        for signature in ({}, wrong):
            refused = await tom.conv(op, cid=cid, m=["spike"], **signature)
            assert (4302, "CONVERSATION_SIGNATURE_FAILED") == refusal(refused)
        assert ["spike"] == list((await tom.conv(op, cid=cid, m=["spike"], **right)).convMessage.allowedPids)


async def test_a_blacklist_takes_a_signature(hall: Hall, app: App, tom: Client) -> None:
    """With a code of its own."""
    began = await tom.conv(pb.start, m=["jerry", "tom"], **signed(hall, app, None, None, "jerry", "tom"))
    cid = began.convMessage.cid
    for op, action in ((pb.block, SignedAction.BLOCK), (pb.unblock, SignedAction.UNBLOCK)):
        refused = await tom.blacklist(op, srcCid=cid, toPids=["jerry"])
        assert (4546, "BLACKLIST_SIGNATURE_FAILED") == refusal(refused)
        right = signed(hall, app, cid, action, "jerry")
        answer = await tom.blacklist(op, srcCid=cid, toPids=["jerry"], **right)
        assert ["jerry"] == list(answer.blacklistMessage.allowedPids)
