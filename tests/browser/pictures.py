"""The pictures in the READMEs, taken of the running server: `make screenshots`."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from browser.conftest import Open, Served
from browser.stage import Stage
from browser.watching import shot

pytestmark = pytest.mark.needs("chromium")

HIKE = "Hike"


def hills(path: Path) -> Path:
    """A picture that somebody may have taken on a hike."""
    picture = Image.new("RGB", (960, 600), "#cfe3f2")
    brush = ImageDraw.Draw(picture)
    brush.ellipse((690, 70, 800, 180), fill="#fbe3a6")
    for colour, points in (
        ("#9db8c9", [(0, 330), (210, 190), (420, 320), (640, 170), (960, 340), (960, 600), (0, 600)]),
        ("#7a9f8c", [(0, 420), (260, 300), (520, 430), (760, 310), (960, 410), (960, 600), (0, 600)]),
        ("#4f7d63", [(0, 520), (300, 420), (620, 540), (960, 450), (960, 600), (0, 600)]),
    ):
        brush.polygon(points, fill=colour)
    picture.save(path)
    return path


def talked(stage: Stage, folder: Path) -> None:
    """Have them talk a little."""
    stage.ben.says("Look what I found on the way")
    stage.ben.box.locator("input[type=file]").set_input_files(hills(folder / "hills.png"))
    expect(stage.ada.box.get_by_role("img", name="hills.png")).to_be_visible()
    for pane in (stage.ada, stage.ben):
        pane.turn_to(HIKE)
    stage.ben.says("Train at 8:40, platform 3")
    stage.ada.field.press_sequentially("Perfect. @be")
    stage.ada.field.press("Enter")
    stage.ada.field.press_sequentially("you bring the map?")
    stage.ada.field.press("Enter")
    expect(stage.ben.bubble("the map?")).to_be_visible()
    stage.ada.turn_to("Ben")
    stage.ada.says("Beautiful! Is that the ridge?")
    stage.ada.field.fill("When are")
    expect(stage.ben.box.get_by_label("unread")).to_be_visible()


def test_the_demo_on_a_desktop(open_page: Open, tmp_path: Path) -> None:
    """Two panes, and LeanCloud's view of what is said, by day and by night."""
    stage = Stage(open_page(device_scale_factor=2))
    talked(stage, tmp_path)
    stage.behind("LeanCloud")
    expect(stage.page.locator("pre.answer")).to_contain_text("ridge")
    for colours in ("light", "dark"):
        stage.page.emulate_media(color_scheme=colours)
        shot(stage.page, f"demo-{colours}")


def test_the_demo_on_a_phone(open_page: Open) -> None:
    """A pane, and the frames."""
    stage = Stage(open_page(wide=390, high=844, device_scale_factor=2))
    stage.ada.box.get_by_role("img", name="hills.png").evaluate("e => e.decode()")
    shot(stage.page, "demo-phone")
    stage.page.get_by_role("tab", name="Behind it").click()
    shot(stage.page, "demo-phone-frames")


def test_the_demo_in_chinese(open_page: Open, tmp_path: Path) -> None:
    """As most who look at it will see it, on a server where nobody has spoken yet."""
    watch = open_page(device_scale_factor=2, locale="zh-CN")
    served = Served(tmp_path / "zh")
    try:
        watch.home = served.url
        watch.page.goto(served.url)
        expect(watch.page.get_by_role("main")).to_have_attribute("aria-busy", "false")
        ada, ben = (watch.page.locator(f"[data-place='{place}']") for place in (0, 1))
        ben.locator("textarea").fill("看看我在路上拍到的")
        ben.locator("textarea").press("Enter")
        ben.locator("input[type=file]").set_input_files(hills(tmp_path / "hills.png"))
        expect(ada.get_by_role("img", name="hills.png")).to_be_visible()
        ada.locator("textarea").fill("真美！这就是那道山脊吗？")
        ada.locator("textarea").press("Enter")
        ben.locator("textarea").press_sequentially("对")
        expect(ada.locator(".typing")).to_contain_text("正在输入")
        watch.page.get_by_role("tab", name="Clinic").click()
        expect(watch.page.locator("pre.answer")).to_contain_text("山脊")
        shot(watch.page, "demo-zh")
    finally:
        served.stop()
