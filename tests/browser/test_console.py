"""The console in a browser: what an operator sees and does."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open, Served, away
from browser.office import APP, NAUGHTY, Office, entered, log_in, password_of
from browser.watching import Watch, accessible, tab_order
from databases import EVERYTHING

pytestmark = pytest.mark.needs("chromium")

VIEWS = ["", "why", "apps", f"apps/{APP}/people", f"apps/{APP}/settings", "log"]


@pytest.fixture
def office(watch: Watch, served: Served) -> Office:
    """At the overview."""
    return entered(watch, served)


def test_what_the_server_prints_opens_it(watch: Watch, served: Served) -> None:
    """One link, once; it does not stay in the address."""
    link = next(found[0] for line in served.said if (found := re.search(r"http\S+/console#login=\w+", line)))
    watch.page.goto(link)
    expect(watch.page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(watch.page).to_have_url(re.compile(r"/console$"))
    watch.page.context.clear_cookies()
    watch.page.goto("about:blank")
    watch.page.goto(link)
    expect(watch.page.get_by_role("alert")).to_contain_text("has been used")
    watch.forgive("401")


def test_coming_in_by_password(open_page: Open, served: Served) -> None:
    """Wrong ones are said to be, and slow down; the right one leads to where one wanted to go."""
    # From an address of its own, against which nothing is held yet.
    watch = open_page(extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    page = watch.page
    page.clock.install()
    page.goto("/console#/log")
    said = page.get_by_role("alert")
    for _ in range(4):
        log_in(page, "wrong horse")
        expect(said).to_contain_text("is wrong")
    # Each one more is followed by a longer pause: on a slow machine the first of them may be over before the next. And
    # on the page none is over before it was looked at.
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    while "Too many attempts" not in said.inner_text():
        log_in(page, "wrong horse")
        expect(said).to_contain_text(re.compile("is wrong|Too many attempts"))
    expect(page.get_by_role("button", name="Log in")).to_be_disabled()
    page.clock.resume()
    expect(page.get_by_role("button", name="Log in")).to_be_enabled()
    log_in(page, password_of(served))
    expect(page.get_by_role("heading", name="Log", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/log$"))
    watch.forgive("401", "429")


def test_figures_live(office: Office) -> None:
    """They come by themselves, and each chart says in words what it shows."""
    page = office.page
    conversation = office.group("fay", "gus")
    office.comes("gus", "phone")
    for count in range(5):
        office.message(conversation, "fay", f"message {count}")
    stored = page.get_by_role("img", name=re.compile(r"Messages a second: stored [\d.]+"))
    expect(stored).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Connections: logged in 1"))).to_be_visible()
    expect(page.locator("figure.chart")).to_have_count(9)
    expect(page.locator(".facts")).to_contain_text("PostgreSQL" if EVERYTHING else "SQLite")


def test_an_app_and_its_keys(office: Office) -> None:
    """Keys are shown once; settings are kept."""
    page = office.page
    office.go("apps")
    page.get_by_role("button", name="New app").click()
    page.get_by_label("Id", exact=True).fill("school")
    page.get_by_label("Name").fill("School")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("dialog").locator("code")).to_have_count(3)
    keys = page.get_by_role("dialog").locator("code").all_inner_texts()
    assert [40, 40, 40] == [len(key) for key in keys]
    page.get_by_role("button", name="I have copied them").click()
    page.get_by_role("link", name=re.compile("^School")).click()
    page.get_by_role("link", name="Settings").click()
    expect(page.locator("main")).to_contain_text(f"{keys[0][:4]}…")
    assert keys[0] not in page.content()
    page.get_by_label("Members of a group, at most").fill("77")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Members of a group, at most")).to_have_value("77")
    page.get_by_role("button", name="Make anew: Server key").click()
    office.confirm()
    expect(page.get_by_role("dialog").locator("code")).not_to_have_text(keys[0])
    page.get_by_role("button", name="I have copied them").click()


def test_people(office: Office) -> None:
    """Found by a name, seen with their devices, thrown out, banned, let in again, and forgotten for good."""
    page = office.page
    conversation = office.group("hal", "ida")
    office.user("ida", "Ida the Great")
    office.message(conversation, "ida", "soon gone")
    office.go(f"apps/{APP}/people")
    page.get_by_role("searchbox").fill("the great")
    page.get_by_role("link", name="Ida the Great").click()
    expect(page.get_by_text("No device is connected.")).to_be_visible()
    office.comes("ida", "tablet")
    page.get_by_role("button", name="Throw out: tablet").click()
    expect(page.get_by_text("No device is connected.")).to_be_visible()
    page.get_by_role("button", name="Ban").click()
    office.confirm()
    page.get_by_role("button", name="Let in again").click()
    expect(page.get_by_role("button", name="Ban")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    export = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert ("ida", ["soon gone"]) == (export["user"]["client_id"], [each["text"] for each in export["messages"]])
    page.get_by_role("button", name="Erase").click()
    office.confirm("ida")
    expect(page.get_by_text("Erased: 1 messages, 0 files")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("ida")


def test_a_conversation(office: Office) -> None:
    """Looked into when asked, a message taken back, and dissolved when its name is typed."""
    page = office.page
    conversation = office.group("jan", "kit")
    office.message(conversation, "jan", "a word too many")
    office.go(f"apps/{APP}/conversations")
    page.get_by_role("searchbox").fill(conversation)
    page.get_by_role("link", name="jan, kit").click()
    page.get_by_role("button", name="Read the messages").click()
    page.get_by_role("button", name="Take back").click()
    office.confirm()
    expect(page.locator(".words.gone")).to_have_text("taken back")
    expect(page.locator("table")).to_contain_text("owner")
    page.get_by_role("button", name="Dissolve").click()
    office.confirm(conversation[:6])
    expect(page.get_by_role("heading", name="Conversations", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill(conversation)
    expect(page.get_by_text("There is no such conversation.")).to_be_visible()


def test_why_it_did_not_arrive(office: Office) -> None:
    """Who was there has it, who was not is told apart, and each is explained."""
    page = office.page
    conversation = office.group("lea", "max", "ned")
    office.comes("max", "phone")
    said = office.message(conversation, "lea", "Who brings the cake?")
    page.get_by_role("link", name="Why did it not arrive?").click()
    page.get_by_label("Message id").fill(f" {said} ")
    page.keyboard.press("Enter")
    readers = page.locator(".reader")
    expect(readers).to_have_count(2)
    expect(readers.filter(has_text="max")).to_contain_text("written to it")
    expect(readers.filter(has_text="ned")).to_contain_text("It waits in the store.")
    expect(page.locator(".road li.some")).to_have_count(1)
    page.get_by_label("Message id").fill("0" * 32)
    page.get_by_role("button", name="Follow it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such message.")
    office.watch.forgive("404")


def test_what_was_done_is_in_the_log(office: Office) -> None:
    """By whom, from where; it can be narrowed down, and the address keeps that."""
    page = office.page
    office.user("oda")
    office.go(f"apps/{APP}/people/oda")
    page.get_by_role("button", name="Ban").click()
    office.confirm()
    office.go("log")
    page.get_by_label("Whom or what it was about").fill("oda")
    row = page.get_by_role("row").filter(has_text="oda")
    expect(row).to_contain_text("admin127.0.0.1banned")
    page.get_by_label("Action").select_option("user.erase")
    expect(page.get_by_text("Nothing is written down that fits.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/log\?action=user\.erase&subject=oda$"))


def test_what_people_say_is_never_run(office: Office) -> None:
    """Names and messages are shown as they are."""
    page = office.page
    conversation = office.group("pia", "quy")
    office.user("pia", NAUGHTY)
    said = office.message(conversation, "pia", f"<script>window.ran=1</script>{NAUGHTY}")
    for where in (f"apps/{APP}/people", f"apps/{APP}/people/pia", f"why/{said}"):
        office.go(where)
        expect(page.get_by_text(NAUGHTY).first).to_be_visible()
    office.go(f"apps/{APP}/conversations/{conversation}")
    page.get_by_role("button", name="Read the messages").click()
    expect(page.get_by_text("<script>window.ran=1</script>").first).to_be_visible()
    assert page.evaluate("window.ran === undefined")


def test_an_expired_session_comes_back_to_where_it_was(office: Office, served: Served) -> None:
    """It says so, and after the login the same view is there."""
    page = office.page
    office.user("rex")
    office.go(f"apps/{APP}/people/rex")
    page.context.clear_cookies()
    expect(page.get_by_role("alert")).to_contain_text("Your session is over")
    log_in(page, password_of(served))
    expect(page.get_by_role("heading", name="rex")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"#/apps/{APP}/people/rex$"))
    office.watch.forgive("401")


def test_a_restart_of_the_server_is_survived(office: Office, served: Served) -> None:
    """The page waits, says so, and goes on by itself; nobody has to log in again."""
    page = office.page
    with away(served):
        expect(page.get_by_text("The server does not answer.")).to_be_visible()
    expect(page.get_by_text("The server does not answer.")).to_have_count(0)
    page.get_by_role("link", name="Log", exact=True).click()
    expect(page.get_by_role("heading", name="Log", exact=True)).to_be_visible()
    office.watch.forgive_absence()


def test_leaving(office: Office) -> None:
    """The way back is the way in."""
    office.page.get_by_role("button", name="Log out").click()
    expect(office.page.get_by_label("Password")).to_be_visible()
    assert [] == [cookie for cookie in office.page.context.cookies() if cookie["value"]]


def test_by_keyboard(office: Office) -> None:
    """Everything can be reached, in the order in which it is seen."""
    expected = ["To the content", "Parlance", "admin", "Log out"]
    assert expected == list(tab_order(office.page, 4))
    rest = tab_order(office.page, 7)
    assert ["Overview", "Why did it not arrive?", "Apps", "Log"] == list(rest[2:6])


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("scheme", "wide"), [("light", 1280), ("dark", 390)])
def test_every_view_can_be_read_by_everybody(open_page: Open, served: Served, scheme: str, wide: int) -> None:
    """Contrast, names and roles, in the light and in the dark, on a desk and on a phone; nothing is cut off."""
    watch = open_page(wide=wide, color_scheme=scheme)
    watch.page.goto("/console")
    expect(watch.page.get_by_label("Password")).to_be_visible()
    assert [] == accessible(watch.page)
    office = entered(watch, served)
    office.group("sue", "tom")
    for view in VIEWS:
        office.go(view)
        expect(office.page.get_by_text("One moment…")).to_have_count(0)
        assert (view, []) == (view, accessible(office.page))
        assert fits(office.page), view


def test_in_chinese_on_a_phone(open_page: Open, served: Served) -> None:
    """As the browser speaks; the way around unfolds from the bar."""
    office = entered(open_page(wide=390, high=844, locale="zh-CN", color_scheme="dark"), served)
    page = office.page
    expect(page.get_by_role("heading", name="概览")).to_be_visible()
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("link", name="审计日志").click()
    expect(page.get_by_role("heading", name="审计日志")).to_be_visible()
    expect(page.get_by_role("link", name="审计日志")).to_be_hidden()
    office.go("")
    expect(page.locator("figure.chart").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
