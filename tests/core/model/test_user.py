"""Users."""

import pytest

from core.world import refused
from parlance.core.model.user import LARGEST_PROFILE, Profile, User, client_id, client_ids, judge_profile, unique_id
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ada", "ada"),
        (2, "2"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        ("张三", "张三"),
        ("CKD_P_903", "CKD_P_903"),
        ("a@b.c:d/e", "a@b.c:d/e"),
        ("😀", "😀"),
        ("x" * 64, "x" * 64),
    ],
)
def test_a_client_id_is_nearly_any_word(raw: str | int, expected: str) -> None:
    """Up to 64 characters; a number becomes its digits."""
    assert expected == client_id(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x" * 65,
        "two words",
        "tab\t",
        "line\n",
        "\x00",
        "\x7f",
        "\x85",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\ud800",
        True,
        False,
        10**64,
    ],
    ids=lambda raw: ascii(raw) if not isinstance(raw, int) else f"{type(raw).__name__} of {raw.bit_length()} bits",
)
def test_some_words_are_no_client_ids(raw: str | int) -> None:
    """Nothing, too much, spaces and controls of every script, and no yes or no."""
    with pytest.raises(Fault) as caught:
        client_id(raw, "from_client")
    assert (FaultCode.BAD_FORMAT, "from_client") == (caught.value.code, caught.value.field)


def test_several_are_read_once_each() -> None:
    """In the order in which they first came; the number and its digits are one."""
    assert ("b", "2", "a") == client_ids(["b", 2, "a", "2", "b"], "client_ids")
    assert FaultCode.BAD_FORMAT is refused(lambda: client_ids(["a", ""], "client_ids"))


@pytest.mark.parametrize(("raw", "expected"), [("Tom1", "Tom1"), (15, "15"), ("x" * 64, "x" * 64)])
def test_a_unique_id_is_plain(raw: str | int, expected: str) -> None:
    """ASCII letters and digits."""
    assert expected == unique_id(raw)


@pytest.mark.parametrize(
    "raw",
    ["", "a b", "a_b", "é", "٣", "a\n", "x" * 65, -1, True, 10**64],
    ids=lambda raw: ascii(raw)[:9] if isinstance(raw, str) else "number",
)
def test_some_are_not_plain(raw: str | int) -> None:
    """Digits of other scripts and a final line break included."""
    assert FaultCode.BAD_UNIQUE_ID is refused(lambda: unique_id(raw))


def test_a_profile_is_measured_as_a_whole() -> None:
    """In bytes; what is left out weighs nothing."""
    judge_profile(Profile())
    judge_profile(Profile(nickname="x" * 30_000, avatar="y" * 30_000, ext="z" * 5_536))
    for profile in (Profile("x" * 30_000, "y" * 30_000, "z" * 5_537), Profile("é" * (LARGEST_PROFILE // 2) + "x")):
        assert FaultCode.BAD_FORMAT is refused(lambda profile=profile: judge_profile(profile))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("nickname", "name", "expected"), [("莉莉", "白亚玲", "莉莉"), ("", "白亚玲", "白亚玲"), ("", "", "")]
)
def test_what_a_user_is_called(nickname: str, name: str, expected: str) -> None:
    """The name it goes by, else its real one."""
    assert expected == User(AppId("hall"), ClientId("ada"), 1, nickname=nickname, name=name).called
