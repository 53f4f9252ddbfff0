"""The mail of any case in any language, without sending it."""

import re
import shutil
from html import unescape

import pytest

from functions.adapters.catalogs import DIRECTORY
from local import preview
from local.cases import CASES


@pytest.fixture
def url(port):
    return f"http://127.0.0.1:{port}/mailbox/preview"


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """The mail's files, to be edited."""
    copy = shutil.copytree(DIRECTORY, tmp_path / "templates")
    monkeypatch.setattr(preview, "DIRECTORY", copy)
    return copy


@pytest.fixture
def stages(tmp_path, monkeypatch):
    """The stages' files, to be edited."""
    copy = shutil.copytree(preview.STAGES, tmp_path / "stages")
    monkeypatch.setattr(preview, "STAGES", copy)
    return copy


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def frame_of(page):
    """Return the address that the page's frame shows."""
    return "/".join(unescape(re.search(r'<iframe [^>]*src="([^"]*)"', page)[1]).split("/")[3:])


def test_without_a_choice_all_cases_are_listed_in_all_languages(http, url):
    page = http.get(url).text
    for case in CASES:
        for locale in ("mn", "en", ""):
            assert f'href="/mailbox/preview?locale={locale}&amp;case={case}"' in page


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("locale", "greeting"), [("mn", "Сайн байна уу"), ("en", "Hello"), ("", "tell us:")]
)
def test_every_case_is_shown_in_every_language(http, url, emulator, case, locale, greeting):
    asked_for = {"locale": locale, "case": case}
    page = http.get(url, params=asked_for)
    assert page.status_code == 200
    assert greeting in page.text
    assert "<dt>Reply-To</dt><dd>support@yellowbooks.example</dd>" in page.text
    assert "<dt>To</dt><dd>bold@example.com</dd>" in page.text
    assert frame_of(page.text) == f"html?locale={locale}&case={case}"
    assert greeting in http.get(f"{url}/html", params=asked_for).text
    assert emulator.requests == []


def test_a_language_is_found_as_the_mail_finds_it(http, url):
    assert "Hello" in http.get(f"{url}/html", params={"locale": "en-GB"}).text


def test_the_html_part_is_served_without_any_right_into_a_sandboxed_frame(http, url):
    asked_for = {"locale": "en", "case": "hostile"}
    page = http.get(url, params=asked_for)
    assert ' sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    policy = http.get(f"{url}/html", params=asked_for).headers["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'"
    )
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("asked_for", "sentence"),
    [
        ({"case": "<b>no</b>"}, "There is no case “<b>no</b>”"),
        ({"case": ""}, "There is no case “”"),
        ({"locale": "xx", "case": "github"}, "There is no locale “xx”"),
        ({"locale": "../mn"}, "There is no locale “../mn”"),
    ],
)
@pytest.mark.parametrize("path", ["", "/html"])
def test_what_there_is_not_is_said_beside_what_there_is(http, url, asked_for, sentence, path):
    answer = http.get(url + path, params=asked_for)
    assert answer.status_code == 404
    assert sentence in unescape(answer.text)
    assert "<b>no" not in answer.text
    assert 'href="/mailbox/preview?locale=en&amp;case=github"' in answer.text


def test_an_edited_text_is_shown_at_the_next_look(http, url, templates):
    assert "Was this you?" in http.get(f"{url}?locale=en").text
    edit(templates / "locales" / "en.toml", "Was this you?", "Is it you?")
    edit(templates / "mail.txt.j2", "{{ say.facts }}", "THE FACTS")
    page = http.get(f"{url}?locale=en").text
    assert "Is it you?" in page
    assert "THE FACTS" in page


def test_an_edited_brand_is_shown_at_the_next_look(http, url, stages):
    edit(stages / "local.toml", "#ffc53d", "#0a5c36")
    edit(stages / "local.toml", '"Yellow Books"', '"Шар ном"')
    page = http.get(f"{url}/html?locale=en").text
    assert "#0a5c36" in page
    assert "The Шар ном team" in page


def test_whoever_names_no_language_is_shown_the_stage_s(http, url, stages):
    edit(stages / "local.toml", "brand_name", 'default_locale = "en"\nbrand_name')
    assert "Was this you?" in http.get(f"{url}/html?locale=").text


def test_a_new_language_is_there_at_the_next_look(http, url, templates):
    shutil.copy(templates / "locales" / "en.toml", templates / "locales" / "de.toml")
    assert 'href="/mailbox/preview?locale=de&amp;case=github"' in http.get(url).text
    assert "19 Dezember 2025" in http.get(f"{url}?locale=de").text


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("locales/en.toml", "question =", "questions =", "en.toml: question: missing"),
        ("locales/en.toml", 'subject = "', "subject = ", "TOMLDecodeError: "),
        ("mail.html.j2", "{{ preheader }}", "{{ preheader", "TemplateSyntaxError: "),
        ("mail.html.j2", "{{ preheader }}", "{{ 1 + preheader }}", "TypeError: "),
        (
            "mail.html.j2",
            "{{ preheader }}",
            "{{ before }}",
            "UndefinedError: 'before' is undefined",
        ),
    ],
)
def test_what_is_wrong_with_an_edited_file_is_said(http, url, templates, file, old, new, fault):
    edit(templates / file, old, new)
    answer = http.get(f"{url}?locale=en")
    assert answer.status_code == 500
    assert fault in unescape(answer.text)
    edit(templates / file, new, old)
    assert http.get(f"{url}?locale=en").status_code == 200


def test_a_stage_that_makes_no_sense_is_said_and_ends_nothing(http, url, stages):
    edit(stages / "local.toml", "#ffc53d", "ffc53d!")
    answer = http.get(f"{url}?locale=en")
    assert answer.status_code == 500
    assert "local.toml: brand_color: write six hex digits" in answer.text
    edit(stages / "local.toml", "ffc53d!", "#ffc53d")
    assert http.get(f"{url}?locale=en").status_code == 200
