"""Two people talk in the demo."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from browser.conftest import Served, away
from browser.stage import Stage, begun, rest
from browser.watching import Watch

pytestmark = pytest.mark.needs("chromium", "npm")

HIKE = "Hike"


def test_what_one_says_the_other_reads(watch: Watch) -> None:
    """Typing shows, the message arrives, and its ticks say that it was read."""
    stage = Stage(watch)
    stage.ada.field.press_sequentially("Are you th", delay=10)
    expect(stage.ben.box.locator(".typing")).to_contain_text("Ada is typing…")
    stage.ada.says("Are you there?")
    expect(stage.ben.bubble("Are you there?")).to_be_visible()
    expect(stage.ben.box.locator(".typing")).not_to_contain_text("Ada is typing…")
    expect(stage.ada.message("Are you there?").get_by_role("img", name="Read")).to_be_visible()


def test_what_is_not_looked_at_is_counted(watch: Watch) -> None:
    """A badge counts until the conversation is opened; then the sender is told."""
    stage = Stage(watch)
    stage.ada.turn_to(HIKE)
    stage.ada.says("Saturday at nine")
    badge = stage.ben.box.get_by_label("unread")
    expect(badge).to_be_visible()
    stage.ben.turn_to(HIKE)
    expect(badge).to_have_count(0)
    expect(stage.ada.message("Saturday at nine").get_by_role("img", name="Read by Ben")).to_be_visible()


def test_one_who_is_away_is_shown_so(watch: Watch) -> None:
    """Presence follows the line."""
    stage = Stage(watch)
    about = stage.ada.box.get_by_role("navigation")
    expect(about).to_contain_text("Benonline")
    stage.ben.box.get_by_role("button", name="Cut the line").click()
    expect(about).to_contain_text("Benaway")
    stage.ben.box.get_by_role("button", name="Mend the line").click()
    expect(about).to_contain_text("Benonline")


def test_what_was_said_can_be_changed_and_taken_back(watch: Watch) -> None:
    """By its sender, for both."""
    stage = Stage(watch)
    stage.ada.says("See you at the sation")
    stage.ada.menu("See you at the sation", "Edit")
    stage.ada.says("See you at the station")
    expect(stage.ben.message("See you at the station")).to_contain_text("edited")
    stage.ada.menu("See you at the station", "Recall")
    for pane in (stage.ada, stage.ben):
        expect(pane.bubble("station")).to_have_count(0)
        expect(pane.bubble("Message recalled").last).to_be_visible()


def test_somebody_is_mentioned(watch: Watch) -> None:
    """An @ offers who is in the group; who is meant sees it."""
    stage = Stage(watch)
    for pane in (stage.ada, stage.ben):
        pane.turn_to(HIKE)
    stage.ada.field.press_sequentially("Map, @be")
    expect(stage.ada.box.get_by_role("option", name="@Ben")).to_have_attribute("aria-selected", "true")
    stage.ada.field.press("Enter")
    stage.ada.field.press_sequentially("please")
    stage.ada.field.press("Enter")
    bubble = stage.ben.bubble("Map, @Ben please")
    expect(bubble).to_have_class(re.compile("mentioned"))
    expect(bubble.locator(".mention")).to_have_text("@Ben")


def test_pictures_and_files_are_sent(watch: Watch, tmp_path: Path) -> None:
    """A picture is shown, a file is offered under its own name."""
    stage = Stage(watch)
    Image.new("RGB", (320, 200), "#7aa27c").save(tmp_path / "hills.png")
    (tmp_path / "route.txt").write_text("Left at the mill.", encoding="utf-8")
    stage.ada.box.locator("input[type=file]").set_input_files([tmp_path / "hills.png", tmp_path / "route.txt"])
    picture = stage.ben.box.get_by_role("img", name="hills.png").last
    expect(picture).to_be_visible()
    assert 320 == picture.evaluate("e => e.decode().then(() => e.naturalWidth)")
    file = stage.ben.box.get_by_role("link", name="route.txt").last
    expect(file).to_be_visible()
    with stage.page.expect_download() as download:
        file.click()
    assert "route.txt" == download.value.suggested_filename


def test_a_file_that_is_not_taken_says_why(watch: Watch, tmp_path: Path) -> None:
    """The server's words are shown, and nothing is sent."""
    stage = Stage(watch)
    (tmp_path / "tool.exe").write_bytes(b"MZ\x90\x00" + bytes(200))
    stage.ada.box.locator("input[type=file]").set_input_files(tmp_path / "tool.exe")
    expect(stage.page.get_by_role("status").filter(has_text="tool.exe was not taken")).to_be_visible()
    expect(stage.ada.bubble("tool.exe")).to_have_count(0)


def test_scripts_are_shown_and_never_run(watch: Watch, served: Served, tmp_path: Path) -> None:
    """In a name, a message, a file's name and an address: they are what somebody wrote, and nothing else."""
    script = "<img src=x onerror=\"document.title='run'\">"
    # Where nobody has opened the page yet, there is no Dora.
    group = begun(served.url)["group"]
    rest(served.url, "/im/users/dora", {"nickname": script}, "PUT")
    stage = Stage(watch)
    for pane in (stage.ada, stage.ben):
        pane.turn_to(HIKE)
    stage.ada.says(f"Look: {script}<script>document.title='run'</script>")
    expect(stage.ben.bubble("Look:")).to_contain_text(script)
    path = f"/im/conversations/{group}/message"
    rest(served.url, path, {"from_client": "dora", "type": -1, "text": "My name is strange"})
    expect(stage.ben.message("My name is strange")).to_contain_text(script)
    for kind in (-2, -6):
        sent = {"from_client": "dora", "type": kind, "url": "javascript:document.title='run'", "attr": {"name": script}}
        rest(served.url, path, sent)
    rest(served.url, path, {"from_client": "dora", "type": -2, "url": "https://elsewhere.example/x.png", "text": "far"})
    expect(stage.ben.bubble("far")).to_be_visible()
    (tmp_path / "<b onclick=document.title=1>.txt").write_text("plain", encoding="utf-8")
    stage.ada.box.locator("input[type=file]").set_input_files(tmp_path / "<b onclick=document.title=1>.txt")
    expect(stage.ben.bubble("<b onclick=document.title=1>.txt")).to_be_visible()
    assert 0 == stage.page.locator(".messages :is(script, [onerror], [onclick], a[href^=javascript])").count()
    assert "Demo · Parlance" == stage.page.title()
    rest(served.url, "/im/users/dora", {"nickname": "Dora"}, "PUT")


def test_older_messages_come_as_one_scrolls(watch: Watch, served: Served) -> None:
    """A page at a time, and what one was reading stays where it is."""
    direct = begun(served.url)["direct"]
    for number in range(70):
        said = {"from_client": "ben", "type": -1, "text": f"step {number:02}"}
        rest(served.url, f"/im/conversations/{direct}/message", said)
    stage = Stage(watch)
    expect(stage.ada.bubble("step 69")).to_be_in_viewport()
    expect(stage.ada.bubble("step 30")).to_have_count(0)
    stage.ada.box.locator(".messages").evaluate("e => { e.scrollTop = 60 }")
    expect(stage.ada.bubble("step 30")).to_have_count(1)
    expect(stage.ada.bubble("step 40")).to_be_in_viewport()
    expect(stage.ada.bubble("step 30")).not_to_be_in_viewport()
    box = stage.ben.box.locator(".messages")
    box.evaluate("e => { e.scrollTop = e.scrollHeight - e.clientHeight - 40 }")
    stage.ben.bubble("step 68").hover()
    near = box.evaluate("e => e.scrollTop")
    stage.page.mouse.down()
    # The pane is in use now, and what stands under the finger has not moved.
    assert near == box.evaluate("e => new Promise(then => setTimeout(() => then(e.scrollTop), 100))")
    assert near < box.evaluate("e => e.scrollHeight - e.clientHeight")
    stage.page.mouse.up()
    numbers = stage.ada.box.locator(".message").evaluate_all("all => all.map(e => Number(e.dataset.seq))")
    assert sorted(set(numbers)) == numbers


def test_a_line_that_was_cut_catches_up(watch: Watch) -> None:
    """What was said meanwhile arrives, and what one wrote meanwhile is sent: each once."""
    stage = Stage(watch)
    stage.ben.box.get_by_role("button", name="Cut the line").click()
    expect(stage.ben.box.locator(".state")).to_have_text("line is cut")
    for text in ("one for the road", "two for the road"):
        stage.ada.says(text)
    expect(stage.ada.message("two for the road").get_by_role("img", name="Stored")).to_be_visible()
    expect(stage.ben.bubble("for the road")).to_have_count(0)
    stage.ben.says("written in a tunnel")
    expect(stage.ben.message("written in a tunnel").get_by_role("img", name="Waiting")).to_be_visible()
    stage.ben.box.get_by_role("button", name="Mend the line").click()
    expect(stage.ben.bubble("for the road")).to_have_text(["one for the road", "two for the road"])
    expect(stage.ada.bubble("written in a tunnel")).to_have_count(1)
    expect(stage.ada.message("two for the road").get_by_role("img", name="Read")).to_be_visible()
    expect(stage.ben.bubble("written in a tunnel")).to_have_count(1)


def test_a_restart_of_the_server_is_survived(watch: Watch, served: Served) -> None:
    """The page says that the line is lost, comes back by itself, and sends what was written meanwhile."""
    stage = Stage(watch)
    with away(served):
        expect(stage.ada.box.locator(".state")).to_have_class(re.compile("lost|connecting"))
        stage.ada.says("said while it was away")
        expect(stage.ada.message("said while it was away").get_by_role("img", name="Waiting")).to_be_visible()
    expect(stage.ben.bubble("said while it was away")).to_be_visible()
    expect(stage.ada.message("said while it was away").get_by_role("img", name="Read")).to_be_visible()
    watch.forgive_absence()


def test_somebody_else_takes_a_pane(watch: Watch) -> None:
    """The other two are there as well; a talk of two others is none of theirs."""
    stage = Stage(watch)
    stage.ben.box.get_by_role("combobox", name="Be somebody else").select_option("Dora")
    dora = stage.page.get_by_role("region", name="Dora", exact=True)
    expect(dora.locator(".state")).to_have_text("online")
    expect(dora.get_by_role("navigation").get_by_role("button")).to_have_count(1)
    stage.ada.turn_to(HIKE)
    stage.ada.says("Welcome, Dora")
    expect(dora.locator(".bubble").filter(has_text="Welcome, Dora")).to_be_visible()
