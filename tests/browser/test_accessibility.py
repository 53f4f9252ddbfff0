"""Every view, light and dark, wide and narrow: axe-core finds nothing, the keyboard is enough."""

import pytest
from playwright.sync_api import expect

from tests.browser.dead_jobs import bury

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def dead(stack):
    return bury(stack, 2, wish="reject", error_type="SimulatedRejection")


def views(console, dead, admin_key):
    """Show one view after the other, and tell which."""
    yield "sign-in"
    console.page.get_by_label("Admin key").fill("no-such-key")
    console.button("Open the console").click()
    expect(console.alert).to_be_visible()
    yield "refused"
    console.sign_in(admin_key)
    expect(console.page.locator(".tile")).to_have_count(6)
    console.page.get_by_text("As a table").click()
    yield "overview"
    console.list_dead(**dead.query)
    expect(console.rows).to_have_count(2)
    console.rows.nth(0).get_by_role("checkbox").check()
    yield "dead letters"
    console.button("Discard").click()
    expect(console.dialog.get_by_label("By")).to_be_visible()
    yield "confirmation"
    console.button("Cancel").click()
    console.open_job(dead.ids[0])
    console.page.get_by_text("Stack trace").first.click()
    yield "job"
    console.open("#/jobs/signin-nothing")
    expect(console.alert).to_be_visible()
    yield "no such job"
    console.open("#/jobs")
    expect(console.heading("Find jobs")).to_be_visible()
    yield "find jobs"
    console.open("#/nowhere")
    expect(console.heading("There is no such page")).to_be_visible()
    yield "not found"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_view_has_a_serious_fault_or_is_wider_than_the_screen(
    open_console, dead, stack, scheme, viewport
):
    console = open_console(color_scheme=scheme, viewport=viewport)
    for view in views(console, dead, stack.admin_key):
        assert console.accessibility_faults() == [], view
        too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not console.page.evaluate(too_wide), view


def test_the_keyboard_alone_is_enough_to_find_a_dead_job_and_discard_it(open_console, stack):
    dead = bury(stack, 1, wish="reject", error_type="SimulatedRejection")
    console = open_console()
    press = console.page.keyboard.press

    def tab_to(locator):
        for _ in range(60):
            if locator.evaluate("(element) => element === document.activeElement"):
                return
            press("Tab")
        pytest.fail(f"not reached by the keyboard: {locator}")

    tab_to(console.page.get_by_label("Admin key"))
    console.page.keyboard.type(stack.admin_key)
    press("Enter")
    tab_to(console.link("Dead letters"))
    press("Enter")
    expect(console.heading("Dead letters")).to_be_visible()
    expect(console.rows.first).to_be_visible()
    tab_to(console.page.get_by_role("checkbox", name=f"Choose {dead.ids[0]}"))
    press("Space")
    tab_to(console.link(dead.ids[0]))
    press("Enter")
    expect(console.heading("What happened")).to_be_visible()
    tab_to(console.button("Discard"))
    press("Enter")
    expect(console.dialog.get_by_label("By")).to_be_focused()
    tab_to(console.button("Discard 1 job for good"))
    press("Enter")
    expect(console.dialog).to_contain_text("1 job discarded")
    tab_to(console.button("Close"))
    press("Enter")
    expect(console.page.locator("main .chip").first).to_have_text("Discarded")
    assert stack.row(dead.ids[0])["status"]["S"] == "discarded"
