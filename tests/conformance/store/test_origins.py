"""The repository of what was last seen of things where they came from."""

from conformance.store.stage import ANNEX, HALL, Stage
from parlance.core.model.origin import Noun


async def test_what_was_seen_last_is_known(stage: Stage) -> None:
    """By app, by what it is and by name; the newest counts."""
    async with stage.store.begin() as tx:
        await tx.origins.put(HALL, Noun.PERSON, {"tom": "{}", "ada": "1"})
        await tx.origins.put(HALL, Noun.FILE, {"tom": "key"})
        await tx.origins.put(HALL, Noun.PERSON, {"tom": '{"name":"汤姆"}'})
        await tx.origins.put(HALL, Noun.PERSON, {})
    read = stage.store.read.origins
    assert {"tom": '{"name":"汤姆"}'} == await read.of(HALL, Noun.PERSON, ["tom", "cy", "a\x00b"])
    assert {"tom": "key"} == await read.of(HALL, Noun.FILE, ["tom", "ada"])
    assert {} == await read.of(ANNEX, Noun.PERSON, ["tom"])
    assert {} == await read.of(HALL, Noun.PERSON, [])
