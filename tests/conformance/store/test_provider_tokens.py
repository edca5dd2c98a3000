"""The repository of the keys that providers made."""

from conformance.store.stage import ADA, ANNEX, BEN, HALL, Stage
from parlance.core.ports.provider_tokens import ProviderToken

TOKEN = ProviderToken("issuer", "token", 1_000)


async def test_the_newest_key_is_kept(stage: Stage) -> None:
    """It takes the place of the one before."""
    newer = ProviderToken("other", "newer", 2_000)
    for token in (TOKEN, newer):
        async with stage.store.begin() as tx:
            await tx.provider_tokens.put(HALL, ADA, token)
        assert token == await stage.store.read.provider_tokens.find(HALL, ADA)


async def test_keys_are_one_client_s_in_one_app(stage: Stage) -> None:
    """Nobody else finds them."""
    async with stage.store.begin() as tx:
        await tx.provider_tokens.put(HALL, ADA, TOKEN)
    find = stage.store.read.provider_tokens.find
    assert (None, None) == (await find(HALL, BEN), await find(ANNEX, ADA))
