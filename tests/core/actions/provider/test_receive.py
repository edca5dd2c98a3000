"""Taking in what RongCloud's clients say to each other."""

import msgspec
import pytest

from core.actions.provider.conftest import Front
from core.world import refusal
from parlance.core.actions.provider.receive import Taken
from parlance.core.model.message import Message
from parlance.core.model.rongcloud import Proof, Routed, proves, signature
from parlance.kernel.clock import MINUTE, SECOND
from parlance.kernel.faults import FaultCode
from rongcloud.fake import KEY, SECRET

ROUTED = Routed("1", "1", "GROUP", "RC:TxtMsg", '{"content":"hi"}', "5FGT-7VA9-G4DD-4V5P")
NOW = 1_800_000_000_000


async def newest(front: Front) -> Message | None:
    """The newest message of the group."""
    found = await front.world.store.read.messages.latest([1])
    return found.get(1)


async def test_it_is_stored_once(front: Front) -> None:
    """In the group of that number, as its sender's."""
    for _ in range(2):
        assert Taken.STORED is await front.actions.receive_routed(front.app, ROUTED)
    message = await newest(front)
    assert message is not None
    assert ("ada", "hi", 1) == (message.sender, message.text, message.seq)


@pytest.mark.parametrize(
    ("other", "taken"),
    [
        ({"channel": "TEMPGROUP"}, Taken.NOT_OURS),
        ({"directed": True}, Taken.NOT_OURS),
        ({"sender": "99"}, Taken.UNKNOWN_PEOPLE),
        ({"target": "99"}, Taken.UNKNOWN_PEOPLE),
        ({"target": "x"}, Taken.UNKNOWN_PEOPLE),
        ({"target": "99", "channel": "PERSON"}, Taken.UNKNOWN_PEOPLE),
        ({"channel": "PERSON"}, Taken.REFUSED),
        ({"sender": "3"}, Taken.REFUSED),
    ],
)
async def test_what_is_not_stored(front: Front, other: dict[str, str], taken: Taken) -> None:
    """And why."""
    assert taken is await front.actions.receive_routed(front.app, msgspec.structs.replace(ROUTED, **other))
    assert await newest(front) is None


def proof(timestamp: int, nonce: str = "14314", key: str | None = None) -> Proof:
    """What RongCloud would show."""
    return Proof(nonce, str(timestamp), signature(SECRET, nonce, str(timestamp)), key)


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        (proof(NOW), True),
        (proof(NOW // SECOND), True),
        (proof(NOW, key=KEY), True),
        (proof(NOW - 10 * MINUTE), True),
        (proof(NOW + 10 * MINUTE), True),
        (proof(NOW - 10 * MINUTE - 1), False),
        (proof(NOW // SECOND + 601), False),
        (proof(NOW, key="another"), False),
        (proof(NOW, key=""), False),
        (msgspec.structs.replace(proof(NOW), signature=proof(NOW).signature.upper()), True),
        (msgspec.structs.replace(proof(NOW), signature="秘"), False),
        (msgspec.structs.replace(proof(NOW), nonce="14315"), False),
        (Proof("1", "soon", signature(SECRET, "1", "soon")), False),
        (Proof("1", "9" * 30, signature(SECRET, "1", "9" * 30)), False),
        (Proof("1", "-1", signature(SECRET, "1", "-1")), False),
    ],
)
def test_what_proves_that_it_is_rongcloud(shown: Proof, holds: bool) -> None:
    """The secret, the key if it is shown, and the time, in seconds or milliseconds."""
    assert holds is proves(shown, KEY, SECRET, NOW)


def test_an_empty_secret_proves_nothing() -> None:
    """Whoever knows that there is none knows nothing."""
    shown = Proof("1", str(NOW), signature("", "1", str(NOW)))
    assert not proves(shown, "", "", NOW)


async def test_it_is_the_app_s_if_one_proof_holds(front: Front) -> None:
    """Of an app that has RongCloud behind it, and no other."""
    now = front.world.clock.now()
    await front.world.application.directory.refresh()
    good, bad = proof(now), proof(0)
    assert front.app == await front.actions.receive_routed.verified("hall", [bad, good])
    for app_id, shown in (("hall", [bad]), ("hall", []), ("annex", [good]), ("nowhere", [good])):
        assert FaultCode.BAD_CREDENTIAL is await refusal(front.actions.receive_routed.verified(app_id, shown))
