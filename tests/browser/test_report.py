"""The page where a sign-in is reported, as Chromium draws it, under its own policy."""

from pathlib import Path

import pytest

from functions.adapters.report_pages import ReportPages
from tests.browser.mails import LOCALES, SCHEMES, WIDTHS
from tests.builders import a_job

HARD_TO_READ = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
ADDRESS = "https://notices.example/report/TOKEN"
PAGES = ReportPages(
    brand_name="Yellow Books",
    brand_color="#ffc53d",
    support_address="support@yellowbooks.example",
    security_page_url="https://yellowbooks.example/security",
    default_locale="mn",
    default_time_zone="Asia/Ulaanbaatar",
)
#: those of which one part is higher up than another
BROKEN_WORDS = r"""
(() => {
  const broken = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word);
    }
  }
  return broken;
})()
"""
KINDS = {
    "ask": lambda locale: PAGES.ask(a_job(), [locale]),
    "done": lambda locale: PAGES.done([locale]),
    "expired": lambda locale: PAGES.expired([locale]),
    "invalid": lambda locale: PAGES.invalid([locale]),
    "unavailable": lambda locale: PAGES.unavailable([locale], again=True),
}


class Tab:
    """A browser tab in which ADDRESS is one of the pages, sent with the door's policy."""

    def __init__(self, page):
        self.page = page
        self.complaints = []
        self.requests = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append((request.method, request.url)))
        page.route("**/*", self._answer)

    def open(self, html):
        self.html = html
        self.page.goto(ADDRESS)

    def _answer(self, route):
        route.fulfill(
            status=200,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": PAGES.policy, "Referrer-Policy": "no-referrer"},
            body=self.html,
        )


@pytest.fixture(params=WIDTHS, ids="{} px".format)
def width(request):
    return request.param


@pytest.fixture(params=SCHEMES)
def tab(request, width, browser):
    page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=request.param)
    yield Tab(page)
    page.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", LOCALES)
def test_everything_can_be_read_and_nothing_sticks_out_or_breaks_the_policy(
    tab, width, kind, locale
):
    tab.open(KINDS[kind](locale))
    assert tab.page.evaluate(HARD_TO_READ) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") == width
    background = "getComputedStyle(document.querySelector('header')).backgroundColor"
    assert tab.page.evaluate(background) == "rgb(255, 197, 61)"
    assert tab.complaints == []
    assert tab.requests == [("GET", ADDRESS)]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_button_is_large_enough_for_a_thumb_and_posts_to_the_page_s_own_address(tab, locale):
    tab.open(KINDS["ask"](locale))
    button = tab.page.get_by_role("button")
    box = button.bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 44
    tab.html = KINDS["done"](locale)
    button.click()
    tab.page.get_by_role("status").wait_for()
    assert tab.requests == [("GET", ADDRESS), ("POST", ADDRESS)]
    assert tab.complaints == []


def test_a_script_that_got_into_the_page_would_not_run(tab):
    tab.open(
        KINDS["ask"]("en").replace("</main>", "<script>document.title = 'run'</script></main>")
    )
    assert tab.page.title() != "run"
    assert len(tab.complaints) == 1
    assert "Content Security Policy" in tab.complaints[0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_of_a_narrow_page_ends_within_a_word(browser, kind):
    page = browser.new_page()
    page.set_content(KINDS[kind]("en"))
    for width in range(320, 481, 10):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(BROKEN_WORDS) == [], width
    page.close()
