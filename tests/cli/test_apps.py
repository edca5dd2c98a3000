"""`parlance app …`."""

import json
import re
from pathlib import Path

from cli.conftest import Command

KEYS = ("app_key", "master_key", "token_secret")


def shown(parlance: Command, app_id: str) -> dict[str, object]:
    """The app as `show --json` prints it."""
    result = parlance("app", "show", "--id", app_id, "--json")
    decoded: dict[str, object] = json.loads(result.stdout)
    return decoded


def test_an_app_is_made_with_keys_of_its_own(parlance: Command) -> None:
    """A new app has the policy token, and three keys that nobody can guess, shown in full."""
    result = parlance("app", "create", "--id", "shop", "--name", "A [shop]")
    app = shown(parlance, "shop")
    assert 0 == result.exit_code
    assert ("shop", "A [shop]", "token") == (app["app_id"], app["name"], app["policy"])
    for key in KEYS:
        assert re.fullmatch(r"[A-Za-z0-9]{40}", str(app[key]))
        assert str(app[key]) in result.stdout
    assert 3 == len({app[key] for key in KEYS})
    assert "A [shop]" in result.stdout


def test_the_server_key_and_the_policy_may_be_given(parlance: Command) -> None:
    """--key sets the server key, --policy what callers have to show, --json answers like show."""
    result = parlance("app", "create", "--id", "666666", "--key", "master", "--policy", "open", "--json")
    assert shown(parlance, "666666") == json.loads(result.stdout)
    assert ("master", "open") == (json.loads(result.stdout)["master_key"], json.loads(result.stdout)["policy"])


def test_the_public_key_may_be_given(parlance: Command) -> None:
    """--app-key keeps the key that clients in the field already carry."""
    result = parlance("app", "create", "--id", "shop", "--app-key", "carried-since-2019", "--json")
    assert 0 == result.exit_code
    assert "carried-since-2019" == shown(parlance, "shop")["app_key"]
    assert 1 == parlance("app", "create", "--id", "other", "--app-key", "").exit_code


def test_an_id_is_taken_once(parlance: Command) -> None:
    """A second app of the same id is refused, and the first stays as it is."""
    parlance("app", "create", "--id", "shop")
    before = shown(parlance, "shop")
    result = parlance("app", "create", "--id", "shop", "--policy", "open")
    assert (1, "Error: app_id: there is an app of that id already\n") == (result.exit_code, result.stderr)
    assert before == shown(parlance, "shop")


def test_a_policy_is_one_of_three(parlance: Command) -> None:
    """A word that is no policy is refused with the ones there are."""
    result = parlance("app", "create", "--id", "shop", "--policy", "closed")
    assert 2 == result.exit_code
    assert "'open', 'key', 'token'" in result.stderr


def test_apps_are_listed_without_their_keys(parlance: Command) -> None:
    """The list says what there is, and nothing that is secret."""
    for app_id in ("shop", "clinic"):
        parlance("app", "create", "--id", app_id)
    listed = parlance("app", "list").stdout
    assert ["clinic", "shop"] == [line.split()[0] for line in listed.splitlines()[1:]]
    for key in KEYS:
        assert str(shown(parlance, "shop")[key]) not in listed


def test_an_app_is_shown_with_its_secrets_masked(parlance: Command) -> None:
    """Without --json the secret keys are only hinted at, and a short one not even that."""
    parlance("app", "create", "--id", "shop", "--key", "short-key")
    app = shown(parlance, "shop")
    text = parlance("app", "show", "--id", "shop").stdout
    assert str(app["app_key"]) in text
    assert str(app["token_secret"]) not in text
    assert str(app["token_secret"])[:4] + "…" in text
    assert "short" not in text


def test_an_app_nobody_made_is_unknown(parlance: Command) -> None:
    """Showing, changing or rotating what is not there is refused."""
    for words in (["show"], ["rotate", "--app-key"], ["set", "--name", "x"]):
        result = parlance("app", *words, "--id", "nobody")
        assert (1, "Error: app_id: there is no app of that id\n") == (result.exit_code, result.stderr)


def test_rotating_changes_the_keys_that_are_named(parlance: Command) -> None:
    """The new key is shown in full, the others stay."""
    parlance("app", "create", "--id", "shop")
    before = shown(parlance, "shop")
    text = parlance("app", "rotate", "--id", "shop", "--master-key", "--app-key").stdout
    after = shown(parlance, "shop")
    assert str(after["master_key"]) in text
    assert [True, True, False] == [before[key] != after[key] for key in KEYS]


def test_rotating_says_which(parlance: Command) -> None:
    """No key is changed by accident."""
    parlance("app", "create", "--id", "shop")
    result = parlance("app", "rotate", "--id", "shop")
    assert 2 == result.exit_code
    assert "--master-key, --app-key, --token-secret" in result.stderr


def test_name_policy_and_settings_are_set(parlance: Command) -> None:
    """What is named is changed, everything else stays."""
    parlance("app", "create", "--id", "shop")
    before = shown(parlance, "shop")
    settings = ("--setting", "recall_window=120000", "--setting", "create_users=false")
    parlance("app", "set", "--id", "shop", "--name", "Shop", "--policy", "key", *settings)
    after = shown(parlance, "shop")
    assert isinstance(before["settings"], dict)
    expected = {**before["settings"], "recall_window": 120_000, "create_users": False}
    assert {**before, "name": "Shop", "policy": "key", "settings": expected} == after
    parlance("app", "set", "--id", "shop", "--setting", "recall_window=none")
    assert {**expected, "recall_window": None} == shown(parlance, "shop")["settings"]


def test_rongcloud_is_put_behind_an_app(parlance: Command) -> None:
    """Its secret is shown whole with --json alone, its key as it is."""
    parlance("app", "create", "--id", "shop")
    secret = "Y1W2MeFwwwRxa0Y1W2MeFwwwRxa0"
    pairs = ("provider=rongcloud", "rongcloud_key=AbCdEf", f"rongcloud_secret={secret}")
    result = parlance("app", "set", "--id", "shop", *(word for pair in pairs for word in ("--setting", pair)))
    assert 0 == result.exit_code
    assert "rongcloud_key=AbCdEf rongcloud_secret=Y1W2… " in result.stdout
    assert secret not in result.stdout + parlance("app", "show", "--id", "shop").stdout
    settings = shown(parlance, "shop")["settings"]
    assert isinstance(settings, dict)
    assert ("rongcloud", secret) == (settings["provider"], settings["rongcloud_secret"])


def test_rongcloud_takes_a_key_a_secret_and_an_address(parlance: Command) -> None:
    """Otherwise the app stays as it is."""
    parlance("app", "create", "--id", "shop")
    before = shown(parlance, "shop")
    for pairs, word in (
        (("provider=rongcloud",), "rongcloud_key"),
        (("provider=rongcloud", "rongcloud_key=k"), "rongcloud_secret"),
        (("rongcloud_host=api.rong-api.com",), "rongcloud_host"),
        (("rongcloud_backup=ftp://example.com",), "rongcloud_backup"),
        (("rongcloud_secret=秘",), "rongcloud_secret"),
        (("provider=nobody",), "provider"),
    ):
        words = [word for pair in pairs for word in ("--setting", pair)]
        result = parlance("app", "set", "--id", "shop", *words)
        assert result.exit_code != 0
        assert word in result.stderr
    assert before == shown(parlance, "shop")


def test_a_setting_is_one_there_is_with_a_value_it_can_have(parlance: Command) -> None:
    """A wrong name, a wrong type and a number out of range are refused, and nothing is changed."""
    parlance("app", "create", "--id", "shop")
    before = shown(parlance, "shop")
    for pair, code, word in (
        ("colour=blue", 2, "create_users, recall_window"),
        ("create_users", 2, "is not NAME=VALUE"),
        ("create_users=perhaps", 2, "expected `bool`"),
        ("group_capacity=none", 2, "expected `int`"),
        ("group_capacity=0", 1, "group_capacity is 1 to"),
        ("recall_window=-5", 1, "recall_window is 0 to"),
    ):
        result = parlance("app", "set", "--id", "shop", "--name", "Other", "--setting", pair)
        assert code == result.exit_code
        assert word in result.stderr
    assert before == shown(parlance, "shop")


def test_the_command_takes_what_the_core_takes(parlance: Command) -> None:
    """Nobody takes anything back, where no time is left for it."""
    parlance("app", "create", "--id", "shop")
    assert 0 == parlance("app", "set", "--id", "shop", "--setting", "recall_window=0").exit_code
    settings = shown(parlance, "shop")["settings"]
    assert isinstance(settings, dict)
    assert 0 == settings["recall_window"]


def test_setting_nothing_is_refused(parlance: Command) -> None:
    """Who changes something says what."""
    parlance("app", "create", "--id", "shop")
    assert 2 == parlance("app", "set", "--id", "shop").exit_code


def test_a_folder_that_cannot_be_one_is_refused(parlance: Command, data: Path) -> None:
    """A file where the data folder should be is said in a sentence, not in a stack trace."""
    data.write_text("not a folder", encoding="utf-8")
    result = parlance("app", "list")
    assert 2 == result.exit_code
    assert str(data) in result.stderr
