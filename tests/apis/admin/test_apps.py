"""Apps, their keys and settings."""

import asyncio
from typing import Any

from apis.admin.office import HALL, Operator, refusal
from cast import SERVERS, Town


async def test_all_of_them(ann: Operator) -> None:
    """By id; of short keys nothing."""
    apps = (await ann.ask("GET", "/admin/apps"))["apps"]
    assert ["annex", "hall"] == [each["app_id"] for each in apps]
    assert {"…"} == {each["master_key"] for each in apps}


async def test_a_new_app_shows_its_keys_once(town: Town, ann: Operator) -> None:
    """They work; afterwards they are cut short, and never stand in the log."""
    made = await ann.ask("POST", "/admin/apps", {"app_id": "school", "name": "School"})
    keys = made["keys"]
    assert {"app_key", "master_key", "token_secret"} == set(keys)
    backend = town.bare.showing(app_id="school", app_key=keys["master_key"])
    assert 200 == (await backend.get("/admin/events")).status
    shown = await ann.ask("GET", "/admin/apps/school")
    assert keys["master_key"][:4] + "…" == shown["master_key"]
    log = (await ann.rest.get("/admin/audit")).raw.decode()
    assert "app.create" in log
    assert not [key for key in keys.values() if key in log]


async def test_keys_are_made_anew(town: Town, ann: Operator) -> None:
    """Those that were asked for; the old one has stopped working when the new one is shown."""
    made = await ann.ask("POST", f"{HALL}/keys", {"keys": ["master_key"]})
    assert ["master_key"] == list(made["keys"])
    if SERVERS == 1:  # The others follow within a second.
        assert 401 == (await town.backend.get("/admin/events")).status
    assert [("app.rotate", "", "done")] == await ann.log("action=app.rotate")


async def test_settings_change_one_by_one(ann: Operator) -> None:
    """What is left out stays; secrets are cut short."""
    await ann.ask("PATCH", HALL, {"settings": {"recall_window": 1000, "rongcloud_secret": "very secret indeed"}})
    shown = await ann.ask("PATCH", HALL, {"name": "The hall", "settings": {"group_capacity": 7}})
    settings = shown["settings"]
    assert ("The hall", 1000, 7, "very…") == (
        shown["name"],
        settings["recall_window"],
        settings["group_capacity"],
        settings["rongcloud_secret"],
    )
    entries = (await ann.ask("GET", "/admin/audit?action=app."))["entries"]
    assert ["name, settings.group_capacity", "settings.recall_window, settings.rongcloud_secret"] == [
        each["detail"] for each in entries
    ]


async def test_all_that_is_shown_is_sent_back(town: Town, ann: Operator) -> None:
    """It changes nothing: not the secrets either."""
    before = await ann.ask("PATCH", HALL, {"settings": {"rongcloud_secret": "very secret", "hook_key": "k"}})
    after = await ann.ask("PATCH", HALL, {"settings": {**before["settings"], "group_capacity": 7}})
    assert {**before["settings"], "group_capacity": 7} == after["settings"]
    app = await town.application.actions.find_apps.one("hall")
    assert ("very secret", "k") == (app.settings.rongcloud_secret, app.settings.hook_key)


async def test_what_was_shown_before_it_changed_is_sent_back(town: Town, ann: Operator) -> None:
    """What was left of a secret then takes the place of none."""
    before = await ann.ask("PATCH", HALL, {"settings": {"rongcloud_secret": "very secret indeed"}})
    await ann.ask("PATCH", HALL, {"settings": {"rongcloud_secret": "more secret than that"}})
    await ann.ask("PATCH", HALL, {"settings": before["settings"]})
    app = await town.application.actions.find_apps.one("hall")
    assert "more secret than that" == app.settings.rongcloud_secret


async def test_two_operators_change_settings_at_once(ann: Operator) -> None:
    """Neither undoes what the other did."""
    await ann.ask("PATCH", HALL, {"settings": {"hook_key": "first", "rongcloud_secret": "very secret indeed"}})
    shown = (await ann.ask("GET", HALL))["settings"]
    changes: tuple[dict[str, Any], ...] = (
        {"group_capacity": 7},
        {"recall_window": 1000},
        {"hook_key": "other", "rongcloud_secret": shown["rongcloud_secret"]},
        {"devices_per_client": 3},
    )
    await asyncio.gather(*(ann.ask("PATCH", HALL, {"settings": change}) for change in changes))
    settings = (await ann.ask("GET", HALL))["settings"]
    assert (7, 1000, 3, "…", "very…") == (
        settings["group_capacity"],
        settings["recall_window"],
        settings["devices_per_client"],
        settings["hook_key"],
        settings["rongcloud_secret"],
    )


REFUSED: tuple[tuple[str, str, Any, tuple[int, str]], ...] = (
    ("GET", "/admin/apps/nothing", None, (404, "unknown_app")),
    ("PATCH", "/admin/apps/nothing", {}, (404, "unknown_app")),
    ("POST", "/admin/apps", {"app_id": "hall"}, (400, "bad_format")),
    ("POST", "/admin/apps", {}, (400, "missing_field")),
    ("PATCH", HALL, {"policy": "wide open"}, (400, "bad_format")),
    ("PATCH", HALL, {"settings": {"nothing": 1}}, (400, "bad_format")),
    ("PATCH", HALL, {"settings": {"recall_window": "soon"}}, (400, "bad_format")),
    ("PATCH", HALL, {"settings": {"hook_url": "ftp://x"}}, (400, "bad_format")),
    ("PATCH", HALL, {"settings": {"group_capacity": 1 << 99}}, (400, "bad_format")),
    ("POST", f"{HALL}/keys", {"keys": []}, (400, "bad_format")),
    ("POST", f"{HALL}/keys", {"keys": ["any"]}, (400, "bad_format")),
)


async def test_what_will_not_do(ann: Operator) -> None:
    """Changes nothing, and is written down with why."""
    before = await ann.ask("GET", "/admin/apps")
    for method, path, body, code in REFUSED:
        assert code == refusal(await ann.rest.call(method, path, body)), (path, body)
        if method != "GET":
            assert code[1] == (await ann.log())[0][2]
    assert before == await ann.ask("GET", "/admin/apps")
