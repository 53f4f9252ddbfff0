"""What the rules of the body just allow, and what only decorates the mail and falls back."""

import pytest

from functions.domain.ports import Added
from tests.builders import SIGNED_IN_AT_MS
from tests.functions.events import a_body

LONGEST_ADDRESS = f"{'b' * 64}@{'c' * 62}.{'d' * 62}.{'e' * 59}.com"


class Taking:
    """A table that takes every job, and shows it."""

    def add(self, job, *, window_start_ms):
        self.job = job
        return Added()


@pytest.fixture
def understood(open_api):
    """Return a way to post a body; what it gives is the sign-in as it reaches the table."""

    def post(body, **replaced):
        table = Taking()
        open_api(acceptance=table, **replaced).accept(body)
        return table.job.sign_in

    return post


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("userId", "7"),
        ("userId", "Ж" * 256),
        ("userId", "🐎" * 256),
        ("name", ""),
        ("name", "Ж" * 200),
        ("provider", "7"),
        ("provider", "7" * 64),
    ],
)
def test_a_text_may_be_as_long_as_its_rule_says(field, text, api):
    job = api.stored(api.accept(a_body(**{field: text})))

    stored = {
        "userId": job.sign_in.user_id,
        "name": job.sign_in.name,
        "provider": job.sign_in.provider,
    }
    assert stored[field] == text


@pytest.mark.parametrize("field", ["city", "region", "country"])
def test_a_place_may_have_100_characters(field, api):
    job = api.stored(api.accept(a_body(location={field: "Д" * 100})))

    assert getattr(job.sign_in.location, field) == "Д" * 100


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (LONGEST_ADDRESS, LONGEST_ADDRESS),
        ("bat.bold+news@example.com", "bat.bold+news@example.com"),
        ("Batbold@Example.COM", "Batbold@example.com"),
        ("batbold@дархан.мон", "batbold@xn--80aak2bn4a.xn--l1acc"),
        ("batbold@xn--80aak2bn4a.xn--l1acc", "batbold@xn--80aak2bn4a.xn--l1acc"),
        ("reject@simulator.test", "reject@simulator.test"),
    ],
)
def test_an_address_is_stored_in_its_ascii_form(given, stored, understood):
    assert understood(a_body(email=given)).email == stored


@pytest.mark.parametrize("field", ["signedInAt", "timestamp"])
@pytest.mark.parametrize(
    ("text", "offset_ms"),
    [
        ("2025-12-19T07:00:00Z", 0),
        ("2025-12-19T15:00:00+08:00", 0),
        ("2025-12-19T02:30:00-04:30", 0),
        ("2025-12-19t07:00:00z", 0),
        ("2025-12-19 07:00:00-00:00", 0),
        ("2025-12-19T06:59:59.999Z", -1),
        ("2025-12-19T07:00:00.123456789Z", 123),
        ("2025-12-18T07:00:00Z", -24 * 60 * 60 * 1000),
        ("2025-12-19T07:05:00Z", 5 * 60 * 1000),
    ],
)
def test_a_time_is_understood_to_the_millisecond(field, text, offset_ms, understood):
    sign_in = understood(a_body(**{field: text}))

    assert sign_in.signed_in_at_ms == SIGNED_IN_AT_MS + offset_ms


@pytest.mark.parametrize(
    ("given", "direct", "behind_one_proxy"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7\r\n", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51413", "203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::1", "2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:443", "203.0.113.7", "203.0.113.7"),
        ("fe80::1%<script>", "fe80::1", "fe80::1"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7", "198.51.100.1"),
        ("192.0.2.1,198.51.100.1:80 , [2001:db8::1]:80", "2001:db8::1", "198.51.100.1"),
        ("unknown, 203.0.113.7", "203.0.113.7", None),
        ("203.0.113.7, unknown", None, "203.0.113.7"),
        ("203.0.113.7,", None, "203.0.113.7"),
        ("", None, None),
        (",", None, None),
        ("unknown", None, None),
        ("203.0.113", None, None),
        ("203.0.113.256", None, None),
        ("0203.0.113.7", None, None),
        ("٢٠٣.0.113.7", None, None),
        ("203.0.113.7\r\nX-Admin: 1", None, None),
        ("1" * 512, None, None),
    ],
)
def test_a_client_address_is_read_as_far_as_it_can_be_trusted(
    given, direct, behind_one_proxy, understood
):
    for trusted_proxies, expected in ((0, direct), (1, behind_one_proxy)):
        sign_in = understood(a_body(ipAddress=given), trusted_proxies=trusted_proxies)
        assert sign_in.ip_address == expected


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        ("userAgent", "Firefox\r\nSet-Cookie: a=b", "Firefox  Set-Cookie: a=b"),
        ("userAgent", "\0\r\n\u2028", None),
        ("userAgent", "", None),
        ("userAgent", "🐎" * 1024 + "x", "🐎" * 1024),
        ("locale", "mn", "mn"),
        ("locale", "mn-Cyrl-MN", "mn-Cyrl-MN"),
        ("locale", "en_US", "en_US"),
        ("locale", "tlh", "tlh"),
        ("locale", "Mongolian (Cyrillic)", None),
        ("locale", "mn\r\nX-Admin: 1", None),
        ("locale", "монгол", None),
        ("locale", "", None),
        ("timeZone", "Asia/Hovd", "Asia/Hovd"),
        ("timeZone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("timeZone", "Mars/Phobos", "Mars/Phobos"),
        ("timeZone", "../../etc/passwd", None),
        ("timeZone", "Asia/Hovd\n", None),
        ("timeZone", "Улаанбаатар", None),
        ("timeZone", "A" * 65, None),
        ("timeZone", "", None),
    ],
)
def test_what_only_decorates_is_never_a_reason_to_refuse(field, given, stored, understood):
    sign_in = understood(a_body(**{field: given}))

    decorations = {
        "userAgent": sign_in.user_agent,
        "locale": sign_in.locale,
        "timeZone": sign_in.time_zone,
    }
    assert decorations[field] == stored


@pytest.mark.parametrize("place", [{}, {"city": None}, {"city": "", "country": ""}])
def test_a_place_that_says_nothing_is_no_place(place, understood):
    assert understood(a_body(location=place)).location is None


def test_a_locale_that_nobody_ships_gets_the_mail_in_the_default_one(api, worker, cloud):
    api.accept(a_body())
    api.accept(a_body(locale="tlh"))

    assert worker.take(cloud.receive()) == set()
    default, klingon = cloud.mails
    assert klingon.subject == default.subject


def test_a_zone_that_nobody_knows_gets_the_time_in_the_default_one(api, worker, cloud):
    api.accept(a_body(timeZone="Mars/Phobos"))

    assert worker.take(cloud.receive()) == set()
    (mail,) = cloud.mails
    assert "15:00 (UTC+8)" in mail.body
