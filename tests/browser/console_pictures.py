"""The pictures of the console, taken of a running server with some life in it: `make screenshots`."""

import time

import pytest
from playwright.sync_api import expect

from browser.conftest import Open, Served
from browser.office import Office, entered
from browser.watching import shot

pytestmark = pytest.mark.needs("chromium")

LIVELY_FOR = 60
"""Seconds: charts of less say little."""
PEOPLE = {"mia": "Mia", "leo": "Leo", "hanmei": "韩梅", "tom": "Tom"}


def lively(office: Office, conversation: str) -> None:
    """Have them talk, now more and now less."""
    began, count = time.monotonic(), 0
    while (passed := time.monotonic() - began) < LIVELY_FOR:
        for _ in range(1 + int(passed) * 7 % 11):
            count += 1
            office.message(conversation, [*PEOPLE][count % len(PEOPLE)], f"message {count}")
        time.sleep(0.15 + int(passed) % 9 / 20)


def test_the_console(open_page: Open, served: Served) -> None:
    """How the server is, and why something did not arrive."""
    office = entered(open_page(device_scale_factor=2), served)
    page = office.page
    conversation = office.group(*PEOPLE)
    for client, name in PEOPLE.items():
        office.user(client, name)
    for client, device in (("leo", "phone"), ("leo", "laptop"), ("hanmei", "phone")):
        office.comes(client, device)
    lively(office, conversation)
    shot(page, "console-overview")
    said = office.message(conversation, "mia", "Who brings the cake tomorrow?")
    read = '() => window.sockets[2].send(JSON.stringify({type: "msg.read", data: {conv_id: "%s", seq: 1e9}}))'
    page.evaluate(read % conversation)
    page.evaluate("where => { location.hash = where }", f"#/why/{said}")
    expect(page.locator(".reader")).to_have_count(3)
    expect(page.locator(".badge.right").get_by_text("read", exact=True)).to_be_visible()
    shot(page, "console-why")


def test_on_a_phone(open_page: Open, served: Served) -> None:
    """By night, and in Chinese."""
    phone = entered(open_page(wide=390, high=844, device_scale_factor=2, color_scheme="dark", locale="zh-CN"), served)
    expect(phone.page.locator("figure.chart").first).to_be_visible()
    shot(phone.page, "console-phone")
