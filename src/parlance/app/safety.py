"""Whether a server may start as it is set up. On loopback everything goes; where others can reach it, not."""

import ipaddress
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from urllib.parse import urlsplit

import msgspec
import structlog

from parlance.app.config import Config
from parlance.core.model.app import App, Policy

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

SHORTEST_KEY = 8
GUESSABLE_KEYS = frozenset(
    {"master", "masterkey", "master-key", "master_key", "password", "password1", "12345678", "123456789", "changeme"}
    | {"change-me", "administrator", "parlance", "secret12", "test1234", "testtest", "qwertyui", "666666666"}
)


class Gravity(Enum):
    """What a finding means for starting."""

    WARNING = "warning"
    REFUSAL = "refusal"


class Finding(msgspec.Struct, frozen=True):
    """Something that is not safe, in a sentence that says what to do about it."""

    gravity: Gravity
    sentence: str


def on_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        # A name may mean anything.
        return False


def reachable(config: Config) -> bool:
    """Whether others than this machine can reach the server: by its own address, or through a proxy in front."""
    public = urlsplit(config.public_url).hostname
    return not on_loopback(config.host) or (public is not None and not on_loopback(public))


def findings(config: Config, apps: Collection[App], data_mode: int | None = None) -> list[Finding]:
    """What is not safe. `data_mode`: the data folder's permissions, None where it has none."""
    if not reachable(config):
        return []
    return [*_about_keys(apps), *_about_policies(config, apps), *_about_server(config, data_mode)]


def guard(config: Config) -> Callable[[App], App]:
    """What every app passes on its way into a running server: one that was opened since the start stays closed.

    The operator is told in the log, once for each time the app was changed.
    """
    told: set[tuple[str, int]] = set()

    def guarded(app: App) -> App:
        if not reachable(config) or app.policy is not Policy.OPEN or app.app_id in config.allow_open:
            return app
        if (app.app_id, app.updated_at) not in told:
            told.add((app.app_id, app.updated_at))
            _log.error(
                "an open app is served as if its policy were token: others can reach this address",
                app_id=app.app_id,
                ways_out=f"set another policy, or PARLANCE_ALLOW_OPEN={app.app_id}",
            )
        return msgspec.structs.replace(app, policy=Policy.TOKEN)

    return guarded


def _about_keys(apps: Collection[App]) -> Iterator[Finding]:
    for app in apps:
        if len(app.master_key) < SHORTEST_KEY or app.master_key.lower() in GUESSABLE_KEYS:
            yield Finding(
                Gravity.REFUSAL,
                f"the server key of app {app.app_id} is easily guessed, and others can reach this address. "
                f"Make a new one: parlance app rotate --id {app.app_id} --master-key",
            )


def _about_policies(config: Config, apps: Collection[App]) -> Iterator[Finding]:
    for app in apps:
        if app.policy is Policy.OPEN and app.app_id not in config.allow_open:
            yield Finding(
                Gravity.REFUSAL,
                f"app {app.app_id} is open: whoever reaches {config.host} may read and change everything in it. Either "
                f"close it (parlance app set --id {app.app_id} --policy token), or listen on 127.0.0.1 only, or allow "
                f"it by name (PARLANCE_ALLOW_OPEN={app.app_id}).",
            )
        if app.policy is Policy.KEY and app.app_id not in config.allow_key:
            yield Finding(
                Gravity.WARNING,
                f"app {app.app_id} has the policy key: whoever reaches {config.host} may log in on the socket as "
                f"anybody. If that is a private network, say so with PARLANCE_ALLOW_KEY={app.app_id}.",
            )


def _about_server(config: Config, data_mode: int | None) -> Iterator[Finding]:
    if not config.public_url:
        yield Finding(
            Gravity.WARNING,
            "PARLANCE_PUBLIC_URL is not set: the addresses of uploaded files are made from each request's Host header.",
        )
    if data_mode is not None and data_mode & 0o007:
        yield Finding(
            Gravity.WARNING,
            f"every user of this machine may look into {config.data_dir}: chmod 700 {config.data_dir}",
        )
