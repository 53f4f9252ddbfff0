"""The parts of a mail on the laptop's pages: side by side, or one behind the other."""

import asyncio
import threading

import pytest
from aiohttp import web

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
    yield f"http://127.0.0.1:{port}/mailbox/preview?locale=en&case=github"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def open_page(browser, url):
    """Open the preview at a width; whatever the page complains of fails the test."""
    pages, complaints = [], []

    def open_page(width):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
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
