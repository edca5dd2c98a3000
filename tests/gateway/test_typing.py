"""`typing`: showing that one is writing (wire: platform#typing)."""

from cast import Town
from gateway.watch import quiet, refusal, refused


async def test_the_other_members_are_told(town: Town) -> None:
    """Members who are online see it; neither the writer's devices nor strangers do; there is no answer."""
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    ben, cy = await town.log_in(town.ben), await town.log_in(town.cy)
    await phone.send("typing", {"conv_id": town.group})
    frame = await ben.next("typing")
    assert {"type": "typing", "data": {"conv_id": town.group, "client_id": "ada"}} == frame
    assert await quiet(phone, laptop, ben, cy)


async def test_nothing_is_kept_of_it(town: Town) -> None:
    """Whoever comes later does not hear of it, and nothing is unread."""
    ada = await town.log_in(town.ada)
    await ada.send("typing", {"conv_id": town.group})
    await ada.request("ping")
    ben = await town.log_in(town.ben)
    assert 0 == (await ben.request("sync"))["data"]["conversations"][0]["unread"]
    assert await quiet(ben)


async def test_refusals(town: Town) -> None:
    """A stranger, an unknown conversation, and none at all are refused."""
    cy, ben = await town.log_in(town.cy), await town.log_in(town.ben)
    assert refused(4013) == refusal(await cy.request("typing", {"conv_id": town.group}))
    assert refused(4011) == refusal(await cy.request("typing", {"conv_id": "nowhere"}))
    assert refused(4001) == refusal(await cy.request("typing"))
    assert await quiet(ben)
