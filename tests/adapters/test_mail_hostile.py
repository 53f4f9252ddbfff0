"""Hostile input in every field is inert in both parts, the subject and the headers."""

import email
import email.policy
import unicodedata
from dataclasses import replace

import pytest

from functions.adapters.smtp import mime
from functions.domain.model import Location
from tests.adapters.mail import DARKHAN, REPORT_LINK, SECURITY_PAGE, Page
from tests.builders import a_job

HOSTILE = {
    "markup": '"><script>alert(1)</script><a href="https://evil.com">x</a><!-- <b>b',
    "script": "<script>alert(1)</script><!-- <style>*{display:none}</style> & &lt;b&gt;",
    "template": "{{7*7}} {% raw %} {{ say }} {say} {0.__class__} %s",
    "line breaks": "a\r\nBcc: v@evil.com\r\n\r\n\u2028\u2029\x85\x0b<b>b",
    "bidi controls": "\u202e\u2066moc.live\u2069 \u200f\u061cx\u202c",
    "zero width": "e\u200bv\u200ci\u200dl\u2060.\ufeffc\u00adom",
    "encoded word": "=?utf-8?q?=3Cb=3E?= =?utf-8?b?ZXZpbA==?=",
    "10 KB": "Locked! <b> " * 900,
    "10 KB of marks": "\u0336" * 10_240,
    "10 KB of one word": "Ж" * 10_240,
    "link": "https://evil.com/",
    "bare domain": "Locked, see evil.com",
    "address": "help@evil.com",
    "telephone": "Call 9911-2233",
    "surrogate": "\ud800",
    "null": "a\x00b",
}
FIELDS = ("name", "provider", "ip_address", "user_agent", "locale", "time_zone")
PLACES = ("city", "region", "country")


@pytest.fixture(params=HOSTILE)
def text(request):
    return HOSTILE[request.param]


class Received:
    """A mail as its reader's program parses it from the wire."""

    def __init__(self, mail):
        sent = mime(mail, sender="Yellow Books <no-reply@yellowbooks.mn>", job_id=a_job().job_id)
        parsed = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
        self.headers = {
            name: value for name, value in parsed.items() if name not in {"Date", "Content-Type"}
        }
        self.kinds = [part.get_content_type() for part in parsed.walk()]
        self.text = parsed.get_body(["plain"]).get_content()
        self.html = parsed.get_body(["html"]).get_content()
        self.page = Page(self.html)

    @property
    def shape(self):
        """All that must not change, whatever anybody writes."""
        return (
            self.headers,
            self.kinds,
            len(self.text.splitlines()),
            [
                (tag, [(name, value) for name, value in attrs if name not in {"lang", "dir"}])
                for tag, attrs in self.page.elements
            ],
            self.page.labelled_links[:2],
        )


def assert_inert(received, *, usual):
    assert received.shape == usual.shape
    assert set(received.page.links) == {REPORT_LINK, SECURITY_PAGE}
    for part in (received.text, received.page.text):
        shown = part.replace(REPORT_LINK, "").replace(SECURITY_PAGE, "")
        for forbidden in ("evil.com", "://", "\u202e", "9911", "49"):
            assert forbidden not in shown
        assert not [c for c in shown if unicodedata.category(c) in {"Cf", "Cs"}]
        assert not [c for c in shown if unicodedata.category(c) == "Cc" and c != "\n"]
    assert len(received.html.encode()) < 30_000


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("locale", ["mn", "en"])
def test_no_field_adds_an_element_a_link_a_line_or_a_header(render, field, text, locale):
    changes = {"locale": locale} | {field: text}
    usual = Received(render(**changes | {field: None if field == "locale" else "x"}))
    assert_inert(Received(render(**changes)), usual=usual)


@pytest.mark.parametrize("field", PLACES)
def test_no_part_of_a_place_adds_an_element_a_link_or_a_line(render, field, text):
    usual = Received(render(location=DARKHAN))
    assert_inert(Received(render(location=replace(DARKHAN, **{field: text}))), usual=usual)


def test_all_fields_at_once_add_nothing(render, text):
    usual = Received(render(locale=None, location=DARKHAN))
    changes = dict.fromkeys(FIELDS, text)
    location = Location(city=text, region="Дархан", country=text)
    assert_inert(Received(render(**changes, location=location)), usual=usual)


@pytest.mark.parametrize("address", ["{{7*7}}@example.com", "{brand}+%s@example.com"])
def test_the_recipients_address_stays_text(render, address):
    received, usual = Received(render(email=address)), Received(render())
    assert received.headers.pop("To") == address
    del usual.headers["To"]
    assert received.shape == usual.shape
    assert address in received.text
    assert address in received.page.text


@pytest.mark.parametrize(
    "address",
    [
        "user@example.com\r\nBcc: v@evil.com",
        "user@example.com\n",
        "user@example.com\r",
        "=?utf-8?q?victim?=@example.com",
        "user@example.com, v@evil.com",
    ],
)
def test_an_address_that_a_header_would_read_otherwise_is_not_sent_to(render, address):
    mail = render(email=address)
    with pytest.raises(ValueError, match=r"CR or LF|encoded-word|only .* could be parsed"):
        Received(mail)
    assert len(mail.text.splitlines()) == len(render().text.splitlines())


def test_an_ip_address_brings_no_text_along(render):
    assert "IP хаяг: fe80::1" in render(ip_address="fe80::1%evil").text.splitlines()


def test_markup_that_is_shown_is_shown_as_written(render):
    mail = render(name="<b>Bold</b> {{7*7}}")
    assert "Сайн байна уу, <b>Bold</b> {{7*7}}?" in Received(mail).page.text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in mail.html
