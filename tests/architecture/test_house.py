"""Rules of the house that a machine can hold. Who may import whom is import-linter's part."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from parlance.core.actions.catalogue import Actions

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 600
LONGEST_FUNCTION = 60
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "managers", "manager", "services", "service"}
OWN_TEXT = (".py", ".md", ".toml", ".lock", ".ini", ".html", ".css", ".js", ".json", ".sql", ".sh", "")
NOT_OURS = {".git", ".venv", ".hypothesis", "data", "build", "dist", "target", "__pycache__", "node_modules"}


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file in these folders of the checkout."""
    for folder in folders:
        yield from sorted(path for path in own_files(ROOT / folder) if path.suffix == ".py")


def own_texts() -> Iterator[Path]:
    """Every file of ours that people read."""
    return (path for path in own_files(ROOT) if path.suffix in OWN_TEXT)


def own_files(where: Path) -> Iterator[Path]:
    """Every file of ours: not what other tests fetch meanwhile, which comes and goes."""
    for folder, names, files in os.walk(where):
        names[:] = [name for name in names if name not in NOT_OURS and not name.endswith("_cache")]
        yield from (Path(folder) / name for name in files)


def named(path: Path) -> str:
    """The path as a reader knows it."""
    return path.relative_to(ROOT).as_posix()


def test_no_name_is_an_empty_word() -> None:
    """Nothing is called utils, helpers, common, manager or service: such a name says nothing."""
    parts = {part for path in sources("src", "tests") for part in path.relative_to(ROOT).with_suffix("").parts}
    assert set() == {part for part in parts if EMPTY_WORDS & set(part.split("_"))}


def test_no_file_is_longer_than_anybody_wants_to_read() -> None:
    """A file that grows is split by noun or verb."""
    long = [named(path) for path in sources("src", "tests", "scripts") if _lines(path) > LONGEST_FILE]
    assert [] == long


def test_no_function_is_longer_than_a_screen() -> None:
    """A function that grows has parts, and parts have names."""
    long = [
        f"{named(path)}: {name}"
        for path in sources("src")
        for name, length in _functions(path)
        if length > LONGEST_FUNCTION
    ]
    assert [] == long


def test_only_the_configuration_looks_into_the_environment() -> None:
    """Settings are read once, at the edge."""
    asks = re.compile(r"\bos\.(environ|getenv|putenv)\b|from os import .*(environ|getenv)")
    found = [named(path) for path in sources("src") if asks.search(path.read_text(encoding="utf-8"))]
    assert ["src/parlance/app/config.py"] == found


def test_only_tasks_starts_tasks() -> None:
    """Every task has an owner, written down where it is started. (Load generators are programs of their own.)"""
    starts = re.compile(r"\b(create_task|ensure_future|run_coroutine_threadsafe)\(")
    found = [named(path) for path in sources("src") if starts.search(path.read_text(encoding="utf-8"))]
    owners = [
        "src/parlance/app/tasks.py",
        "src/parlance/client/tasks.py",
        "src/parlance/stores/sql/engines/postgres/tasks.py",
        "src/parlance/testing/sandbox.py",
    ]
    assert owners == [name for name in found if not name.startswith("src/parlance/cli/bench/")]


def test_every_action_has_its_tests() -> None:
    """What `core/actions/people/ban.py` does is tried in `people/test_ban.py` under tests/core."""
    modules = {kind.__module__.removeprefix("parlance.core.actions.") for kind in Actions.__annotations__.values()}
    tried = {
        f"{path.parent.name}.{path.stem.removeprefix('test_')}" for path in (ROOT / "tests/core").rglob("test_*.py")
    }
    assert [] == sorted(modules - tried)


def test_every_test_says_what_holds() -> None:
    """A test without its sentence is a riddle for whoever breaks it."""
    silent = [
        f"{named(path)}: {node.name}"
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert [] == silent


def test_nothing_is_left_for_later() -> None:
    """No reminder to oneself, no function that only says it is not there yet."""
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [named(path) for path in sources("src", "scripts") if later.search(path.read_text(encoding="utf-8"))]
    assert [] == found


def test_no_path_of_anybody_s_machine() -> None:
    """What is written here is true on every machine. (Tests may quote documents that are not ours.)"""
    homes = re.compile(r"(?<![\w.])/(?:home|Users|root)/[\w.-]+")
    texts = {named(path): path.read_text(encoding="utf-8", errors="replace") for path in own_texts()}
    assert [] == [name for name, text in texts.items() if homes.search(text) and not name.startswith("tests/")]
    assert [] == [name for name, text in texts.items() if len(ROOT.parts) > 2 and f"{ROOT}/" in text]


def test_locks_come_from_the_public_index_and_are_pinned() -> None:
    """Every package of the lock files has one version and hashes, and none names an index of its own."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [] == re.findall(r"(?m)^\s*(?:--(?:index|extra|find)\S*|-[ife]\b).*|https?://\S+", text)
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9._-]+==\S+", block), block
            assert "--hash=sha256:" in block, block
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert {"pypi.org", "files.pythonhosted.org"} == hosts


def test_locks_satisfy_what_the_project_asks_for() -> None:
    """A dependency that is added or raised needs `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for lock, wanted in (
        ("requirements.lock", [*project["project"]["dependencies"], *groups["build"]]),
        ("requirements-dev.lock", [*project["project"]["dependencies"], *groups["build"], *groups["dev"]]),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8")
        versions = dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^\s;]+)", text))
        for requirement in map(Requirement, wanted):
            version = versions.get(requirement.name.lower().replace("_", "-"))
            assert version is not None, f"{lock} lacks {requirement}"
            assert requirement.specifier.contains(version), f"{lock} has {requirement.name} {version}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_targets_in_the_documents_exist(name: str) -> None:
    """Each `make x` that a document names is in the Makefile."""
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    code = "\n".join(re.findall(r"`[^`\n]+`|```[\s\S]*?```", text))
    assert set() == set(re.findall(r"\bmake ([a-z][a-z-]*)", code)) - targets


def test_ci_runs_what_everybody_runs() -> None:
    """.ci/run is `make test`, with every suite required."""
    assert "PARLANCE_TEST_REQUIRE=all exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_changes_wait_as_fragments() -> None:
    """changelog.d has fragments of the known kinds and nothing else."""
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    shape = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")
    assert [] == [name for name in names if not shape.fullmatch(name)]


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
