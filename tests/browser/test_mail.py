"""The mail as Chromium draws it."""

from pathlib import Path

import pytest

from local.cases import CASES
from tests.browser.mails import LOCALES, SCHEMES, WIDTHS, html_of

HARD_TO_READ = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=WIDTHS, ids="{} px".format)
def width(request):
    return request.param


@pytest.fixture(scope="module", params=SCHEMES)
def page(request, width, browser):
    page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=request.param)
    yield page
    page.close()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("locale", LOCALES)
def test_everything_can_be_read_and_nothing_sticks_out(page, width, case, locale):
    page.set_content(html_of(case, locale))
    assert page.evaluate(HARD_TO_READ) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("locale", LOCALES)
def test_the_button_is_large_enough_for_a_thumb(page, locale):
    page.set_content(html_of("github", locale))
    box = page.locator("a").first.bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 44


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_fetched_when_it_is_opened(page, locale):
    fetched = []

    def note(request):
        fetched.append(request.url)

    page.on("request", note)
    page.set_content(html_of("github", locale))
    page.evaluate("new Promise(requestAnimationFrame)")
    page.remove_listener("request", note)
    assert fetched == []


def test_without_its_styles_it_says_the_same_in_the_same_order(page):
    page.set_content(html_of("github", "en"))
    styled = page.inner_text("body").split()
    page.evaluate(
        "document.querySelectorAll('style').forEach((style) => style.remove());"
        "document.querySelectorAll('[style]').forEach((e) => e.removeAttribute('style'))"
    )
    preheader, bare = page.inner_text("body").split("\n", 1)
    assert preheader == "Chrome 131 (Windows) · 19 December 2025, 15:00 (UTC+8)"
    assert bare.split() == styled
