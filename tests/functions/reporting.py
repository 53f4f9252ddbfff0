"""What the report door's tests share: its pages' words, and a mail's link."""

import pytest

from functions.domain.model import Status
from tests.adapters.mail import Page
from tests.builders import SIGNED_IN_AT_MS, a_sign_in, job_number

SUPPORT = "support@yellow-books.example"
SECURITY_PAGE = "https://yellow-books.example/security"
ASKED = {"mn": "Мэдэгдэл илгээх", "en": "Send the report"}
DONE = {"mn": "Таны мэдэгдлийг хүлээн авлаа.", "en": "We have received your report."}
EXPIRED = {"mn": "Холбоосын хугацаа дууссан байна.", "en": "This link has expired."}
INVALID = {
    "mn": "Холбоос буруу эсвэл хүчингүй байна.",
    "en": "This link is wrong or no longer valid.",
}
AGAIN = {
    "mn": "Түр зуурын алдаа гарлаа. Дахин оролдоно уу.",
    "en": "Something went wrong for a moment. Please try again.",
}
LANGUAGES = pytest.mark.parametrize("language", ["mn", "en"])


def token_for(job, cloud, clock):
    """Return what a mail that is sent now has in its link."""
    return cloud.links(clock).link(job).rpartition("/")[2]


def links_of(answer):
    """Return where a page leads."""
    return {url for url in Page(answer.text).links if not url.startswith("data:")}


def assert_helps(answer):
    """Whoever can't go on is told where to turn to."""
    assert links_of(answer) == {f"mailto:{SUPPORT}", SECURITY_PAGE}
    assert SUPPORT in Page(answer.text).text


def mailed_job(n, *, language, **sign_in):
    """Return the n-th job, whose mail has left."""
    return job_number(
        n,
        status=Status.COMPLETED,
        processed_at_ms=SIGNED_IN_AT_MS,
        sign_in=a_sign_in(locale=language, **sign_in),
    )
