"""`parlance backup` and `parlance restore`: an installation in one file, and back, on either engine."""

import hashlib
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import msgspec
import pytest
from click.testing import CliRunner

from databases import on_sqlite
from moving.conftest import Command
from moving.rows import GIVEN, asked, changed, filled, held, in_database, in_file
from parlance.app.backups.restoring import NOT_BROUGHT_BACK
from parlance.cli.main import main
from parlance.stores.sql.engines.postgres.lane import NODES

pytestmark = pytest.mark.on_sqlite

KEY = f"uploads/{'0a' * 16}.png"
PICTURE = b"not really a picture\n" * 1000
Rewrite = Callable[[dict[str, bytes]], None]


class Installation(NamedTuple):
    """Where a command finds its things."""

    data: Path
    url: str = ""

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in its database."""
        return in_database(self.url) if self.url else in_file(self.data / "parlance.db")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path]:
    """An installation in a file, with something in every table, and an upload; and a backup of it."""
    data = tmp_path_factory.mktemp("made") / "here"
    path = filled(data / "parlance.db")
    changed(path, "DELETE FROM files WHERE created_at <> 2")
    changed(path, "UPDATE files SET key = ?, size = ?", KEY, len(PICTURE))
    (data / "files" / KEY).parent.mkdir(parents=True)
    (data / "files" / KEY).write_bytes(PICTURE)
    backup = data.parent / "saved.zip"
    with on_sqlite(), pytest.MonkeyPatch.context() as patch:
        patch.delenv("PARLANCE_DATABASE_URL", raising=False)
        done = CliRunner().invoke(main, ["backup", str(backup), "--data", str(data)], catch_exceptions=False)
    assert 0 == done.exit_code, done.output
    return Installation(data), backup


@pytest.fixture
def here(made: tuple[Installation, Path]) -> Installation:
    """What was saved; nobody changes it."""
    return made[0]


@pytest.fixture
def saved(made: tuple[Installation, Path], tmp_path: Path) -> Path:
    """The backup, for this test alone."""
    return Path(shutil.copy(made[1], tmp_path / "saved.zip"))


@pytest.fixture
def on(parlance: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command on an installation."""

    def run(place: Installation, *words: str | Path) -> Any:
        monkeypatch.setenv("PARLANCE_DATABASE_URL", place.url)
        return parlance(*words, "--data", place.data)

    return run


def rewritten(path: Path, rewrite: Rewrite) -> Path:
    """A backup with something else in it, and sound as a zip file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    rewrite(members)
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def manifest_with(**changes: Any) -> Rewrite:
    """Say something else in the manifest."""

    def rewrite(members: dict[str, bytes]) -> None:
        members["manifest.json"] = msgspec.json.encode(msgspec.json.decode(members["manifest.json"]) | changes)

    return rewrite


def brought_back(saved: Installation) -> dict[str, list[tuple[Any, ...]]]:
    """What a restore makes of it."""
    return saved.tables() | {name: [] for name in NOT_BROUGHT_BACK}


def test_a_backup_makes_the_same_installation_on_either_engine(
    on: Command, here: Installation, saved: Path, tmp_path: Path, fresh: str
) -> None:
    """From SQLite into PostgreSQL, from there into SQLite: the rows, the next numbers, the uploads; no session."""
    there, again = Installation(tmp_path / "there", fresh), Installation(tmp_path / "again")
    assert [3, 3] == [len(here.tables()[name]) for name in NOT_BROUGHT_BACK]
    brought = brought_back(here)
    done = on(there, "restore", saved)
    assert 0 == done.exit_code, done.output
    assert brought == there.tables()
    assert [last + 1 for last in GIVEN.values()] == [asked(fresh, f"SELECT nextval('{name}_id_seq')") for name in GIVEN]
    assert PICTURE == (there.data / "files" / KEY).read_bytes()

    assert 0 == on(there, "backup", tmp_path / "second.zip").exit_code
    assert 0 == on(again, "restore", tmp_path / "second.zip").exit_code
    assert [again.data / "parlance.db"] == list(again.data.glob("parlance.db*"))
    assert 0o600 == stat.S_IMODE((again.data / "parlance.db").stat().st_mode)
    assert brought == again.tables()
    assert PICTURE == (again.data / "files" / KEY).read_bytes()


def test_a_backup_says_what_is_in_it(on: Command, here: Installation, tmp_path: Path) -> None:
    """It is its owner's alone; other programs can look into it; a name that is taken is left alone."""
    path = tmp_path / "saved.zip"
    (tmp_path / "saved.zip.part").write_bytes(b"left by one that was killed")
    done = on(here, "backup", path)
    assert f"1 uploads, {len(PICTURE):,} bytes" in done.stdout
    assert "3 rows of messages" in done.stdout
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert not (tmp_path / "saved.zip.part").exists()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert 3 == archive.read("tables/messages.jsonl").count(b"\n")
        assert PICTURE == archive.read(f"files/{KEY}")
    before = path.read_bytes()
    again = on(here, "backup", path)
    assert (1, f"Error: {path}: there is something of that name already\n") == (again.exit_code, again.stderr)
    assert before == path.read_bytes()


def test_uploads_may_be_left_out(on: Command, here: Installation, tmp_path: Path) -> None:
    """Both commands say so."""
    path = tmp_path / "saved.zip"
    assert "uploads are not in it" in on(here, "backup", path, "--no-files").stdout
    done = on(Installation(tmp_path / "there"), "restore", path)
    assert "warning: uploads are not in this backup" in done.stderr
    assert not (tmp_path / "there" / "files").exists()


def test_an_upload_that_nobody_has_is_named(on: Command, here: Installation, tmp_path: Path) -> None:
    """Or not all of. The rest is saved."""
    lost = Installation(shutil.copytree(here.data, tmp_path / "lost"))
    (lost.data / "files" / KEY).write_bytes(PICTURE[:-1])
    for number in range(2):
        done = on(lost, "backup", tmp_path / f"saved-{number}.zip")
        (lost.data / "files" / KEY).unlink(missing_ok=True)
        assert 0 == done.exit_code, done.output
        assert f"warning: the database knows {KEY}, and nobody has it whole" in done.stderr
        assert "0 uploads" in done.stdout


def test_a_backup_can_be_read_through_and_nothing_more(on: Command, saved: Path, tmp_path: Path) -> None:
    """For the drill between drills."""
    done = on(Installation(tmp_path / "there"), "restore", saved, "--check")
    assert (0, f"{saved} is whole") == (done.exit_code, done.stdout.splitlines()[-1])
    assert not (tmp_path / "there").exists()


def test_no_backup_of_what_is_not_there(on: Command, here: Installation, tmp_path: Path) -> None:
    """Neither of no database, nor into no folder, nor a backup of nothing at all."""
    refused = on(Installation(tmp_path / "nowhere"), "backup", tmp_path / "saved.zip")
    assert (2, True) == (refused.exit_code, "nowhere/parlance.db: there is no such file" in refused.stderr)
    refused = on(here, "backup", tmp_path / "missing" / "saved.zip")
    assert (1, True) == (
        refused.exit_code,
        "saved.zip: it cannot be written: No such file or directory" in refused.stderr,
    )
    assert [] == list(tmp_path.glob("saved*"))
    assert not (tmp_path / "nowhere").exists()


def _flipped(name: str) -> Rewrite:
    def rewrite(members: dict[str, bytes]) -> None:
        content = members[name]
        members[name] = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]

    return rewrite


def _row_twice(members: dict[str, bytes]) -> None:
    """A backup that is right in itself, and that no database takes."""
    members["tables/apps.jsonl"] += members["tables/apps.jsonl"]
    manifest = msgspec.json.decode(members["manifest.json"])
    [apps] = [table for table in manifest["tables"] if table["name"] == "apps"]
    apps["sha256"] = hashlib.sha256(members["tables/apps.jsonl"]).hexdigest()
    members["manifest.json"] = msgspec.json.encode(manifest)


def _other_keys(members: dict[str, bytes]) -> None:
    """Uploads with a name that leads elsewhere."""
    members["files.jsonl"] = members["files.jsonl"].replace(KEY.encode(), b"../../../outside.png")
    manifest = msgspec.json.decode(members["manifest.json"])
    manifest["files"]["sha256"] = hashlib.sha256(members["files.jsonl"]).hexdigest()
    members["manifest.json"] = msgspec.json.encode(manifest)


DAMAGES: list[tuple[str, Rewrite, str]] = [
    ("a bit of a row", _flipped("tables/users.jsonl"), "tables/users.jsonl is not what was saved"),
    ("a bit of an upload", _flipped(f"files/{KEY}"), f"files/{KEY} is not what was saved"),
    ("a table", lambda members: members.__delitem__("tables/heights.jsonl"), "tables/heights.jsonl is not in it"),
    ("an upload", lambda members: members.__delitem__(f"files/{KEY}"), f"files/{KEY} is not in it"),
    (
        "the manifest",
        lambda members: members.__delitem__("manifest.json"),
        "it is no backup of Parlance's: there is no",
    ),
    ("its sense", lambda members: members.update({"manifest.json": b"{}"}), "manifest.json cannot be read"),
    ("its format", manifest_with(format=2, version="9.0"), "it was written by a newer version of Parlance (9.0)"),
    (
        "its schema",
        manifest_with(revision="9999", version="9.0"),
        "it is of another version (9.0): its tables are of a ne",
    ),
    ("its tables", manifest_with(tables=[]), "its tables are not those of revision 0001"),
    ("its order", _row_twice, "it cannot be used: "),
    ("its manners", _other_keys, "is no upload"),
]


@pytest.mark.parametrize(
    ("engine", "rewrite", "reason"),
    [
        *(pytest.param("sqlite", rewrite, reason, id=name) for name, rewrite, reason in DAMAGES),
        pytest.param("postgresql", _row_twice, "it cannot be used: ", id="its order, on PostgreSQL"),
    ],
)
def test_a_damaged_backup_changes_nothing(
    on: Command, saved: Path, tmp_path: Path, emptied: str, rewrite: Rewrite, reason: str, engine: str
) -> None:
    """Whatever it has lost, the reason is said, and what was there stays, even if it was to be replaced."""
    there = Installation(tmp_path / "there", emptied if engine == "postgresql" else "")
    assert 0 == on(there, "app", "create", "--id", "shop").exit_code
    before = there.tables()
    refused = on(there, "restore", rewritten(saved, rewrite), "--replace")
    assert reason in refused.stderr
    assert refused.exit_code in {1, 2}
    assert "Traceback" not in refused.output
    assert before == there.tables()
    assert ["shop"] == [row[0] for row in before["apps"]]
    assert [] == list(tmp_path.rglob("*.restoring*"))
    assert not (tmp_path / "outside.png").exists()


@pytest.mark.parametrize(("at", "value"), [(6, 99), (8, 1), (10, 12), (10, 99)])
def test_a_list_of_contents_that_says_something_else(
    on: Command, here: Installation, saved: Path, tmp_path: Path, at: int, value: int
) -> None:
    """That a member is of a later zip, encrypted, packed otherwise, or in no way that there is: no backup either."""
    content = bytearray(saved.read_bytes())
    content[content.index(b"PK\x01\x02") + at] = value
    turned = tmp_path / "turned.zip"
    turned.write_bytes(content)
    refused = on(here, "restore", turned, "--check")
    assert "it is damaged: " in refused.stderr
    assert 0 != refused.exit_code
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    ("cut", "reason"),
    [
        (lambda content: content[: len(content) // 2], "it is not whole: its end is missing"),
        (lambda content: content[:-1], "it is not whole: its end is missing"),
        (lambda _: b"", "it is no backup of Parlance's"),
        (lambda _: b"a text\n" * 1000, "it is no backup of Parlance's"),
        (lambda _: None, "No such file or directory"),
    ],
    ids=["half", "all but a byte", "nothing", "a text", "not there"],
)
def test_a_file_that_is_not_whole_is_known(
    on: Command, saved: Path, tmp_path: Path, cut: Callable[[bytes], bytes | None], reason: str
) -> None:
    """As a disk that was full leaves it, or a copy that was broken off."""
    left = cut(saved.read_bytes())
    saved.unlink()
    if left is not None:
        saved.write_bytes(left)
    for words in ((), ("--check",)):
        refused = on(Installation(tmp_path / "there"), "restore", saved, *words)
        assert (1, f"Error: {saved}: {reason}\n") == (refused.exit_code, refused.stderr)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_is_there_is_replaced_only_if_told(
    on: Command, here: Installation, saved: Path, tmp_path: Path, emptied: str, engine: str
) -> None:
    """And never while somebody uses it."""
    there = Installation(tmp_path / "there", emptied if engine == "postgresql" else "")
    assert 0 == on(there, "app", "create", "--id", "shop").exit_code
    before = there.tables()
    refused = on(there, "restore", saved)
    assert 2 == refused.exit_code
    assert "it is not empty (there are rows in apps): --replace puts the backup in its place" in refused.stderr
    assert before == there.tables()
    assert 0 == on(there, "restore", saved, "--replace").exit_code
    assert brought_back(here) == there.tables()


def test_a_file_that_somebody_has_open_is_not_replaced(on: Command, saved: Path, tmp_path: Path) -> None:
    """A server, or another command."""
    there = Installation(tmp_path / "there")
    on(there, "app", "create", "--id", "shop")
    held = apsw.Connection(str(there.data / "parlance.db"))
    held.execute("SELECT * FROM apps").fetchall()
    refused = on(there, "restore", saved, "--replace")
    held.close()
    assert 2 == refused.exit_code
    assert "somebody has it open: stop the server" in refused.stderr


def test_a_database_that_servers_use_is_not_replaced(on: Command, saved: Path, tmp_path: Path, emptied: str) -> None:
    """Every server holds a number in it."""
    with held(emptied, f"SELECT pg_advisory_lock({NODES}, 7)"):
        refused = on(Installation(tmp_path / "there", emptied), "restore", saved, "--replace")
    assert 2 == refused.exit_code
    assert "1 server is running on it: stop them first" in refused.stderr


def test_a_database_that_is_damaged_is_replaced(on: Command, here: Installation, saved: Path, tmp_path: Path) -> None:
    """That is what backups are for."""
    there = Installation(tmp_path / "there")
    there.data.mkdir()
    (there.data / "parlance.db").write_bytes(b"what a bad disk leaves" * 1000)
    (there.data / "parlance.db-wal").write_bytes(b"and a log that fits to it")
    refused = on(there, "restore", saved)
    assert (2, True) == (refused.exit_code, "it is not a database" in refused.stderr)
    done = on(there, "restore", saved, "--replace")
    assert 0 == done.exit_code, done.output
    assert brought_back(here) == there.tables()
