"""The link of "this wasn't me": ours alone, for seven days, and silent about people."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import NAMESPACE_URL, uuid5

import pytest

from functions.adapters.report_links import LIFETIME_MS, ReportLink, ReportLinks
from functions.adapters.rotating_secret import RotatingSecret
from functions.domain.accept import keyed_job_id
from functions.domain.errors import LinkInvalid, Unavailable
from tests.builders import SIGNED_IN_AT_MS, a_job
from tests.fakes import VirtualClock

ORIGIN = "https://api.example.com"
JOB = a_job()
DAY_MS = 86_400_000


class Issuer:
    """A key in Secrets Manager, and one function that signs and reads with it."""

    def __init__(self, client):
        self._client = client
        client.create_secret(Name="links", SecretString="first")
        self.clock = VirtualClock()
        self.links = self.another()

    def another(self):
        secret = RotatingSecret(self._client, secret_id="links", clock=self.clock)
        return ReportLinks(secret, origin=ORIGIN, clock=self.clock)

    def rotate(self, value):
        self._client.put_secret_value(SecretId="links", SecretString=value)

    def token(self, job=JOB):
        return self.links.link(job).rpartition("/")[2]


@pytest.fixture
def issuer(aws):
    return Issuer(aws("secretsmanager"))


def refused(links, token):
    with pytest.raises(LinkInvalid):
        links.read(token)


@pytest.mark.parametrize("job_id", [JOB.job_id, keyed_job_id("user-1", "key")])
def test_a_link_is_of_its_job_and_seven_days(issuer, job_id):
    link = issuer.links.link(a_job(job_id=job_id))
    assert link.startswith(f"{ORIGIN}/report/")
    expected = ReportLink(job_id=job_id, expires_at_ms=SIGNED_IN_AT_MS + 7 * DAY_MS)
    assert issuer.links.read(link.rpartition("/")[2]) == expected
    assert LIFETIME_MS == 7 * DAY_MS


def test_a_link_counts_from_the_sending_of_its_mail(issuer):
    issuer.clock.advance(DAY_MS)
    assert issuer.links.read(issuer.token()).expires_at_ms == SIGNED_IN_AT_MS + 8 * DAY_MS


def test_an_expired_link_is_still_known_to_be_ours(issuer):
    token = issuer.token()
    issuer.clock.advance(8 * DAY_MS)
    assert issuer.links.read(token).job_id == JOB.job_id


def test_a_link_carries_its_version_the_job_the_expiry_and_no_more(issuer):
    token = issuer.token()
    assert len(token) == 72
    signed = urlsafe_b64decode(token)[:22]
    expires_at_s = (SIGNED_IN_AT_MS + 7 * DAY_MS) // 1000
    uuid = JOB.job_id.removeprefix("signin-").replace("-", "")
    assert signed.hex() == f"01{uuid}{expires_at_s:010x}"


def test_no_bit_of_a_link_can_be_changed(issuer):
    raw = urlsafe_b64decode(issuer.token())
    for position in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[position // 8] ^= 1 << position % 8
        refused(issuer.links, urlsafe_b64encode(changed).decode())


def test_the_signature_of_one_job_is_not_good_for_another(issuer):
    other = a_job(job_id=f"signin-{uuid5(NAMESPACE_URL, 'other')}")
    ours, theirs = (urlsafe_b64decode(issuer.token(job)) for job in (JOB, other))
    refused(issuer.links, urlsafe_b64encode(ours[:22] + theirs[22:]).decode())


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token[:22],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: token + token,
        lambda token: " " + token[1:],
        lambda token: "Ж" + token[1:],
        lambda token: "\n" + token,
        lambda token: token + "\n",
        lambda token: "A" * 72,
        lambda token: "\ud800" * 72,
        lambda token: "x" * 100_000,
    ],
)
def test_rubbish_is_refused(issuer, change):
    refused(issuer.links, change(issuer.token()))


def test_a_link_has_one_spelling(issuer):
    for n in range(64):
        token = issuer.token(a_job(job_id=f"signin-{uuid5(NAMESPACE_URL, str(n))}"))
        for ours, other in (("-", "+"), ("_", "/")):
            if ours in token:
                refused(issuer.links, token.replace(ours, other))


def test_a_key_that_was_rotated_once_is_still_good_and_the_new_one_signs(issuer):
    old = issuer.token()
    issuer.rotate("second")
    reader = issuer.another()
    assert reader.read(old).job_id == JOB.job_id
    issuer.clock.advance(5 * 60_000 + 1)
    new = issuer.token()
    assert new[-40:] != old[-40:]
    issuer.rotate("third")
    assert issuer.another().read(new).job_id == JOB.job_id


def test_a_key_that_was_rotated_twice_is_no_longer_good(issuer):
    token = issuer.token()
    issuer.rotate("second")
    issuer.rotate("third")
    refused(issuer.another(), token)
    # Who remembers it knows of the rotation after 5 minutes at most.
    issuer.clock.advance(5 * 60_000 + 1)
    refused(issuer.links, token)


def test_a_link_that_a_newer_key_has_signed_is_good_as_soon_as_ours_is_older_than_15_s(issuer):
    issuer.token()
    issuer.rotate("second")
    token = issuer.another().link(JOB).rpartition("/")[2]
    issuer.clock.advance(15_000)
    refused(issuer.links, token)
    issuer.clock.advance(1)
    assert issuer.links.read(token).job_id == JOB.job_id


def test_rubbish_costs_no_reading_of_the_key(refusing_url, client_of):
    secret = RotatingSecret(
        client_of("secretsmanager", refusing_url), secret_id="links", clock=VirtualClock()
    )
    links = ReportLinks(secret, origin=ORIGIN, clock=VirtualClock())
    refused(links, "rubbish")
    with pytest.raises(Unavailable):
        links.read("AQ" + "A" * 70)
    with pytest.raises(Unavailable):
        links.link(JOB)


@pytest.mark.parametrize("changed", [None, 22, -1], ids=["ours", "first byte", "last byte"])
def test_nothing_but_a_comparison_in_constant_time_judges_a_signature(issuer, monkeypatch, changed):
    raw = bytearray(urlsafe_b64decode(issuer.token()))
    if changed is not None:
        raw[changed] ^= 1
    token = urlsafe_b64encode(raw).decode()
    monkeypatch.setattr("hmac.compare_digest", lambda *_: False)
    refused(issuer.links, token)
    monkeypatch.setattr("hmac.compare_digest", lambda *_: True)
    assert issuer.links.read(token).job_id == JOB.job_id
