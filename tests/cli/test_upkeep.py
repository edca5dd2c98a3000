"""`parlance migrate` and `parlance verify`."""

from pathlib import Path

import apsw

from cli.conftest import Command


def changed(database: Path, text: str) -> None:
    """Change something behind the program's back."""
    connection = apsw.Connection(str(database))
    try:
        connection.execute(text)
    finally:
        connection.close()


def test_a_database_is_made_and_then_left_alone(parlance: Command, data: Path) -> None:
    """The first migration makes the file, the second finds nothing to do."""
    first, second = parlance("migrate"), parlance("migrate")
    path = data / "parlance.db"
    assert (0, f"{path} has been brought up to date\n") == (first.exit_code, first.stdout)
    assert (0, f"{path} is up to date\n") == (second.exit_code, second.stdout)


def test_a_sound_database_agrees(parlance: Command) -> None:
    """Nothing to say, and nothing wrong."""
    parlance("app", "create", "--id", "shop")
    parlance("token", "--app", "shop", "--client", "Tom")
    result = parlance("verify")
    assert (0, "everything agrees\n") == (result.exit_code, result.stdout)


def test_what_does_not_agree_is_said(parlance: Command, data: Path) -> None:
    """A finding is a line, and the exit code is 1; looking again finds it again: nothing was changed."""
    parlance("app", "create", "--id", "shop")
    parlance("token", "--app", "shop", "--client", "Tom")
    changed(data / "parlance.db", "DELETE FROM apps")
    for _ in range(2):
        result = parlance("verify")
        assert (1, "1 finding\n") == (result.exit_code, result.stderr)
        assert ["orphan-user: shop/Tom: there is no such app"] == result.stdout.splitlines()


def test_no_database_is_not_a_sound_one(parlance: Command, data: Path) -> None:
    """Verifying makes nothing, and says that nothing is there."""
    result = parlance("verify")
    assert (2, f"Error: {data / 'parlance.db'}: there is no database\n") == (result.exit_code, result.stderr)
    assert not data.exists()


def test_a_file_that_is_not_ours_is_refused(parlance: Command, data: Path) -> None:
    """Somebody else's tables are left alone."""
    data.mkdir()
    changed(data / "parlance.db", "CREATE TABLE recipes (name TEXT)")
    for command in ("migrate", "verify"):
        result = parlance(command)
        assert 2 == result.exit_code
        assert str(data / "parlance.db") in result.stderr
        assert "Traceback" not in result.output
