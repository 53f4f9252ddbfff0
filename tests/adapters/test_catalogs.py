"""The languages of the mail: one file each."""

import shutil

import pytest

from functions.adapters.catalogs import DIRECTORY, Catalogs
from tests.adapters.mail import (
    REPORT_LINK,
    Page,
    assert_not_shown,
    assert_shown,
    mail_of,
    templates,
)


@pytest.fixture
def directory(tmp_path):
    """A copy of the templates, to be changed."""
    return shutil.copytree(DIRECTORY, tmp_path / "templates")


def changed(directory, tag, *replacements, base="en"):
    """Write the catalog of a tag: the one of another language, with replacements."""
    text = (directory / "locales" / f"{base}.toml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    (directory / "locales" / f"{tag}.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("en_GB", "en"),
        ("EN-us", "en"),
        ("EN", "en"),
        ("mn", "mn"),
        ("mn-Mong-MN", "mn"),
        ("fr", "mn"),
        ("zh-Hant-TW", "mn"),
        ("x-en", "mn"),
        ("", "mn"),
        (None, "mn"),
    ],
)
def test_the_language_is_the_best_match_among_those_we_have(render, locale, language):
    html = Page(render(locale=locale).html)
    assert html.elements[0] == ("html", [("lang", language), ("dir", "ltr")])


@pytest.mark.parametrize("locale", [None, "", "fr", "zh-Hant-TW"])
def test_whose_language_is_not_known_gets_one_line_in_another_one(render, locale):
    mail = render(locale=locale)
    sentence = "Someone has signed in to your Yellow Books account. If it wasn't you, tell us:"
    assert mail.text.splitlines()[-1] == f"{sentence} {REPORT_LINK}"
    page = Page(mail.html)
    assert page.text.endswith(f"{sentence} This wasn't me")
    assert page.labelled_links[-1] == ("This wasn't me", REPORT_LINK)
    [paragraph] = [
        dict(attrs) for tag, attrs in page.elements if tag == "p" and "lang" in dict(attrs)
    ]
    assert (paragraph["lang"], paragraph["dir"]) == ("en", "ltr")


@pytest.mark.parametrize("locale", ["mn", "en", "en-GB"])
def test_whose_language_is_known_gets_no_other(render, locale):
    assert_not_shown(render(locale=locale), "tell us:", "мэдэгдэнэ үү:")


def test_whose_language_is_not_known_is_told_in_the_default_one_and_not_twice_in_english():
    mail = mail_of(templates(default_locale="en"), locale="fr")
    assert Page(mail.html).elements[0] == ("html", [("lang", "en"), ("dir", "ltr")])
    assert_shown(mail, "Was this you?")
    assert_not_shown(mail, "tell us:", "мэдэгдэнэ үү:")


def test_the_default_language_may_have_a_script_of_its_own(directory):
    changed(directory, "zh-Hant", ("Was this you?", "是您本人嗎?"))
    assert_shown(
        mail_of(templates(directory, default_locale="zh-Hant"), locale=None), "是您本人嗎?"
    )


def test_every_language_has_every_text():
    assert list(Catalogs(DIRECTORY / "locales", default="mn").faults()) == []


@pytest.mark.parametrize(
    ("replacement", "fault"),
    [
        (('question = "Was this you?"\n', ""), "question: missing"),
        (
            ('question = "', 'questions = "Yes?"\nquestion = "'),
            "questions: mn.toml has no such text",
        ),
        (('question = "Was this you?"', 'question = " "'), "question: not a text"),
        (('question = "Was this you?"', "question = 1"), "question: not a text"),
        (('"The {brand} team"', '"The team"'), "signature: its variables are not those of mn.toml"),
        (
            ('"The {brand} team"', '"The {name} team"'),
            "signature: its variables are not those of mn.toml",
        ),
        (
            ('"The {brand} team"', '"The {brand team"'),
            "signature: expected '}' before end of string",
        ),
    ],
)
def test_a_language_that_departs_from_the_others_is_told_by_key(directory, replacement, fault):
    changed(directory, "en", replacement)
    assert list(Catalogs(directory / "locales", default="mn").faults()) == [f"en.toml: {fault}"]


def test_a_third_language_is_one_file_even_from_right_to_left(directory):
    changed(directory, "he", ("Was this you?", "האם זה היית אתה?"))
    assert list(Catalogs(directory / "locales", default="mn").faults()) == []
    mail = mail_of(templates(directory), locale="he-IL", name="John")
    assert_shown(mail, "האם זה היית אתה?", "19 דצמבר 2025, 15:00 (UTC+8)")
    page = Page(mail.html)
    assert page.elements[0] == ("html", [("lang", "he"), ("dir", "rtl")])
    assert {dict(attrs)["align"] for _, attrs in page.elements if "align" in dict(attrs)} == {
        "center",
        "right",
    }
    assert "padding:9px 0 9px 12px;" in mail.html


def test_a_language_may_have_a_script_of_its_own(directory):
    changed(directory, "zh-Hant", ("Was this you?", "是您本人嗎?"))
    mail = mail_of(templates(directory), locale="zh-Hant-TW")
    assert_shown(mail, "是您本人嗎?", "19 12月 2025, 15:00 (UTC+8)")
    assert Page(mail.html).elements[0] == ("html", [("lang", "zh-Hant"), ("dir", "ltr")])
