"""What stands behind the demo, and the demo for everybody: in two languages, on a phone, without a mouse."""

import json
import subprocess
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import PATIENCE, Open, Served
from browser.stage import Stage, begun
from browser.watching import Watch, accessible, tab_order

pytestmark = pytest.mark.needs("chromium", "npm", "sh", "curl")

HIKE = "Hike"
PHONE = {"wide": 390, "high": 844}


def pasted(behind: Locator, name: str) -> Any:
    """What the command that a button copies answers in a terminal."""
    page = behind.page
    page.evaluate("navigator.clipboard.writeText('')")
    behind.get_by_role("button", name=f"Copy: {name}").click()
    until = time.monotonic() + PATIENCE / 1000
    while not (command := page.evaluate("navigator.clipboard.readText()")):
        assert time.monotonic() < until, name
        page.wait_for_timeout(20)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def shown(stage: Stage) -> Any:
    """The answer on the page."""
    answer = stage.page.locator("pre.answer")
    expect(answer).not_to_be_empty()
    return json.loads(answer.inner_text())


@pytest.mark.parametrize("face", ["Platform", "Clinic", "LeanCloud"])
def test_a_dialect_shows_what_was_said(watch: Watch, face: str) -> None:
    """Its curl works as it was copied, answers what the page shows, and what is said through it is heard by both."""
    stage = Stage(watch)
    stage.ada.says(f"Can {face} hear me?")
    expect(stage.ben.bubble(f"Can {face} hear me?")).to_be_visible()
    behind = stage.behind(face)
    expect(behind.locator("pre.answer")).to_contain_text(f"Can {face} hear me?")
    copied = pasted(behind, f"curl for {face}")
    assert shown(stage) == copied
    hello = f"through {face if face == 'LeanCloud' else face.lower()}"
    behind.get_by_role("button", name="Run it").click()
    for pane in (stage.ada, stage.ben):
        expect(pane.bubble(hello)).to_have_count(1)
    assert pasted(behind, f"second curl for {face}")
    for pane in (stage.ada, stage.ben):
        expect(pane.bubble(hello)).to_have_count(2)


def test_a_group_is_shown_by_those_who_keep_groups(watch: Watch) -> None:
    """Campus and rong know it by its number; a new name given through one of them is read by both people."""
    stage = Stage(watch)
    stage.ada.turn_to(HIKE)
    behind = stage.behind("Rong")
    assert ["Ada", "Ben", "陈晨", "Dora"] == [one["nick"] for one in pasted(behind, "curl for Rong")["results"]]
    behind = stage.behind("Campus")
    copied = pasted(behind, "curl for Campus")
    assert shown(stage) == copied
    behind.get_by_role("button", name="Run it").click()
    for pane in (stage.ada, stage.ben):
        expect(pane.box.get_by_role("navigation")).to_contain_text("Sunday Hike")
    expect(behind.locator("pre.answer")).to_contain_text("Sunday Hike")
    assert "group_name" in pasted(behind, "second curl for Campus")


def test_a_talk_of_two_has_its_place_there_too(watch: Watch) -> None:
    """Campus signs for it, rong lists the groups of the person; both as curl."""
    stage = Stage(watch)
    for face, key in (("Campus", "signature"), ("Rong", "results")):
        behind = stage.behind(face)
        assert key in pasted(behind, f"curl for {face}")
        assert key in shown(stage)


def test_frames_are_shown_as_they_pass(watch: Watch) -> None:
    """Newest first, each with all that is in it; nobody's token is shown in full."""
    stage = Stage(watch)
    behind = stage.behind("Frames")
    login = behind.get_by_role("button", name="Ada to the server Ada login").last
    login.click()
    assert begun(watch.home)["people"][0]["token"][:20] not in behind.inner_text()
    behind.get_by_role("button", name="Clear").click()
    stage.ada.says("How does this travel?")
    sent = behind.get_by_role("button", name="Ada to the server Ada msg.send")
    sent.click()
    assert "How does this travel?" == json.loads(behind.locator("pre").inner_text())["data"]["text"]
    expect(behind.get_by_role("button", name="the server to Ben Ben msg.new")).to_be_visible()
    behind.get_by_role("group", name="Whose frames").get_by_role("button", name="Ben").click()
    expect(sent).to_have_count(0)


def test_the_page_speaks_two_languages(open_page: Open) -> None:
    """The browser's own until another is chosen; that one is remembered."""
    page = open_page(locale="zh-CN").page
    page.goto("/")
    expect(page.get_by_role("region", name="Ada", exact=True).locator(".state")).to_have_text("在线")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("region", name="Ada", exact=True).locator(".state")).to_have_text("online")
    page.reload()
    expect(page.get_by_role("button", name="中文")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_on_a_phone_panes_are_tabs(open_page: Open) -> None:
    """One at a time, in the width there is; what comes in the other is counted, and not taken for read."""
    watch = open_page(**PHONE)
    stage = Stage(watch)
    ada, ben, behind = (watch.page.get_by_role("tab", name=name) for name in ("Ada", "Ben", "Behind it"))
    ben.click()
    for conversation in (HIKE, "Ada"):
        stage.ben.turn_to(conversation)
    expect(ben).to_have_text("Ben ")
    ada.click()
    stage.ada.says("Are you on a phone?")
    expect(stage.ben.box).to_be_hidden()
    expect(ben).to_contain_text("1")
    expect(stage.ada.message("Are you on a phone?").get_by_role("img", name="Stored")).to_be_visible()
    ben.click()
    expect(stage.ben.bubble("Are you on a phone?")).to_be_visible()
    behind.click()
    expect(watch.page.get_by_role("region", name="Behind it")).to_be_visible()
    assert watch.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ada.click()
    expect(stage.ada.message("Are you on a phone?").get_by_role("img", name="Read")).to_be_visible()
    assert [] == accessible(watch.page)


def test_everything_is_reached_without_a_mouse(watch: Watch) -> None:
    """In the order in which it stands, with a mark where one is; a message is written, changed and taken back."""
    stage = Stage(watch)
    assert [
        "Skip to the chat",
        "Parlance",
        "Demo",
        "REST",
        "Socket",
        "Console",
        "中文",
        "Colours: as the machine has it. Change.",
        "Be somebody else",
        "Cut the line",
    ] == tab_order(watch.page, 10)
    assert "none" != watch.page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle")
    stage.ada.field.focus()
    watch.page.keyboard.type("Writen by hand")
    watch.page.keyboard.press("Enter")
    expect(stage.ada.message("Writen by hand").get_by_role("img", name="Read")).to_be_visible()
    watch.page.keyboard.press("ArrowUp")
    watch.page.keyboard.press("Home")
    watch.page.keyboard.type("It was ")
    watch.page.keyboard.press("Enter")
    expect(stage.ben.bubble("It was Writen by hand")).to_be_visible()
    menu = stage.ada.message("It was Writen by hand").get_by_role("button", name="What to do with this message")
    menu.focus()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        watch.page.keyboard.press(key)
    expect(stage.ben.bubble("Writen by hand")).to_have_count(0)


def test_it_is_legible_by_day_and_by_night(watch: Watch) -> None:
    """Names, roles, order and contrast are as axe would have them, with frames behind it and with a dialect."""
    stage = Stage(watch)
    assert [] == accessible(watch.page)
    watch.page.emulate_media(color_scheme="dark")
    stage.behind("Clinic")
    expect(watch.page.locator("pre.answer")).not_to_be_empty()
    stage.ada.turn_to(HIKE)
    assert [] == accessible(watch.page)


def test_nothing_comes_from_elsewhere(watch: Watch, served: Served) -> None:
    """Every request, sockets too, goes to this server."""
    Stage(watch)
    where = served.url.partition("//")[2]
    assert {where} == {address.partition("//")[2].partition("/")[0] for address in watch.requests}
