"""Moving an installation's database: from a file to PostgreSQL, or back."""

from pathlib import Path

from parlance.app.config import Config, ConfigError
from parlance.app.operations import told_of_the_store
from parlance.stores.sql.carrying import Watch
from parlance.stores.sql.moving import Moved, left_alone, move, to_be_filled


async def move_database(origin: Config, target: Config, watch: Watch) -> list[Moved]:
    """Bring everything in the one's database into the other's, which is empty or has a part of it.

    What was uploaded stays where it is. Raises ConfigError, with the reason, if it cannot be.
    """
    name = _name(origin)
    if name == _name(target):
        raise ConfigError(f"{name}: it cannot be moved into itself")
    with told_of_the_store(origin):
        async with left_alone(origin.database) as source:
            with told_of_the_store(target):
                if isinstance(target.database, Path):
                    target.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                async with to_be_filled(target.database) as destination:
                    return await move(source, name, destination, watch)


def _name(config: Config) -> str:
    """The same from wherever it is said."""
    return str(config.database.resolve()) if isinstance(config.database, Path) else config.database_name
