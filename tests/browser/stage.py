"""The demo as a test sees it: its panes, and what one does in them."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from browser.watching import Watch


class Pane:
    """One person's chat."""

    def __init__(self, page: Page, name: str) -> None:
        # On a phone it may be hidden behind the other.
        self.box = page.get_by_role("region", name=name, exact=True, include_hidden=True)
        self.field = self.box.get_by_role("textbox", name="Message to")

    def says(self, text: str) -> None:
        """Write, and send with the Enter key."""
        self.field.fill(text)
        self.field.press("Enter")

    def bubble(self, text: str) -> Locator:
        """What shows a text."""
        return self.box.locator(".bubble").filter(has_text=text)

    def message(self, text: str) -> Locator:
        """The whole message that shows a text."""
        return self.box.locator(".message").filter(has_text=text)

    def turn_to(self, name: str) -> None:
        """Open a conversation."""
        self.box.get_by_role("navigation").get_by_role("button", name=name).click()

    def menu(self, text: str, choice: str) -> None:
        """Do something with a message of one's own."""
        message = self.message(text)
        message.hover()
        message.get_by_role("button", name="What to do with this message").click()
        message.get_by_role("button", name=choice).click()


class Stage:
    """The page with two people, both online."""

    def __init__(self, watch: Watch, *, path: str = "/") -> None:
        self.page = watch.page
        self.page.goto(path)
        self.ada, self.ben = Pane(self.page, "Ada"), Pane(self.page, "Ben")
        for pane in (self.ada, self.ben):
            expect(pane.box.locator(".state")).to_have_text("online")
        # Where nothing was said before, the page begins to talk.
        expect(self.page.get_by_role("main")).to_have_attribute("aria-busy", "false")
        expect(self.ada.box.locator(".message")).not_to_have_count(0)

    def behind(self, tab: str) -> Locator:
        """Look behind it."""
        region = self.page.get_by_role("region", name="Behind it")
        region.get_by_role("tab", name=tab).click()
        return region


def rest(url: str, path: str, body: Mapping[str, Any], method: str = "POST") -> dict[str, Any]:
    """What the app's backend asks for, over the platform's REST API."""
    headers = {"Content-Type": "application/json", "app-id": "666666", "app-key": "master"}
    asked = urllib.request.Request(  # noqa: S310 - our own server
        url + path, data=json.dumps(body).encode(), headers=headers, method=method
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
        answered: dict[str, Any] = json.load(answer)
    assert not answered.get("code"), answered
    return answered


def begun(url: str) -> dict[str, Any]:
    """The cast of the demo and its conversations."""
    return rest(url, "/demo/begin", {})
