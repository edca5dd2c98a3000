"""What the documents promise about the checkout is so: links arrive, and what they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from cast import Town
from parlance.app.config import NOT_SETTINGS, setting_types, variable_names
from parlance.cli.main import main
from parlance.core.model.app import AppSettings

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
MOST_LINES_OF_THE_MAP = 200

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_ANCHOR = re.compile(r'<a id="([^"]+)">')
_CITED_DECISION = re.compile(r"\bdecisions?[ /](\d{1,4})\b")
_CITED_ELSEWHERE = re.compile(r"\((?:contract|design|style)(?:\.md)?[: ]")
_PATH = re.compile(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)[^`]*`")


def documents() -> list[Path]:
    """Every page of ours."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    return sorted(pages)


def names(path: Path) -> str:
    """The path as a reader knows it."""
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A page without its examples."""
    return _FENCED.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Where a link into a page can arrive."""
    text = prose(path)
    headings = {_slug(title) for _, title in _HEADING.findall(text)}
    return headings | set(_ANCHOR.findall(text))


@pytest.mark.parametrize("page", documents(), ids=names)
def test_every_link_arrives(page: Path) -> None:
    """A relative link leads to a file that is there, and to a place that is in it."""
    lost = [link for link in _LINK.findall(prose(page)) if "://" not in link and not _arrives(page, link)]
    assert [] == lost


def test_both_readmes_have_the_same_shape() -> None:
    """What one says under a heading, the other says under its own at the same place."""
    levels = [[len(marks) for marks, _ in _HEADING.findall(prose(ROOT / name))] for name in _READMES]
    assert levels[0] == levels[1]


def test_both_readmes_show_the_same_commands() -> None:
    """Words are translated, commands are not."""
    shown = [_commands_as_shown(ROOT / name) for name in _READMES]
    assert shown[0] == shown[1]


def test_the_map_fits_in_one_sitting() -> None:
    """ARCHITECTURE.md is read before the first change, so it must not grow."""
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES_OF_THE_MAP


def test_the_map_names_what_is_there() -> None:
    """Every path in ARCHITECTURE.md is a file or folder of the package or of the checkout."""
    named = set(_PATH.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))
    assert [] == sorted(path for path in named if not _is_there(path))


def test_the_map_has_every_floor() -> None:
    """A folder of the package that the map does not explain is a folder nobody finds."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "src" / "parlance").iterdir() if (path / "__init__.py").exists()]
    assert [] == sorted(folder for folder in folders if f"| `{folder}/" not in text)


def test_every_decision_is_in_the_index() -> None:
    """The list of decisions has each of them, once, and nothing else."""
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert sorted(path.name for path in DECISIONS.glob("[0-9]*.md")) == listed


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("[0-9]*.md")), ids=names)
def test_a_decision_has_its_four_parts(page: Path) -> None:
    """Context, decision, consequences, alternatives, under the number that the file bears."""
    text = prose(page)
    title, *parts = [title for marks, title in _HEADING.findall(text) if len(marks) <= 2]
    assert ["Context", "Decision", "Consequences", "Alternatives"] == parts
    assert int(page.name[:4]) == int(title.partition(".")[0])


def test_the_code_cites_only_what_is_here() -> None:
    """A comment that sends its reader to another page names one of this checkout, such as `decision 10`."""
    cited = {
        (names(path), int(number))
        for path in (ROOT / "src").rglob("*.py")
        for number in _CITED_DECISION.findall(path.read_text(encoding="utf-8"))
    }
    known = {int(path.name[:4]) for path in DECISIONS.glob("[0-9]*.md")}
    assert [] == sorted((name, number) for name, number in cited if number not in known)
    elsewhere = [
        names(path) for path in (ROOT / "src").rglob("*.py") if _CITED_ELSEWHERE.search(path.read_text("utf-8"))
    ]
    assert [] == elsewhere


@pytest.mark.parametrize("page", documents(), ids=names)
def test_commands_take_what_is_shown(page: Path) -> None:
    """Each `parlance …` in a page names a command, its subcommand and options that there are."""
    assert [] == [line for line in _lines_with_parlance(page) if not _is_taken(line)]


@pytest.mark.parametrize("page", documents(), ids=names)
def test_settings_exist(page: Path) -> None:
    """A variable that a page names is a setting."""
    settings = {*variable_names().values(), *NOT_SETTINGS, "PARLANCE_LIMITS_"}
    variables = {name.removesuffix("_FILE") for name in re.findall(r"\bPARLANCE_[A-Z_]+", page.read_text("utf-8"))}
    assert set() == variables - settings


async def test_metrics_exist(town: Town) -> None:
    """A metric that a page names is one that a running server shows."""
    shown = (await town.bare.get("/metrics")).raw.decode()
    named = {name for page in documents() for name in re.findall(r"\bparlance_[a-z_]+[a-z]\b", page.read_text("utf-8"))}
    assert [] == sorted(name for name in named if not re.search(rf"(?m)^# TYPE {name} ", shown))


def test_the_page_for_operators_names_limits_and_settings_that_exist() -> None:
    """The tables of limits and of an app's settings use the names of the configuration."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    limits = text.partition("## Limits")[2].partition("\n## ")[0]
    named = {name for row in re.findall(r"(?m)^\| (`.+?) \|", limits) for name in re.findall(r"`([a-z_]+)`", row)}
    assert set() == {f"limits.{name}" for name in named} - set(setting_types())
    settings = re.search(r"Settings of an app.*?\n\n", text, re.DOTALL)
    assert settings is not None
    words = set(re.findall(r"`([a-z_]+)`", settings[0])) - {"none"}
    assert {field.name for field in msgspec.structs.fields(AppSettings)} == words


_READMES = ("README.md", "README.zh-CN.md")


def _slug(title: str) -> str:
    """What a heading is called in a link, as code hosts make it."""
    words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")


def _arrives(page: Path, link: str) -> bool:
    path, _, place = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not place or (target.suffix == ".md" and place in anchors(target))


def _is_there(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / "src" / "parlance" / path).exists()


def _commands_as_shown(path: Path) -> list[str]:
    """The commands of a page, without the words of either language in them."""
    blocks = _FENCED.findall(path.read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines()]
    return [re.sub(r'"text": "[^"]*"|--name "[^"]*"|<[^>]*>', "…", line) for line in lines]


def _lines_with_parlance(page: Path) -> Iterator[list[str]]:
    """The words after `parlance` wherever a page shows a command."""
    text = page.read_text(encoding="utf-8")
    shown = [
        *re.findall(r"`([^`\n]+)`", text),
        *(line for block in _FENCED.findall(text) for line in block.splitlines()),
    ]
    for line in shown:
        found = re.match(r"(?:.*[\s/])?parlance ((?:[a-z]+|--?[a-z])(?:\s.*)?)$", line)
        if found and " - " not in found[1] and not found[1].startswith("chat "):
            yield re.split(r" {3,}|[#&|]", found[1])[0].split()


def _is_taken(words: list[str]) -> bool:
    command: click.Command = main
    context = click.Context(main)
    for word in words:
        if isinstance(command, click.Group):
            inner = command.get_command(context, word)
            if inner is None:
                return word.startswith("-") or word == "…"
            command = inner
        elif word.startswith("--") and word != "--help":
            known = {option for parameter in command.params for option in parameter.opts}
            if word.partition("=")[0] not in known:
                return False
    return True
