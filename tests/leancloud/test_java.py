"""LeanCloud's own Java SDK (Maven Central, `cn.leancloud:realtime-core`), as Android apps carry it, in `java/`."""

import asyncio
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cast import Town, running
from leancloud.restarting import Restarting
from needs import lacking
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.kernel.ids import ClientId

PROJECT = Path(__file__).parent / "java"
REPORTS = PROJECT / "target" / "surefire-reports"
PATIENCE = 900.0
FEWEST = 100
"""Tests that there are at least: a run that finds none is no success."""
UNREACHED = ("Could not resolve", "could not be resolved", "Could not transfer", "UnresolvableModelException")
"""What Maven says when it cannot get what the project needs."""


async def _maven(*words: str) -> tuple[bool, str]:
    """Run Maven; whether all went well, and what it said."""
    process = await asyncio.create_subprocess_exec(
        "mvn", "--batch-mode", "--no-transfer-progress", *words, "test",
        cwd=PROJECT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == 0, said.decode(errors="replace")


async def _tested(*words: str) -> None:
    """Run the project's tests, with what was fetched before if that is enough."""
    for mode in (["--offline"], []):
        for report in REPORTS.glob("TEST-*.xml"):
            report.unlink()
        well, said = await _maven(*mode, *words)
        if well or any(REPORTS.glob("TEST-*.xml")):
            return
    print(said)  # noqa: T201 - what Maven says about it
    if any(words in said for words in UNREACHED):
        lacking("LeanCloud's Java SDK from Maven Central")
    pytest.fail("Maven did not come as far as the tests", pytrace=False)


def _results() -> dict[str, str]:
    """Each test and how it failed, or nothing if it did not."""
    results = {}
    for report in sorted(REPORTS.glob("TEST-*.xml")):
        for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by the run a moment ago
            name = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
            trouble = next((each for each in case if each.tag in {"failure", "error", "skipped"}), None)
            results[name] = "" if trouble is None else f"{trouble.tag}: {(trouble.text or '')[:1500]}"
    return results


def _told(name: str, app: App, base: str) -> list[str]:
    return [
        f"-Dparlance.{name}.base={base}",
        f"-Dparlance.{name}.id={app.app_id}",
        f"-Dparlance.{name}.key={app.app_key}",
        f"-Dparlance.{name}.master={app.master_key}",
    ]


async def _apps(town: Town) -> list[str]:
    """An app without, and one with signatures. The SDK cuts the first eight letters off an app's id."""
    plain = await town.app("java-sdk-plain", Policy.KEY)
    signed = await town.app("java-sdk-signed", Policy.TOKEN)
    settings = AppSettings(signed_logins=True, signed_conversations=True, signed_blacklists=True)
    await town.application.actions.change_app(signed.app_id, settings=settings)
    user = await town.application.actions.issue_token(Caller(signed), ClientId("user"))
    words = ["-Dparlance.user=user", f"-Dparlance.token={user.token}"]
    return [*_told("open", plain, town.base), *_told("signed", signed, town.base), *words]


@pytest.mark.needs("javac", "mvn")
async def test_the_java_sdk_is_at_home(tmp_path: Path) -> None:
    """Every test of the project in `java/` passes against a real server."""
    async with running(tmp_path / "data") as town, Restarting(tmp_path / "lasting") as other:
        lasting = await other.application.actions.register_app("java-sdk-lasting", policy=Policy.KEY)
        words = [f"-Dparlance.door={other.door}", *_told("lasting", lasting, other.base)]
        await _tested(*await _apps(town), *words)
    results = _results()
    failed = {name: trouble for name, trouble in results.items() if trouble}
    assert not failed, "\n\n".join(f"{name}: {trouble}" for name, trouble in failed.items())
    assert len(results) >= FEWEST
