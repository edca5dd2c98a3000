"""What every command that touches an installation is told: where its settings and its data are."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from rich.console import Console

from parlance.app.config import Config, read_config

Words = ParamSpec("Words")
Answer = TypeVar("Answer")

PIPE_WIDTH = 200
"""Columns where nobody looks: nothing is cut off in a pipe."""

config_option = click.option(
    "--config", "config_file", type=click.Path(dir_okay=False, path_type=Path), help="A TOML file of settings."
)
data_option = click.option(
    "--data", "data_dir", type=click.Path(file_okay=False, path_type=Path), help="The data folder (default: data)."
)


def settled(config_file: Path | None, **flags: object) -> Config:
    """The configuration; what is odd about it goes to the error stream."""
    config, warnings = read_config(flags, file=config_file)
    for warning in warnings:
        warn(warning)
    return config


def configured(command: Callable[Concatenate[Config, Words], Answer]) -> Callable[..., Answer]:
    """Give a command `--config` and `--data`, and hand it the configuration they lead to."""

    @config_option
    @data_option
    @wraps(command)
    def with_config(config_file: Path | None, data_dir: Path | None, *args: Any, **kwargs: Any) -> Answer:
        return command(settled(config_file, data_dir=data_dir), *args, **kwargs)

    return with_config


def finished(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run `work` to its end."""
    return asyncio.run(work)


def out() -> Console:
    """For what was asked: the standard output."""
    plain = Console(markup=False, highlight=False, emoji=False)
    if not plain.is_terminal:
        plain.width = PIPE_WIDTH
    return plain


def warn(sentence: str) -> None:
    """Tell the operator something that is no reason to stop."""
    click.secho(f"warning: {sentence}", fg="yellow", err=True)
