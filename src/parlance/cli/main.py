"""The command `parlance`."""

from importlib import import_module
from typing import ClassVar

import click

from parlance import __version__
from parlance.app.config import ConfigError
from parlance.kernel.faults import Fault


class WrongSetting(click.ClickException):
    """Ends like a wrong word on the command line, without repeating how the command is used."""

    exit_code = 2


class Commands(click.Group):
    """The commands; each is imported when it is wanted, so that none waits for the others' imports."""

    places: ClassVar[dict[str, str]] = {
        "dev": "parlance.cli.run:dev",
        "serve": "parlance.cli.run:serve",
        "app": "parlance.cli.apps:app",
        "token": "parlance.cli.token:token",
        "console": "parlance.cli.console:console",
        "listen": "parlance.cli.listen:listen",
        "webhooks": "parlance.cli.webhooks:webhooks",
        "migrate": "parlance.cli.upkeep:migrate",
        "verify": "parlance.cli.upkeep:verify",
        "backup": "parlance.cli.backups:backup",
        "restore": "parlance.cli.backups:restore",
        "export": "parlance.cli.export:export",
        "import": "parlance.cli.import_:import_",
        "bench": "parlance.cli.bench:bench",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which somebody new needs them."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Say in one sentence what went wrong: 2 for what was set, 1 for what was asked."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise WrongSetting(str(error)) from None
        except Fault as fault:
            raise click.ClickException(fault.sentence) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="parlance")
def main() -> None:
    """Parlance: one chat server that speaks the chat APIs apps already use."""


if __name__ == "__main__":
    main()
