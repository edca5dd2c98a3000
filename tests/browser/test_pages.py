"""The front page and the API pages, as a browser shows them."""

import pytest
from playwright.sync_api import expect

from browser.watching import Watch, accessible

pytestmark = pytest.mark.needs("chromium", "npm")

# axe looks at every element, so one call is left of hundreds.
ALL_BUT_ONE = "document.querySelectorAll('.group ~ .group, .call:not(:nth-of-type(1)), .side section ~ section')"


@pytest.mark.parametrize(("path", "heading"), [("/", ""), ("/docs", "Parlance"), ("/docs/socket", "Parlance platform")])
def test_a_page_is_drawn_for_everybody(watch: Watch, path: str, heading: str) -> None:
    """Without an error, from this server alone, and legible by day and by night."""
    watch.page.goto(path)
    expect(watch.page.get_by_role("heading", level=1)).to_contain_text(heading)
    # Calls are drawn when they come near, or when there is nothing else to do.
    expect(watch.page.locator(".call:empty")).to_have_count(0, timeout=60_000)
    watch.page.evaluate(f"{ALL_BUT_ONE}.forEach(each => each.remove())")
    assert [] == accessible(watch.page)
    watch.page.emulate_media(color_scheme="dark")
    assert [] == accessible(watch.page)


def test_scripts_cannot_make_markup(watch: Watch) -> None:
    """Even a mistake of ours could not run what somebody wrote: the browser is told not to."""
    watch.page.goto("/docs/socket")
    refused = "() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }"
    assert watch.page.evaluate(refused)
    watch.forgive("TrustedHTML")
