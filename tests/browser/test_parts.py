"""The laptop's mailbox, and the parts of a mail: side by side, or one behind the other."""

import asyncio
import threading

import pytest
from aiohttp import web
from playwright.sync_api import expect

from local.front_door import FrontDoor
from tests.e2e.process import free_port

PARTS = ("HTML", "Text", "Headers")


@pytest.fixture(scope="module")
def url():
    """A front door with nothing behind it; the preview needs nothing."""
    port = free_port()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = FrontDoor(port=port, emulator="http://127.0.0.1:9", api_id="none").runner()

    async def start():
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()

    asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield f"http://127.0.0.1:{port}/mailbox"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def open_page(browser, url):
    """Open a page, usually a preview, at a width; whatever it complains of fails the test."""
    pages, complaints = [], []

    def open_page(width, path="/preview?locale=en&case=github"):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url + path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


def shown(page):
    return [part for part in PARTS if page.locator(f"#part-{part.lower()}").is_visible()]


def test_on_a_wide_screen_all_parts_stand_side_by_side(open_page):
    page = open_page(1440)
    assert shown(page) == list(PARTS)
    assert not page.get_by_role("tab").first.is_visible()
    left = [page.locator(f"#part-{part.lower()}").bounding_box()["x"] for part in PARTS]
    assert left == sorted(set(left))
    assert page.frame_locator("#html").get_by_text("Was this you?").is_visible()


@pytest.mark.parametrize("width", [390, 900])
def test_on_a_narrow_screen_a_tab_chooses_the_part(open_page, width):
    page = open_page(width)
    assert shown(page) == ["HTML"]
    page.get_by_role("tab", name="Text").click()
    assert shown(page) == ["Text"]
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["Headers"]
    assert page.get_by_role("tab", selected=True).inner_text() == "Headers"
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_link_of_the_mail_opens_a_window_of_its_own(open_page):
    page = open_page(1440)
    page.context.route("https://api.example.com/**", lambda route: route.fulfill(body="reported"))
    with page.context.expect_page() as opened:
        page.frame_locator("#html").get_by_role("link", name="This wasn't me").click()
    assert opened.value.url == "https://api.example.com/report/TOKEN"
    assert shown(page) == list(PARTS)


def mail(number):
    """Return one as the mailbox lists it."""
    return {
        "jobId": f"signin-{number}",
        "to": "bold@example.com",
        "from": "no-reply@example.com",
        "subject": f"Mail {number}",
        "text": "",
        "headers": {"Message-ID": f"m-{number}"},
        "sentAt": "2025-12-19T07:00:00.000Z",
    }


def test_the_first_mail_of_a_mailbox_that_was_started_anew_is_read(open_page):
    page = open_page(1440, path="")
    page.route("**/mailbox/messages/*/html", lambda route: route.fulfill(body=""))
    read = page.get_by_role("article").get_by_role("heading", level=2)

    def hold(*mails):
        answer = {"json": mails, "headers": {"ETag": str(mails)}}
        page.route("**/mailbox/messages", lambda route: route.fulfill(**answer))

    hold(mail(2), mail(1))
    expect(read).to_have_text("Mail 2")
    hold()
    expect(page.get_by_text("No mail yet")).to_be_visible()
    hold(mail(3))
    expect(read).to_have_text("Mail 3")
    hold(mail(4), mail(3))
    expect(page.get_by_text("2 mails")).to_be_visible()
    expect(read).to_have_text("Mail 3")


def test_on_a_narrow_screen_no_mail_in_the_list_is_marked_for_none_is_beside_it(open_page):
    page = open_page(390, path="")
    page.route("**/mailbox/messages/*/html", lambda route: route.fulfill(body=""))
    page.route("**/mailbox/messages", lambda route: route.fulfill(json=[mail(2), mail(1)]))
    marked = page.locator("#list [aria-current]")
    expect(page.get_by_role("button", name="Mail 2")).to_be_visible()
    expect(marked).to_have_count(0)
    page.get_by_role("button", name="Mail 1").click()
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text("Mail 1")
    page.get_by_role("button", name="All mails").click()
    expect(marked).to_have_count(0)

    page.set_viewport_size({"width": 1440, "height": 800})

    expect(marked).to_contain_text("Mail 1")
