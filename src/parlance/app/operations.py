"""What an operator does to an installation from outside a running server: the command line's verbs."""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from parlance.app.assemble import opened
from parlance.app.config import Config, ConfigError, ConsoleAccess
from parlance.app.safety import Finding, findings
from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import IssuedToken
from parlance.core.model.operator import FIRST
from parlance.core.model.user import client_id
from parlance.kernel.clock import DAY
from parlance.kernel.ids import AppId
from parlance.stores import sql as stores

Answer = TypeVar("Answer")

TRIAL_APP = AppId("666666")
TRIAL_KEY = "master"
TRIAL_LINK_LIFETIME = DAY
PASSWORD_FILE = "console-password"  # noqa: S105 - the name of a file
"""In the data folder: name and password of the first operator."""


class Trial(NamedTuple):
    """What is ready for trying out: the key of a link to the console, and where the first operator's password lies.

    "" and None where there is no console; None as well where the password was made before.
    """

    console_key: str
    password: Path | None


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


async def prepare_trial(config: Config) -> Trial:
    """The app of the documents' own examples, made if it is not there; what was changed in it stays.

    And a link for the console, which opens one session, on this machine, within a day.
    """

    async def find_or_make(actions: Actions) -> Trial:
        if all(app.app_id != TRIAL_APP for app in await actions.find_apps()):
            await actions.register_app(TRIAL_APP, "Trial", TRIAL_KEY, Policy.OPEN)
        password = await first_operator(config, actions)
        operators = await actions.operators.all()
        if config.console is ConsoleAccess.OFF or not operators:
            return Trial("", None)
        return Trial(await actions.sign_in.link(operators[0].name, TRIAL_LINK_LIFETIME), password)

    return await carry_out(config, find_or_make)


async def first_operator(config: Config, actions: Actions) -> Path | None:
    """Make the operator that an installation begins with; where its password lies, None if there is somebody already.

    The file can be read by its owner alone, and is not needed again.
    """
    if config.console is ConsoleAccess.OFF:
        return None
    password = await actions.operators.first()
    if password is None:
        return None
    path = config.data_dir / PASSWORD_FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: ASYNC230, PTH123
        file.write(f"{FIRST}\n{password}\n")
    return path


class Looked(NamedTuple):
    """The apps there are, what speaks against serving them on the configured address, and a password that was made."""

    apps: list[App]
    findings: list[Finding]
    password: Path | None


async def look_before_serving(config: Config) -> Looked:
    """Look at what is there, and make the first operator if there is none."""

    async def look(actions: Actions) -> tuple[list[App], Path | None]:
        return await actions.find_apps(), await first_operator(config, actions)

    apps, password = await carry_out(config, look)
    return Looked(apps, findings(config, apps, _mode(config.data_dir)), password)


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
