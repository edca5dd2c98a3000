"""Signatures: recomputed as LeanCloud's clients and servers compute them."""

import hmac
import re
from typing import Any

import pytest

from apis.campus.school import School, answer, refusal
from parlance.core.model.app import Policy

NONCE = re.compile(r"[A-Za-z0-9]{8}")
MILLISECONDS = re.compile(r"[0-9]{13}")


def verified(school: School, answered: dict[str, Any], *parts: str) -> bool:
    """Whether the signature is over these parts, with time and nonce in their places."""
    assert NONCE.fullmatch(answered["nonce"])
    assert MILLISECONDS.fullmatch(answered["timestamp"])
    text = ":".join(parts).replace("TIME", answered["timestamp"]).replace("NONCE", answered["nonce"])
    made = hmac.new(school.app.master_key.encode(), text.encode(), "sha1").hexdigest()
    signature: str = answered["signature"]
    return made == signature


@pytest.mark.parametrize("path", ["/im/signature/login/2/c565", "/signature/login/2/c565", "/signature/login/2/c565/"])
async def test_a_login(school: School, path: str) -> None:
    """Two colons behind the client id."""
    answered = answer(await school.bare.get(path))
    assert verified(school, answered, "2", "c565", "", "TIME", "NONCE")


@pytest.mark.parametrize("first", ["/im/signature/conversation", "/signature/conversion"])
async def test_a_conversation(school: School, first: str) -> None:
    """With its members, sorted by code point however they come, and answered so."""
    for sent in ("c10:c9:C1:o3:小:10", "10:C1:c10:c9:o3:小"):
        answered = answer(await school.bare.get(f"{first}/2/c565/{sent}"))
        assert "10:C1:c10:c9:o3:小" == answered["sorted_member_ids"]
        assert verified(school, answered, "2", "c565", "10:C1:c10:c9:o3:小", "TIME", "NONCE")


@pytest.mark.parametrize("action", ["invite", "kick"])
@pytest.mark.parametrize("first", ["/im/signature", "/signature"])
async def test_a_change_of_members(school: School, first: str, action: str) -> None:
    """With its conversation, and what is done at the end."""
    answered = answer(await school.bare.get(f"{first}/{action}/2/c565/66aabb/b:a"))
    assert ("a:b", action) == (answered["sorted_member_ids"], answered["action"])
    name = "conversion_id" if (first, action) == ("/signature", "invite") else "conversation_id"
    assert "66aabb" == answered[name]
    assert verified(school, answered, "2", "c565", "66aabb", "a:b", "TIME", "NONCE", action)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/im/signature/conversation/2/c565", ()),
        ("/signature/conversion/2/c565", ()),
        ("/im/signature/invite/2/c565/66aabb", ("66aabb",)),
        ("/im/signature/kick/2/c565/66aabb", ("66aabb",)),
        ("/signature/invite/2/c565/66aabb", ("66aabb",)),
        ("/signature/kick/2/c565/66aabb", ("66aabb",)),
    ],
)
async def test_nobody_named(school: School, path: str, parts: tuple[str, ...]) -> None:
    """As for joining: an empty list, with and without the final slash."""
    end = [part for part in ("invite", "kick") if part in path]
    for address in (path, f"{path}/"):
        answered = answer(await school.bare.get(address))
        assert "" == answered["sorted_member_ids"]
        assert verified(school, answered, "2", "c565", *parts, "", "TIME", "NONCE", *end)


async def test_every_signature_is_another(school: School) -> None:
    """The nonce is drawn anew, and the time is now."""
    one, other = [answer(await school.bare.get("/im/signature/login/2/c565")) for _ in range(2)]
    assert one["nonce"] != other["nonce"]
    assert abs(int(one["timestamp"]) - school.town.clock.now()) < 60_000


async def test_colons_in_an_address_may_be_escaped(school: School) -> None:
    """As careful clients send them."""
    answered = answer(await school.bare.get("/im/signature/conversation/2/c565/b%3Aa"))
    assert "a:b" == answered["sorted_member_ids"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("login/2/c5%3A65", "client_id"),
        ("login/2/c5%2065", "client_id"),
        (f"login/2/{'x' * 65}", "client_id"),
        ("conversation/2/c565/a::b", "sorted_member_ids"),
        ("conversation/2/c565/a:", "sorted_member_ids"),
        ("conversation/2/c565/a:b%00", "sorted_member_ids"),
        ("invite/2/c565/x%3Ay/a:b", "conversation_id"),
        ("kick/2/c565/x%20y/a:b", "conversation_id"),
        (f"kick/2/c565/{'x' * 65}/a:b", "conversation_id"),
    ],
)
async def test_what_could_be_read_in_two_ways(school: School, path: str, field: str) -> None:
    """1001 naming it: colons join what is signed."""
    reply = await school.bare.get(f"/im/signature/{path}")
    assert (400, 1001) == refusal(reply)
    assert field in reply.body["message"]


async def test_the_first_revision_names_its_own_field(school: School) -> None:
    """`conversion_id`, where the address spells it so."""
    reply = await school.bare.get("/signature/invite/2/c565/x%3Ay/a")
    assert (400, 1001) == refusal(reply)
    assert "conversion_id" in reply.body["message"]


async def test_a_token_signs_for_its_client(school: School) -> None:
    """And for nobody else, whatever is signed."""
    own = await school.token("c565")
    assert "c565" == answer(await own.get("/im/signature/login/2/c565"))["client_id"]
    for path in ("login/2/c7", "conversation/2/c7/c565", "invite/2/c7/x/c565", "kick/2/c7/x/c565"):
        assert (403, 403) == refusal(await own.get(f"/im/signature/{path}"))


async def test_the_address_names_the_app(school: School) -> None:
    """Its key signs; what is shown must be right for it."""
    other = await school.town.app("3", Policy.KEY)
    path = "/im/signature/login/3/c565"
    assert (401, 401) == refusal(await school.bare.get(path))
    assert (401, 401) == refusal(await school.bare.showing(app_key=school.app.master_key).get(path))
    assert (401, 401) == refusal(await (await school.token("c565")).get(path))
    assert (400, 1001) == refusal(await school.backend.get(path))
    assert (401, 401) == refusal(await school.bare.get("/im/signature/login/nowhere/c565"))
    answered = answer(await school.bare.showing(app_key=other.master_key).get(path))
    text = f"3:c565::{answered['timestamp']}:{answered['nonce']}"
    assert hmac.new(other.master_key.encode(), text.encode(), "sha1").hexdigest() == answered["signature"]


async def test_there_is_no_other_way_to_ask(school: School) -> None:
    """405 with what is allowed, and nothing at the other revision's spelling."""
    reply = await school.bare.post("/im/signature/login/2/c565")
    assert (405, 405) == refusal(reply)
    assert "GET, HEAD, OPTIONS" == reply.headers["Allow"]
    assert (404, 404) == refusal(await school.bare.get("/im/signature/conversion/2/c565/a"))
    assert (404, 404) == refusal(await school.bare.get("/signature/conversation/2/c565/a"))
