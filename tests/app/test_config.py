"""Where settings come from, and what is said about wrong ones."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from parlance.app.config import Config, ConfigError, LogFormat, read_config, setting_types, variable_names
from parlance.core.model.limits import Limits

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def settings(environ: dict[str, str] | None = None, file: Path | None = None, **flags: object) -> Config:
    """What these sources lead to."""
    return read_config(flags, file=file, environ=environ or {}).config


def refusal(environ: dict[str, str] | None = None, file: Path | None = None, **flags: object) -> str:
    """Why these sources are refused."""
    with pytest.raises(ConfigError) as refused:
        read_config(flags, file=file, environ=environ or {})
    return str(refused.value)


def written(folder: Path, text: str) -> Path:
    """A settings file."""
    path = folder / "parlance.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_set_is_a_server_for_this_machine_only() -> None:
    """Without any setting the server listens on loopback and keeps its data in ./data."""
    assert Config() == settings()
    assert "127.0.0.1" == Config().host
    assert (Path("data"), "") == (Config().data_dir, Config().database_url)
    assert Path("data/files") == Config().files_path


def test_a_postgresql_is_named_without_its_password(tmp_path: Path) -> None:
    """Where everything is kept may be said in the log; how to get in may not."""
    url = "postgresql://chat:se@cret@db.example:5433/chat?sslmode=require"
    secret = tmp_path / "url"
    secret.write_text(f"{url}\n")
    config = settings({"PARLANCE_DATABASE_URL_FILE": str(secret)})
    assert (url, "postgresql://db.example:5433/chat") == (config.database, config.database_name)


def test_each_place_overrules_the_one_before(tmp_path: Path) -> None:
    """A flag beats a variable, a variable beats the file, the file beats the default."""
    file = written(tmp_path, 'port = 1\nhost = "::1"\ntimezone = "UTC"')
    config = settings({"PARLANCE_PORT": "2", "PARLANCE_HOST": "127.0.0.2"}, file, port=3)
    assert (3, "127.0.0.2", "UTC", "json") == (config.port, config.host, config.timezone, config.log_format)


def test_a_flag_that_was_not_given_says_nothing() -> None:
    """None is how the command line says that a flag was left out."""
    assert 8000 == settings(port=None).port


def test_the_file_may_be_named_by_a_variable(tmp_path: Path) -> None:
    """PARLANCE_CONFIG names the file, --config another one in its place."""
    file = written(tmp_path, "port = 1")
    other = tmp_path / "other.toml"
    other.write_text("port = 2", encoding="utf-8")
    assert 1 == settings({"PARLANCE_CONFIG": str(file)}).port
    assert 2 == settings({"PARLANCE_CONFIG": str(file)}, other).port


def test_the_port_that_platforms_set_is_taken() -> None:
    """Plain PORT counts where PARLANCE_PORT is not set."""
    assert 9000 == settings({"PORT": "9000"}).port
    assert 9001 == settings({"PORT": "9000", "PARLANCE_PORT": "9001"}).port


def test_limits_have_a_table_and_variables(tmp_path: Path) -> None:
    """A limit is [limits] name in the file, PARLANCE_LIMITS_NAME in the environment."""
    file = written(tmp_path, "[limits]\nupload = 5\nframe = 6")
    limits = settings({"PARLANCE_LIMITS_FRAME": "7"}, file).limits
    assert (5, 7, Limits().body) == (limits.upload, limits.frame, limits.body)


def test_lists_come_with_commas() -> None:
    """In a variable a list has commas, with or without spaces; in the file it is a list."""
    assert ("a", "b") == settings({"PARLANCE_ALLOW_OPEN": "a, b,"}).allow_open


def test_a_value_may_lie_in_a_file(tmp_path: Path) -> None:
    """…_FILE reads the value from a file, as container platforms hand out secrets."""
    secret = tmp_path / "secret"
    secret.write_text("sqlite:////somewhere/else.db\n", encoding="utf-8")
    config = settings({"PARLANCE_DATABASE_URL_FILE": str(secret)})
    assert Path("/somewhere/else.db") == config.database


def test_a_value_and_its_file_together_are_refused(tmp_path: Path) -> None:
    """Nobody has to guess which of the two counts."""
    said = refusal({"PARLANCE_HOST": "::1", "PARLANCE_HOST_FILE": str(tmp_path / "host")})
    assert "PARLANCE_HOST and PARLANCE_HOST_FILE are both set: unset one" == said


def test_a_file_of_a_value_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing secret stops the start; the server does not go on with a default."""
    assert "PARLANCE_HOST_FILE: " in refusal({"PARLANCE_HOST_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PARLANCE_PORT", "eighty", "PARLANCE_PORT: expected a port, 0 to 65535"),
        ("PORT", "65536", "PORT: expected a port, 0 to 65535"),
        ("PARLANCE_LOG_LEVEL", "loud", "PARLANCE_LOG_LEVEL: expected one of debug, info, warning, error"),
        ("PARLANCE_LIMITS_BODY", "1.5", "PARLANCE_LIMITS_BODY: expected a whole number"),
        ("PARLANCE_LIMITS_BODY", "0", "PARLANCE_LIMITS_BODY: expected at least 1"),
        ("PARLANCE_LIMITS_BURST", "-1", "PARLANCE_LIMITS_BURST: expected at least 0"),
        ("PARLANCE_DRAIN", "11", "PARLANCE_DRAIN: expected 0 to 10 seconds"),
        ("PARLANCE_DRAIN", "nan", "PARLANCE_DRAIN: expected 0 to 10 seconds"),
        (
            "PARLANCE_TRUSTED_PROXIES",
            "::1,10.0.0.0/33",
            "PARLANCE_TRUSTED_PROXIES: '10.0.0.0/33' is no address or network",
        ),
        ("PARLANCE_TIMEZONE", "Mars/Base", "PARLANCE_TIMEZONE: 'Mars/Base' is no time zone"),
        ("PARLANCE_TIMEZONE", "../../etc/passwd", "PARLANCE_TIMEZONE: '../../etc/passwd' is no time zone"),
        ("PARLANCE_DIALECTS", "platform,morse", "PARLANCE_DIALECTS: 'morse' is not a dialect of this version"),
        ("PARLANCE_DIALECTS", ",", "PARLANCE_DIALECTS: at least one is needed"),
        ("PARLANCE_PUBLIC_URL", "chat.example", "PARLANCE_PUBLIC_URL: an address that begins with http://"),
        ("PARLANCE_DATABASE_URL", "mysql://db/chat", "PARLANCE_DATABASE_URL: leave it empty, or sqlite:///PATH"),
        ("PARLANCE_DATABASE_URL", "postgresql://db", "PARLANCE_DATABASE_URL: leave it empty, or sqlite:///PATH"),
        ("PARLANCE_DATABASE_URL", "postgresql://db:x/chat", "PARLANCE_DATABASE_URL: leave it empty, or sqlite:///PATH"),
        ("PARLANCE_DATABASE_URL", "sqlite:///", "PARLANCE_DATABASE_URL: leave it empty, or sqlite:///PATH"),
        ("PARLANCE_BUS_URL", "nats://bus", "PARLANCE_BUS_URL: several servers share a PostgreSQL database"),
        ("PARLANCE_FILES_URL", "ftp://bucket", "PARLANCE_FILES_URL: files lie in a folder or a bucket"),
        ("PARLANCE_FILES_URL", "s3://", "PARLANCE_FILES_URL: files lie in a folder or a bucket"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str, expected: str) -> None:
    """What cannot be used is refused, with the name under which it was set and what would do."""
    assert refusal({variable: value}).startswith(expected)


def test_a_wrong_value_is_not_repeated() -> None:
    """What was set in the wrong place may be a secret."""
    assert "hunter2" not in refusal({"PARLANCE_PORT": "hunter2"})


def test_a_wrong_flag_is_named_as_a_flag() -> None:
    """The command line's user is told the command line's name."""
    assert refusal(port=70000).startswith("--port: ")


def test_a_wrong_value_counts_even_if_it_is_overruled() -> None:
    """A mistake is told when it is made, not on the day somebody takes the flag away."""
    assert refusal({"PARLANCE_PORT": "eighty"}, port=80).startswith("PARLANCE_PORT: ")


def test_the_file_knows_no_strangers(tmp_path: Path) -> None:
    """A misspelt setting of the file is refused, with the nearest one."""
    file = written(tmp_path, "[limits]\nuplaod = 5")
    assert refusal(file=file) == f"{file}: there is no setting 'limits.uplaod'; did you mean limits.upload?"


def test_a_wrong_type_in_the_file_is_refused(tmp_path: Path) -> None:
    """The file has types: a port in quotes is a mistake only if it is no number."""
    file = written(tmp_path, "port = 1.5")
    assert refusal(file=file) == f"port in {file}: expected a port, 0 to 65535"


def test_a_file_that_is_not_there_or_not_toml_is_refused(tmp_path: Path) -> None:
    """Who names a file means it."""
    assert "cannot be read" in refusal(file=tmp_path / "none.toml")
    assert "is not TOML" in refusal(file=written(tmp_path, "port = = 1"))


def test_a_variable_that_is_no_setting_is_warned_of() -> None:
    """A misspelt variable cannot be told from another program's, so it warns, with the nearest name."""
    warnings = read_config(environ={"PARLANCE_PROT": "1", "PARLANCE_CONFIG": "", "HOME": "/"}).warnings
    assert ("PARLANCE_PROT is not a setting; did you mean PARLANCE_PORT?",) == warnings


def test_every_variable_is_heard() -> None:
    """Each setting has its variable, and each variable sets what it says."""
    for name, variable in variable_names().items():
        kind = setting_types()[name]
        if kind is int:
            config = settings({variable: "12345"})
            assert 12345 == getattr(config.limits, name.removeprefix("limits."))
    assert LogFormat.TEXT == settings({"PARLANCE_LOG_FORMAT": "text"}).log_format


def test_the_example_is_complete_and_says_the_defaults() -> None:
    """config.example.toml has every setting, each with its default, in a form that can be loaded."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    # A setting stands behind `#`, an explanation behind `# `.
    text = "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") and len(line) > 1 else line for line in lines
    )
    tables = tomllib.loads(text)
    assert set(setting_types()) == {*(set(tables) - {"limits"}), *(f"limits.{name}" for name in tables["limits"])}
    assert msgspec.json.decode(msgspec.json.encode(Config(), enc_hook=str)) == tables


def test_the_example_can_be_used_as_it_is() -> None:
    """Copied and not touched, the example is the default configuration."""
    assert Config() == settings(file=EXAMPLE)
