"""An operator at the console, and people for it to look at: over REST, and with sockets of their own."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from browser.conftest import Served
from browser.watching import Watch

APP = "666666"
NAUGHTY = "<img src=x onerror='window.ran=1'>"
_LOG_IN = """([client, device]) => new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/im/socket`);
    (window.sockets ??= []).push(socket);
    socket.onmessage = () => resolve();
    socket.onopen = () => socket.send(JSON.stringify(
        {type: "login", data: {app_id: "666666", client_id: client, device_id: device}}));
})"""


def password_of(served: Served) -> str:
    """What lies in the data folder."""
    return (served.data / "data" / "console-password").read_text(encoding="utf-8").split()[1]


@dataclass
class Office:
    """A page of the console, with somebody logged in."""

    watch: Watch
    page: Page

    def go(self, where: str) -> None:
        """Go to a view."""
        self.page.goto(f"/console#/{where}")
        expect(self.page.locator("main h1")).to_be_visible()

    def say(self, path: str, body: Any) -> Any:
        """What an app's backend asks; the data of the answer."""
        headers = {"app-id": APP, "app-key": "master"}
        answer = self.page.request.post(f"/im/{path}", data=body, headers=headers).json()
        assert 0 == answer["code"], answer
        return answer["data"]

    def user(self, client: str, nickname: str = "") -> None:
        """Somebody new."""
        self.say("users", {"unique_id": client, "nickname": nickname})

    def group(self, *clients: str) -> str:
        """A group, by its id."""
        for client in clients:
            self.user(client)
        first, *others = clients
        opening = {"client_id": first, "to_client_ids": others, "conv_type": 3}
        return str(self.say("conversations", opening)["conv_id"])

    def message(self, conversation: str, sender: str, text: str) -> str:
        """A message in it, by its id."""
        said = {"from_client": sender, "type": -1, "text": text}
        return str(self.say(f"conversations/{conversation}/message", said)["msg_id"])

    def comes(self, client: str, device: str) -> None:
        """Somebody logs in on a device; it stays for as long as this page."""
        self.page.evaluate(_LOG_IN, [client, device])

    def confirm(self, typed: str = "") -> None:
        """Mean it."""
        dialog = self.page.get_by_role("dialog")
        if typed:
            expect(dialog.locator("button.danger")).to_be_disabled()
            dialog.locator("input").fill(typed)
        dialog.locator("button.danger").click()
        expect(dialog.locator("button.danger")).to_have_count(0)


def log_in(page: Page, password: str) -> None:
    """By name and password."""
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def entered(watch: Watch, served: Served, where: str = "") -> Office:
    """Somebody who comes in by asking the API, as the page would, and opens a view."""
    page = watch.page
    answer = page.request.post("/admin/login", data={"name": "admin", "password": password_of(served)})
    assert answer.ok, answer.text()
    office = Office(watch, page)
    office.go(where)
    return office
