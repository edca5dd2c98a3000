"""`parlance import verify …`: whether what was brought in is what was there."""

import hashlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from parlance.app.config import Config, ConfigError
from parlance.app.operations import carry_out
from parlance.cli.progress import Progress
from parlance.cli.settings import configured, finished
from parlance.core.actions.catalogue import Actions
from parlance.importer.leancloud.asking import Access, Patience
from parlance.importer.leancloud.errors import FolderError, LeanCloudError
from parlance.importer.leancloud.export import Wanted
from parlance.importer.leancloud.folder import write_whole
from parlance.importer.leancloud.verifying.comparing import Compared, compare, compare_live
from parlance.importer.leancloud.verifying.findings import MEANING, Line, Weight
from parlance.importer.leancloud.verifying.messages import Sampling
from parlance.importer.leancloud.verifying.page import as_page
from parlance.importer.leancloud.verifying.report import as_json
from parlance.importer.leancloud.verifying.verdict import Verdict
from parlance.importer.leancloud.verifying.words import FOUND, NOT_SAFE, SAFE, STEPS, TITLES
from parlance.kernel.clock import SystemClock
from parlance.kernel.faults import Fault

IMPORT_REPORT = "import-report.jsonl"
JSON_REPORT, PAGE = "verify-report.json", "verify-report.html"
NOT_SAFE_CODE, INTERRUPTED = 1, 130


class CouldNotLook(click.ClickException):
    """There is no verdict."""

    exit_code = 2


@click.group()
def verify() -> None:
    """Compare what was brought in with what was there."""


@verify.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@configured
@click.option("--id", "app_id", required=True, help="The app's id here.")
@click.option("--people/--no-people", default=True, show_default=True, help="The users, too.")
@click.option("--files/--no-files", default=True, show_default=True, help="Files that were saved, too.")
@click.option("--sample", type=click.IntRange(1), help="Read so many messages of each conversation (default: all).")
@click.option("--seed", help="Draws the sample (default: the app's id).")
@click.option("--after-switch", is_flag=True, help="People live here: what they change here is no fault.")
@click.option(
    "--import-report", type=click.Path(dir_okay=False, path_type=Path), help=f"Default: {IMPORT_REPORT} in FOLDER."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where the reports go (default: FOLDER).")
@click.option("--live", is_flag=True, help="Compare with LeanCloud as it is now; all of it is read again.")
@click.option("--server", envvar="LEANCLOUD_SERVER", help="With --live: the app's REST API, https://…")
@click.option("--app", "source_app", envvar="LEANCLOUD_APP_ID", help="With --live: the app's id there.")
@click.option("--key", envvar="LEANCLOUD_MASTER_KEY", help="The master key there; better as LEANCLOUD_MASTER_KEY.")
@click.option("--per-second", type=click.FloatRange(0, min_open=True), help="Requests a second (default: found out).")
@click.option("--at-once", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at a time.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("--tries", type=click.IntRange(1), default=6, show_default=True, help="For each request.")
def leancloud(
    config: Config,
    folder: Path,
    app_id: str,
    people: bool,
    files: bool,
    sample: int | None,
    seed: str | None,
    after_switch: bool,
    import_report: Path | None,
    out: Path | None,
    live: bool,
    server: str | None,
    source_app: str | None,
    key: str | None,
    per_second: float | None,
    at_once: int,
    timeout: float,
    tries: int,
) -> None:
    """Compare an app here with what `export leancloud` has saved in FOLDER, or with LeanCloud itself.

    Says whether it is safe to switch, and leaves a page to sign and JSON. What came here since does no harm. Exit
    codes: 0 safe, 1 not safe, 2 there is no verdict, since something could not be looked at.
    """
    report = import_report or folder / IMPORT_REPORT
    compared = Compared(folder, report, Sampling(seed or app_id, sample or 0), people, files, after_switch)
    wanted = Wanted(per_second=per_second, at_once=at_once, patience=Patience(timeout, tries))
    access = _access(server, source_app, key) if live else None
    clock = SystemClock()

    with Progress() as progress:

        async def look(actions: Actions) -> Verdict:
            if access is None:
                return await compare(app_id, compared, actions, progress, clock)
            return await compare_live(app_id, compared, access, wanted, actions, progress, clock)

        verdict = _looked(config, look)
    try:
        page = _write(verdict, out or folder)
    except OSError as error:
        raise CouldNotLook(str(error)) from None
    _show(verdict, page)
    sys.exit(0 if verdict.is_safe else NOT_SAFE_CODE)


def _access(server: str | None, app: str | None, key: str | None) -> Access:
    if not server or not app or not key:
        raise click.UsageError("--live needs LEANCLOUD_SERVER, LEANCLOUD_APP_ID and LEANCLOUD_MASTER_KEY")
    return Access(server.rstrip("/"), app, key)


def _looked(config: Config, look: Callable[[Actions], Awaitable[Verdict]]) -> Verdict:
    try:
        return finished(carry_out(config, look))
    except Fault as fault:
        raise CouldNotLook(fault.sentence) from None
    except ConfigError:
        raise
    except KeyboardInterrupt:
        click.echo("stopped; there is no verdict", err=True)
        sys.exit(INTERRUPTED)
    except (LeanCloudError, FolderError, OSError) as error:
        raise CouldNotLook(str(error)) from None


def _write(verdict: Verdict, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    content = b"".join(as_json(verdict))
    write_whole(folder / JSON_REPORT, content)
    page = folder / PAGE
    write_whole(page, as_page(verdict, hashlib.sha256(content).hexdigest()).encode())
    return page


def _show(verdict: Verdict, page: Path) -> None:
    for line in verdict.findings.lines.values():
        if line.there or line.counts:
            _show_line(line)
    rows = sum(verdict.findings.reasons.values())
    if rows:
        click.echo(f"put aside by the import, with a reason: {rows:,}")
    words = SAFE if verdict.is_safe else NOT_SAFE
    click.secho(f"{words.english} · {words.chinese}", fg="green" if verdict.is_safe else "red", bold=True)
    for step in verdict.steps:
        click.echo(f"  - {STEPS[step].english}")
    click.echo(f"to be signed: {page}; in full: {page.with_name(JSON_REPORT)}")


def _show_line(line: Line) -> None:
    title = TITLES[line.topic][0].english
    mark = "ok" if line.is_fine else "NO"
    numbers = f"{line.there:>12,} there {line.here:>12,} here {line.aside:>8,} aside" if line.there else ""
    since = f" {line.came_since:>8,} came since" if line.came_since else ""
    click.echo(f"{mark}  {title:<24}{numbers}{since}")
    for what, count in line.counts.items():
        wrong = MEANING[what][1] is not Weight.NOTE
        click.secho(f"      {FOUND[what].english}: {count:,}", fg="red" if wrong else None)
