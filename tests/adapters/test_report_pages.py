"""The pages' words and markup; what they look like is in tests/browser/test_report.py."""

import re
import shutil
from base64 import b64encode
from hashlib import sha256

import pytest

from functions.adapters.catalogs import DIRECTORY
from functions.adapters.report_pages import ReportPages
from tests.adapters.mail import Page
from tests.builders import a_job, a_sign_in

PAGES = ("done", "expired", "invalid")


def pages(**changes):
    configuration = {
        "brand_name": "Yellow Books",
        "brand_color": "#ffc53d",
        "support_address": "support@yellowbooks.mn",
        "security_page_url": "https://yellowbooks.mn/security",
        "default_locale": "mn",
        "default_time_zone": "Asia/Ulaanbaatar",
    }
    return ReportPages(**configuration | changes)


@pytest.mark.parametrize(
    ("known", "language"),
    [
        (["en"], "en"),
        (["en-GB", "mn"], "en"),
        (["fr", "mn-MN", "en"], "mn"),
        (["fr", "*"], "mn"),
        ([], "mn"),
    ],
)
def test_the_language_is_the_first_that_we_have(known, language):
    assert Page(pages().done(known)).elements[0][1][0] == ("lang", language)


def test_whoever_knows_no_language_of_ours_reads_the_default_one():
    assert Page(pages(default_locale="en").done(["fr"])).elements[0][1][0] == ("lang", "en")


def test_a_third_language_is_one_file_even_from_right_to_left(tmp_path):
    directory = shutil.copytree(DIRECTORY, tmp_path / "templates")
    english = (directory / "locales" / "en.toml").read_text(encoding="utf-8")
    assert "We have received your report." in english
    (directory / "locales" / "he.toml").write_text(
        english.replace("We have received your report.", "קיבלנו את הדיווח שלך."),
        encoding="utf-8",
    )
    html = pages(directory=directory).done(["he-IL"])
    assert "קיבלנו את הדיווח שלך." in html
    # The browser finds the direction by the text.
    assert Page(html).elements[0] == ("html", [("lang", "he"), ("dir", "auto")])


def test_what_the_stage_says_is_text_and_never_markup():
    hostile = pages(
        brand_name='<b>&"{brand}$style',
        support_address='"a>"@example.com',
        security_page_url='https://example.com/?a=1&b="<',
    )
    for html in (*(getattr(hostile, name)(["en"]) for name in PAGES), hostile.ask(a_job(), ["en"])):
        page = Page(html)
        assert {tag for tag, _ in page.elements}.isdisjoint({"b", "script"})
        assert '<b>&"{brand}$style' in page.text
        assert 'https://example.com/?a=1&b="<' in page.links
    assert '"a>"@example.com' in Page(hostile.invalid(["en"])).text


def test_a_text_of_ours_is_text_and_never_markup(tmp_path):
    directory = shutil.copytree(DIRECTORY, tmp_path / "templates")
    catalog = directory / "locales" / "en.toml"
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text.replace("We have received", "We <b>&amp; have"), encoding="utf-8")
    page = Page(pages(directory=directory).done(["en"]))
    assert "We <b>&amp; have your report." in page.text


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (None, "2025-12-19 15:00 (UTC+8)"),
        ("UTC", "2025-12-19 07:00 (UTC)"),
        ("Nowhere/At_all", "2025-12-19 15:00 (UTC+8)"),
        ("Asia/Kathmandu", "2025-12-19 12:45 (UTC+5:45)"),
    ],
)
def test_the_time_is_the_reader_s_own(zone, shown):
    job = a_job(sign_in=a_sign_in(time_zone=zone))
    assert shown in Page(pages().ask(job, ["en"])).text


@pytest.mark.parametrize(("color", "ink"), [("#ffc53d", "#1b1c1f"), ("#0a5C36", "#ffffff")])
def test_the_brand_s_colour_has_an_ink_that_can_be_read(color, ink):
    html = pages(brand_color=color).done(["en"])
    assert f"background: {color};" in html
    assert f"color: {ink};" in html


def test_the_policy_admits_the_page_s_own_style_and_no_other():
    ours = pages()
    [style] = re.findall(r"<style>(.*)</style>", ours.done(["en"]), re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"; style-src 'sha256-{digest}'; " in ours.policy
