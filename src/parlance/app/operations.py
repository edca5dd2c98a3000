"""What an operator does to an installation from outside a running server: the command line's verbs."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from parlance.app.assemble import opened
from parlance.app.config import Config, ConfigError
from parlance.app.safety import Finding, findings
from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import IssuedToken
from parlance.core.model.user import client_id
from parlance.kernel.ids import AppId
from parlance.stores import sql as stores

Answer = TypeVar("Answer")

TRIAL_APP = AppId("666666")
TRIAL_KEY = "master"


async def carry_out(config: Config, verb: Callable[[Actions], Awaitable[Answer]]) -> Answer:
    """Open the store, do one thing, close it. A server running on the same store notices within 2 s.

    Raises ConfigError if there is no usable store where the configuration says.
    """
    with told_of_the_store(config):
        async with opened(config) as application:
            return await verb(application.actions)


async def migrate(config: Config) -> bool:
    """Bring the database up to date, making it if need be; whether there was anything to do."""
    with told_of_the_store(config):
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return await stores.migrate(config.database)


async def verify(config: Config) -> list[str]:
    """Where the database does not agree with itself, a sentence each. Changes nothing."""
    if isinstance(config.database, Path) and not config.database.exists():
        raise ConfigError(f"{config.database}: there is no database")
    with told_of_the_store(config):
        return [str(finding) for finding in await stores.verify(config.database)]


async def prepare_trial(config: Config) -> App:
    """The app of the documents' own examples, made if it is not there; what was changed in it stays."""

    async def find_or_make(actions: Actions) -> App:
        for app in await actions.find_apps():
            if app.app_id == TRIAL_APP:
                return app
        return await actions.register_app(TRIAL_APP, "Trial", TRIAL_KEY, Policy.OPEN)

    return await carry_out(config, find_or_make)


async def unsafe(config: Config) -> tuple[list[App], list[Finding]]:
    """The apps there are, and what speaks against serving them on the configured address."""
    apps = await carry_out(config, lambda actions: actions.find_apps())
    return apps, findings(config, apps, _mode(config.data_dir))


async def issue_token(config: Config, app_id: str, client: str, lifetime: int | None) -> IssuedToken:
    """A token for one client of an app; `lifetime` in milliseconds."""

    async def issue(actions: Actions) -> IssuedToken:
        caller = Caller(await actions.find_apps.one(app_id))
        if lifetime is None:
            return await actions.issue_token(caller, client_id(client))
        return await actions.issue_token(caller, client_id(client), lifetime)

    return await carry_out(config, issue)


def _mode(folder: Path) -> int | None:
    return folder.stat().st_mode if folder.exists() else None


@contextmanager
def told_of_the_store(config: Config) -> Iterator[None]:
    """Turn what is wrong with the place or the tables of the store into a ConfigError."""
    try:
        yield
    except stores.SchemaError as error:
        raise ConfigError(f"{config.database_name}: {error}") from None
    except OSError as error:
        raise ConfigError(f"{error.filename or config.data_dir}: {error.strerror}") from None
