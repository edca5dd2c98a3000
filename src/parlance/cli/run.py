"""`parlance dev` and `parlance serve`: a server, until it is told to stop."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import structlog
import uvloop
from rich.console import Console

from parlance.app import operations
from parlance.app.config import Config, ConfigError, LogFormat
from parlance.app.logs import configure
from parlance.app.process import FolderInUseError
from parlance.app.safety import Gravity
from parlance.app.server import run
from parlance.app.workers import WORKER_FLAG, check_workers, supervise
from parlance.cli import hints
from parlance.cli.settings import config_option, data_option, finished, settled, warn
from parlance.kernel.ids import AppId

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TRIAL_FOLDER = Path("data/dev")
_port_option = click.option("--port", type=int, help="The port (default: 8000; 0: any free one).")


@click.command()
@_port_option
@data_option
def dev(port: int | None, data_dir: Path | None) -> None:
    """Start a complete server on this machine, for trying out.

    It listens on loopback only and has the app of the documents' own examples: 666666, server key master, open
    to everybody on this machine. What is stored stays (in data/dev) until the folder is deleted.
    """
    config = settled(
        None,
        host="127.0.0.1",
        port=port,
        data_dir=data_dir or TRIAL_FOLDER,
        default_app=operations.TRIAL_APP,
        log_format=LogFormat.TEXT if sys.stderr.isatty() else None,
    )
    configure(config.log_format, config.log_level)
    key = finished(operations.prepare_trial(config)).console_key
    _run(config, lambda got: hints.show(Console(), got, config.data_dir, key), demo_of=operations.TRIAL_APP)


@click.command()
@config_option
@click.option("--host", help="The address to listen on (default: 127.0.0.1).")
@_port_option
@data_option
@click.option(
    "--workers", default=1, show_default=True, help="Processes on the port; more than one need PostgreSQL and NATS."
)
@click.option(WORKER_FLAG, "worker_of", type=int, hidden=True)
def serve(
    config_file: Path | None,
    host: str | None,
    port: int | None,
    data_dir: Path | None,
    workers: int,
    worker_of: int | None,
) -> None:
    """Start a server, as its settings say.

    Settings come from a TOML file, from PARLANCE_* variables and from flags. Where others can reach the address,
    the server refuses to start with an app that lies open to them.
    """
    config = settled(config_file, host=host, port=port, data_dir=data_dir)
    configure(config.log_format, config.log_level)
    check_workers(config, workers)
    if worker_of is None:
        _judge(config)
    if workers > 1:
        flags = {"--config": config_file, "--host": host, "--data": data_dir}
        told = [word for flag, value in flags.items() if value is not None for word in (flag, str(value))]
        with _port_taken(config):
            sys.exit(supervise(config, workers, told))
    _run(config, lambda got: None, worker_of)


def _judge(config: Config) -> None:
    """Warn of what is not safe; refuse to go on with what must not be."""
    apps, found, password = finished(operations.look_before_serving(config))
    for finding in found:
        if finding.gravity is Gravity.WARNING:
            warn(finding.sentence)
    refusals = [finding.sentence for finding in found if finding.gravity is Gravity.REFUSAL]
    if refusals:
        raise ConfigError("\n".join(["this is not safe:", *refusals]))
    if password is not None:
        _log.info("the console's first operator is admin", password_file=str(password))
    if not apps:
        warn(f"there is no app yet: {hints.program()} app create --id NAME --data {config.data_dir}")


def _run(
    config: Config, started: Callable[[int], None], worker_of: int | None = None, demo_of: AppId | None = None
) -> None:
    with _port_taken(config):
        try:
            uvloop.run(run(config, started, worker_of, demo_of))
        except FolderInUseError as error:
            raise click.ClickException(str(error)) from None


@contextmanager
def _port_taken(config: Config) -> Iterator[None]:
    """Say in words that somebody else has the port."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
            raise
        other = config.port + 1 if config.port >= 1024 else 8000
        raise click.ClickException(
            f"{config.host}:{config.port} cannot be had ({os.strerror(error.errno)}): something else may listen there. "
            f"Choose another port with --port {other} or PARLANCE_PORT={other}."
        ) from None
