"""What an operator may decide, as one frozen object that is read once.

Four places are asked, each overruling the one before: the defaults below, a TOML file, variables of the
environment, flags of the command line. This is the only file that looks into the environment.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints
from urllib.parse import unquote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from parlance.core.model.file_types import Family, file_types
from parlance.core.model.limits import Limits

PREFIX = "PARLANCE_"
FILE_SUFFIX = "_FILE"
DIALECTS = ("platform", "campus", "clinic", "rong", "leancloud")
"""The dialects that this version speaks."""
POSTGRESQL = ("postgresql://", "postgres://")
"""How the URL of a PostgreSQL database begins."""
BUSES = frozenset({"nats", "tls"})
"""How the URL of a NATS server begins."""
ZERO_MEANS_ANY = frozenset({"sends_per_second", "burst"})
"""The limits that 0 switches off; any other is at least 1."""
LONGEST_DRAIN = 10
"""Seconds that stopping may take, so that no supervisor loses patience first."""
NOT_SETTINGS = frozenset(
    {
        "PARLANCE_CONFIG",
        "PARLANCE_TEST_REQUIRE",
        "PARLANCE_TEST_DATABASE",
        "PARLANCE_TEST_SERVERS",
        "PARLANCE_TEST_SCREENSHOTS",
    }
)
"""Variables that begin like settings and are not."""


Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
"""0 asks the machine for a free one."""


class ConfigError(Exception):
    """A setting that cannot be used; the message names where it was set."""


class LogFormat(StrEnum):
    """How log lines look."""

    JSON = "json"
    TEXT = "text"


class LogLevel(StrEnum):
    """The least important line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ConsoleAccess(StrEnum):
    """Who may reach the console."""

    SECURE = "secure"
    """Who comes over https, or asks for this machine's own address."""
    PLAIN = "plain"
    """Whoever can reach the server."""
    OFF = "off"
    """Nobody: there is none."""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set; `config.example.toml` has the words for operators."""

    host: str = "127.0.0.1"
    port: Port = 8000
    data_dir: Path = Path("data")
    database_url: str = ""
    bus_url: str = ""
    files_url: str = ""
    file_types: tuple[str, ...] = tuple(Family)
    public_url: str = ""
    default_app: str = ""
    dialects: tuple[str, ...] = DIALECTS
    timezone: str = "Asia/Shanghai"
    log_format: LogFormat = LogFormat.JSON
    log_level: LogLevel = LogLevel.INFO
    console: ConsoleAccess = ConsoleAccess.SECURE
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    allow_open: tuple[str, ...] = ()
    allow_key: tuple[str, ...] = ()
    drain: float = 5.0
    limits: Limits = Limits()

    @property
    def database(self) -> Path | str:
        """Where everything is kept: the file for SQLite, or the URL of a PostgreSQL database."""
        if self.database_url.startswith(POSTGRESQL):
            return self.database_url
        path = urlsplit(self.database_url).path
        return Path(unquote(path[1:])) if path else self.data_dir / "parlance.db"

    @property
    def database_name(self) -> str:
        """The same for people to read: a password is not shown."""
        if isinstance(self.database, Path):
            return str(self.database)
        url = urlsplit(self.database)
        return urlunsplit(("postgresql", url.netloc.rpartition("@")[2], url.path, "", ""))

    @property
    def files_path(self) -> Path:
        """The folder that uploads are kept in, unless they lie in a bucket."""
        path = "" if self.files_url.startswith("s3:") else urlsplit(self.files_url).path
        return Path(unquote(path)) if path else self.data_dir / "files"


class Settled(NamedTuple):
    """The configuration, and what was odd about it but no reason to stop."""

    config: Config
    warnings: tuple[str, ...]


class _Setting(NamedTuple):
    """A value as it was found, and where."""

    name: str
    """A field of Config, or `limits.` and a field of Limits."""
    value: Any
    where: str


def read_config(
    flags: Mapping[str, object] | None = None,
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settled:
    """Ask all four places; a flag that is None was not given. Raises ConfigError."""
    variables = os.environ if environ is None else environ
    path = file or _path_in(variables)
    found: dict[str, _Setting] = {}
    for source in (_in_file(path), _in_environment(variables), _in_flags(flags or {})):
        for setting in source:
            # Converted where it is found, so that a wrong value is an error even if it is overruled.
            found[setting.name] = setting._replace(value=_converted(setting))
    own = {name: setting.value for name, setting in found.items() if "." not in name}
    limits = {name.partition(".")[2]: setting.value for name, setting in found.items() if "." in name}
    config = Config(**own, limits=Limits(**limits))
    _check(config, {name: setting.where for name, setting in found.items()})
    return Settled(config, tuple(_unknown_variables(variables)))


def elsewhere(config: Config, database_url: str, where: str) -> Config:
    """The same settings with another database, which was named in `where`. Raises ConfigError."""
    moved = msgspec.structs.replace(config, database_url=database_url, bus_url="")
    _check(moved, {"database_url": where})
    return moved


def setting_types() -> dict[str, Any]:
    """Every setting by its name (limits as `limits.…`) with its type."""
    own = get_type_hints(Config, include_extras=True)
    del own["limits"]
    return own | {f"limits.{name}": kind for name, kind in get_type_hints(Limits, include_extras=True).items()}


def variable_names() -> dict[str, str]:
    """The variable of the environment for each setting."""
    return {name: PREFIX + name.replace(".", "_").upper() for name in setting_types()}


def _path_in(variables: Mapping[str, str]) -> Path | None:
    named = variables.get("PARLANCE_CONFIG")
    return Path(named) if named else None


def _in_file(path: Path | None) -> Iterator[_Setting]:
    if path is None:
        return
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML ({error})") from None
    known = setting_types()
    for name, value in _flattened(tables):
        if name not in known:
            raise ConfigError(f"{path}: there is no setting {name!r}{_nearest(name, known)}")
        yield _Setting(name, value, f"{name} in {path}")


def _flattened(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", given) for inner, given in value.items())
        else:
            yield name, value


def _in_environment(variables: Mapping[str, str]) -> Iterator[_Setting]:
    if variables.get("PORT") and not variables.get("PARLANCE_PORT"):
        # What platforms that start containers for others set.
        yield _Setting("port", variables["PORT"], "PORT")
    for name, variable in variable_names().items():
        told = variables.get(variable)
        path = variables.get(variable + FILE_SUFFIX)
        if told and path:
            raise ConfigError(f"{variable} and {variable}{FILE_SUFFIX} are both set: unset one")
        if told:
            yield _Setting(name, told, variable)
        elif path:
            yield _Setting(name, _secret_in(Path(path), variable + FILE_SUFFIX), variable + FILE_SUFFIX)


def _secret_in(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{variable}: {path} cannot be read ({error})") from None


def _in_flags(flags: Mapping[str, object]) -> Iterator[_Setting]:
    for name, value in flags.items():
        if value is not None:
            yield _Setting(name, value, "--data" if name == "data_dir" else f"--{name.replace('_', '-')}")


def _converted(setting: _Setting) -> Any:
    """The value in the type of its field; lists come from variables with commas."""
    kind = setting_types()[setting.name]
    value = setting.value
    if kind == tuple[str, ...] and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=not isinstance(value, str), dec_hook=_decode)
    except msgspec.ValidationError:
        # What was given is not repeated: it may be a secret in the wrong place.
        raise ConfigError(f"{setting.where}: expected {_described(kind)}") from None


def _described(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "one of " + ", ".join(kind)
    if kind == tuple[str, ...]:
        return "a list of names"
    words: dict[Any, str] = {int: "a whole number", float: "a number", Port: "a port, 0 to 65535"}
    return words.get(kind, "a text")


def _decode(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value).expanduser()
    raise NotImplementedError


def _check(config: Config, where: Mapping[str, str]) -> None:
    """The rules that a type cannot say."""
    for name, reason in (*_wrong_addresses(config), *_wrong_words(config), *_wrong_limits(config.limits)):
        raise ConfigError(f"{where.get(name, name)}: {reason}")


def _wrong_addresses(config: Config) -> Iterator[tuple[str, str]]:
    if not config.host:
        yield "host", "an address to listen on is needed"
    if config.database_url and not (_names_path(config.database_url, "sqlite") or _names_database(config.database_url)):
        yield "database_url", "leave it empty, or sqlite:///PATH, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    if config.bus_url and not _names_bus(config.bus_url):
        yield "bus_url", "leave it empty, or nats://HOST:PORT (several with commas between them)"
    elif config.bus_url and not config.database_url.startswith(POSTGRESQL):
        yield "bus_url", "several servers share a PostgreSQL database: set database_url, or leave this empty"
    if config.files_url and not (_names_path(config.files_url, "file") or _names_bucket(config.files_url)):
        yield "files_url", "files lie in a folder or a bucket: leave it empty, or file:///PATH, or s3://BUCKET/PREFIX"
    if config.public_url and not config.public_url.startswith(("http://", "https://")):
        yield "public_url", "an address that begins with http:// or https:// is needed"


def _names_path(url: str, scheme: str) -> bool:
    return len(url) > len(f"{scheme}:///") and url.startswith(f"{scheme}:///")


def _names_bus(url: str) -> bool:
    try:
        parts = [urlsplit(each.strip()) for each in url.split(",")]
        return all(part.scheme in BUSES and part.hostname and (part.port or True) for part in parts)
    except ValueError:
        return False


def _names_database(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return url.startswith(POSTGRESQL) and len(parts.path) > 1


def _names_bucket(url: str) -> bool:
    return url.startswith("s3://") and bool(urlsplit(url).netloc)


def _names_network(name: str) -> bool:
    try:
        ip_network(name, strict=False)
    except ValueError:
        return False
    return True


def _wrong_words(config: Config) -> Iterator[tuple[str, str]]:
    if not 0 <= config.drain <= LONGEST_DRAIN:
        yield "drain", f"expected 0 to {LONGEST_DRAIN} seconds"
    if not config.dialects:
        yield "dialects", f"at least one is needed (there is: {', '.join(DIALECTS)})"
    try:
        file_types(config.file_types)
    except ValueError as error:
        yield "file_types", str(error)
    for network in config.trusted_proxies:
        if not _names_network(network):
            yield "trusted_proxies", f"{network!r} is no address or network, such as 10.0.0.0/8"
    for dialect in config.dialects:
        if dialect not in DIALECTS:
            yield "dialects", f"{dialect!r} is not a dialect of this version (there is: {', '.join(DIALECTS)})"
    try:
        ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "timezone", f"{config.timezone!r} is no time zone, such as Asia/Shanghai or UTC"


def _wrong_limits(limits: Limits) -> Iterator[tuple[str, str]]:
    for name in Limits.__struct_fields__:
        least = 0 if name in ZERO_MEANS_ANY else 1
        if getattr(limits, name) < least:
            yield f"limits.{name}", f"expected at least {least}"


def _unknown_variables(variables: Mapping[str, str]) -> Iterator[str]:
    names = set(variable_names().values())
    known = names | {name + FILE_SUFFIX for name in names} | NOT_SETTINGS
    for variable in sorted(variables):
        if variable.startswith(PREFIX) and variable not in known:
            yield f"{variable} is not a setting{_nearest(variable, names)}"


def _nearest(name: str, known: Mapping[str, object] | set[str]) -> str:
    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {nearest[0]}?" if nearest else ""
