"""`parlance token`."""

import json

import jwt
import pytest

from cli.conftest import Command

LONG_KEY = "k" * 40


@pytest.fixture(autouse=True)
def shop(parlance: Command) -> dict[str, str]:
    """An app to make tokens for."""
    decoded: dict[str, str] = json.loads(parlance("app", "create", "--id", "shop", "--json").stdout)
    return decoded


def test_a_token_speaks_for_its_client(parlance: Command, shop: dict[str, str]) -> None:
    """The standard output is the token and nothing else, so that a script can take it."""
    result = parlance("token", "--app", "shop", "--client", "Tom")
    claims = jwt.decode(result.stdout.strip(), shop["token_secret"], algorithms=["HS256"])
    assert ("Tom", "shop") == (claims["sub"], claims["app"])
    assert result.stderr.startswith("works until ")


@pytest.mark.parametrize(
    ("words", "seconds"), [("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000)]
)
def test_it_works_for_as_long_as_is_asked(parlance: Command, words: str, seconds: int) -> None:
    """Seconds, or a number with a unit."""
    issued = json.loads(parlance("token", "--app", "shop", "--client", "Tom", "--ttl", words, "--json").stdout)
    claims = jwt.decode(issued["token"], options={"verify_signature": False})
    assert seconds == claims["exp"] - claims["iat"]
    assert claims["exp"] == issued["expires_at"] // 1000


@pytest.mark.parametrize("words", ["0", "-1", "1.5h", "soon", "h"])
def test_a_time_that_is_none_is_refused(parlance: Command, words: str) -> None:
    """What cannot be read as a time is refused with how to say one."""
    result = parlance("token", "--app", "shop", "--client", "Tom", "--ttl", words)
    assert 2 == result.exit_code
    assert "say how long: 3600, 15m, 12h or 30d" in result.stderr


def test_a_client_id_is_one(parlance: Command) -> None:
    """The rules for client ids hold here as well."""
    result = parlance("token", "--app", "shop", "--client", "Tom Thumb")
    assert (1, "Error: client_id: a client id has no spaces or control characters\n") == (
        result.exit_code,
        result.stderr,
    )


def test_an_app_nobody_made_has_no_tokens(parlance: Command) -> None:
    """An unknown app is refused."""
    assert 1 == parlance("token", "--app", "nobody", "--client", "Tom").exit_code
