"""Who is in a conversation: POST, GET and DELETE /im/conversations/{conv_id}/members."""

from cast import Town


async def test_members_are_listed(town: Town) -> None:
    """GET lists the client ids of who is in."""
    assert ["ada", "ben"] == sorted((await town.backend.get(f"/im/conversations/{town.group}/members")).data)
