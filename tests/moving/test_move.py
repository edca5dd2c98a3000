"""`parlance migrate --from … --to …`: everything, from one database to another."""

from pathlib import Path

import apsw
import pytest

from moving.conftest import Command, at
from moving.rows import GIVEN, asked, changed, filled, held, in_database, in_file
from parlance.stores.sql.engines.postgres.migrating import MIGRATIONS


def test_every_row_of_every_table_moves_there_and_back(parlance: Command, tmp_path: Path, fresh: str) -> None:
    """All columns as they were, at both ends of what they can hold; and the numbers that rows are given go on."""
    path, back = filled(tmp_path / "here.db"), tmp_path / "back" / "again.db"
    before = in_file(path)
    assert all(before.values())

    there = parlance("migrate", "--from", at(path), "--to", fresh)
    assert 0 == there.exit_code, there.output
    assert before == in_database(fresh)
    for table, last in GIVEN.items():
        assert last + 1 == asked(fresh, f"SELECT nextval('{table}_id_seq')")

    again = parlance("migrate", "--from", fresh, "--to", at(back))
    assert 0 == again.exit_code, again.output
    assert before == in_file(back)
    connection = apsw.Connection(str(back))
    assert {name: last + 1 for name, last in GIVEN.items()} == dict(connection.execute("SELECT * FROM sqlite_sequence"))
    connection.close()
    assert before == in_file(path)


def test_the_end_is_a_report(parlance: Command, tmp_path: Path, emptied: str) -> None:
    """Each table with its rows and what they add up to, where it all is, and what comes next; no password is shown."""
    path = filled(tmp_path / "here.db")
    done = parlance("migrate", "--from", at(path), "--to", emptied.replace("parlance@", "parlance:very-secret@"))
    assert 0 == done.exit_code, done.output
    tables = in_file(path)
    shown = done.stdout.splitlines()
    assert len(tables) + 4 == len(shown)
    assert all(any(line.startswith(f"{table} ") and "3 rows, checksum" in line for line in shown) for table in tables)
    assert f"{sum(map(len, tables.values()))} rows have been moved" in shown
    assert f"from  {path} (nothing in it has changed)" in shown
    assert "very-secret" not in done.output
    assert "moving: " in done.stderr
    assert "comparing: " in done.stderr


def test_the_same_rows_add_up_to_the_same_on_both_engines(
    parlance: Command, tmp_path: Path, fresh: str, emptied: str
) -> None:
    """Whoever compares two reports compares what was moved."""
    path, back = filled(tmp_path / "here.db"), tmp_path / "back.db"
    said = [
        [line for line in parlance("migrate", "--from", origin, "--to", to).stdout.splitlines() if "checksum" in line]
        for origin, to in ((at(path), fresh), (fresh, at(back)), (at(back), emptied))
    ]
    assert said[0] == said[1] == said[2]
    changed(back, "UPDATE apps SET name = 'another' WHERE created_at = 2")
    third = parlance("migrate", "--from", at(back), "--to", at(tmp_path / "third.db")).stdout.splitlines()
    assert ["apps"] == [new.split()[0] for new, old in zip(third, said[0], strict=False) if new != old]


def test_what_is_not_named_is_the_database_as_set(
    parlance: Command, tmp_path: Path, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a password need not stand on the command line."""
    path = filled(tmp_path / "data" / "parlance.db")
    secret = tmp_path / "url"
    secret.write_text(fresh, encoding="utf-8")
    monkeypatch.setenv("PARLANCE_DATABASE_URL_FILE", str(secret))
    assert 0 == parlance("migrate", "--from", at(path)).exit_code
    assert in_file(path) == in_database(fresh)
    assert 0 == parlance("migrate", "--to", at(tmp_path / "back.db")).exit_code
    assert in_file(path) == in_file(tmp_path / "back.db")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_target_with_anything_in_it_is_left_alone(
    parlance: Command, tmp_path: Path, emptied: str, engine: str
) -> None:
    """Neither what Parlance keeps there nor what somebody else does is touched."""
    path, other = filled(tmp_path / "here.db"), tmp_path / "other.db"
    to = at(other) if engine == "sqlite" else emptied
    parlance("migrate", "--from", at(filled(tmp_path / "before.db", rows=2)), "--to", to)
    refused = parlance("migrate", "--from", at(path), "--to", to)
    assert 2 == refused.exit_code
    assert "it is not empty (there are rows in addressees): name a database that is" in refused.stderr
    assert 2 == len((in_file(other) if engine == "sqlite" else in_database(emptied))["apps"])


def test_somebody_else_s_tables_are_left_alone(parlance: Command, tmp_path: Path, fresh: str) -> None:
    """As source and as target, in a file and in PostgreSQL."""
    path, foreign = filled(tmp_path / "here.db"), tmp_path / "foreign.db"
    changed(foreign, "CREATE TABLE recipes (name TEXT)")
    asked(fresh, "CREATE TABLE alembic_version (version_num TEXT)")
    for origin, to in ((at(path), at(foreign)), (at(path), fresh), (at(foreign), fresh), (fresh, at(foreign))):
        refused = parlance("migrate", "--from", origin, "--to", to)
        assert 2 == refused.exit_code
        assert "it holds tables that are not Parlance's" in refused.stderr


@pytest.mark.parametrize(
    ("origin", "to", "reason"),
    [
        ("missing.db", "there.db", "missing.db: there is no such file"),
        ("here.db", "here.db", "it cannot be moved into itself"),
        ("text.txt", "there.db", "text.txt: it is not a database"),
        ("here.db", "text.txt", "text.txt: it is not a database"),
        ("older.db", "there.db", "it holds tables that are not Parlance's"),
        ("newer.db", "there.db", "its tables are of a newer version of Parlance (revision 9999)"),
        ("here.db", "newer.db", "its tables are of a newer version of Parlance (revision 9999)"),
        ("here.db", "postgresql://parlance@127.0.0.1:1/none", "none: it cannot be reached"),
        ("here.db", "mysql://somewhere/else", "--to: leave it empty, or sqlite:///PATH, or postgresql://"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    parlance: Command, tmp_path: Path, origin: str, to: str, reason: str
) -> None:
    """And nothing is made, nor changed."""
    here = filled(tmp_path / "here.db", rows=1)
    (tmp_path / "text.txt").write_text("a text\n" * 1000, encoding="utf-8")
    changed(tmp_path / "older.db", "CREATE TABLE alembic_version (version_num TEXT)")
    changed(filled(tmp_path / "newer.db", rows=1), "UPDATE alembic_version SET version_num = '9999'")
    before = here.read_bytes()
    refused = parlance("migrate", "--from", at(tmp_path / origin), "--to", to if ":" in to else at(tmp_path / to))
    assert 2 == refused.exit_code
    assert reason in refused.stderr
    assert "Traceback" not in refused.output
    assert not (tmp_path / "there.db").exists()
    assert before == here.read_bytes()


def test_a_text_that_postgresql_cannot_keep_is_named(parlance: Command, tmp_path: Path, fresh: str) -> None:
    """SQLite takes a NUL; nothing here writes one."""
    path = filled(tmp_path / "here.db")
    changed(path, "UPDATE users SET nickname = 'a' || char(0) || 'b' WHERE uid = 2")
    refused = parlance("migrate", "--from", at(path), "--to", fresh)
    assert 2 == refused.exit_code
    assert "PostgreSQL keeps no text with a NUL in it: COPY users, line 3, column" in refused.stderr


def test_a_target_that_others_fill_is_left_to_them(parlance: Command, tmp_path: Path, fresh: str) -> None:
    """Two moves into one database would only meet each other."""
    path = filled(tmp_path / "here.db")
    with held(fresh, f"SELECT pg_advisory_lock({MIGRATIONS}, 1)"):
        refused = parlance("migrate", "--from", at(path), "--to", fresh)
    assert 2 == refused.exit_code
    assert "something is being moved into it, or restored, at this moment" in refused.stderr
    open_elsewhere = apsw.Connection(str(path))
    open_elsewhere.execute("SELECT * FROM apps").fetchall()
    refused = parlance("migrate", "--from", at(path), "--to", fresh)
    open_elsewhere.close()
    assert 2 == refused.exit_code
    assert f"{path}: somebody has it open: stop the server" in refused.stderr
