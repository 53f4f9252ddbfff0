"""The form of the HTML part."""

import pytest

from tests.adapters.mail import DARKHAN, Page


@pytest.fixture(scope="module", params=["mn", "en"])
def html(request, render):
    return render(locale=request.param, location=DARKHAN).html


def test_nothing_is_fetched(html):
    fetching = {"audio", "iframe", "img", "input", "link", "object", "script", "svg", "video"}
    assert fetching.isdisjoint(tag for tag, _ in Page(html).elements)
    assert "url(" not in html
    assert "@import" not in html


def test_it_is_small_enough_never_to_be_clipped(render, html):
    assert len(html.encode()) < 30_000
    longest = render(name="Ж" * 200, email="a@" + "b" * 240 + ".example.org", location=DARKHAN)
    assert len(longest.html.encode()) < 30_000


def test_what_only_lays_out_is_not_read_out_as_a_table(html):
    tables = [dict(attrs) for tag, attrs in Page(html).elements if tag == "table"]
    assert [table.get("role") for table in tables].count(None) == 1
    headings = [dict(attrs) for tag, attrs in Page(html).elements if tag == "th"]
    assert {heading["scope"] for heading in headings} == {"row"}


def test_it_knows_dark_screens(html):
    assert ("meta", [("name", "color-scheme"), ("content", "light dark")]) in Page(html).elements
    assert "prefers-color-scheme: dark" in html


def test_the_inbox_previews_device_and_time(render):
    html = render(location=DARKHAN).html
    preview = "Chrome 131 (Windows) · 2025 оны 12-р сарын 19, 15:00 (UTC+8)"
    assert Page(html).text.startswith(preview)
