"""The SMTP transport against a real server on loopback."""

# ruff: noqa: N802 - aiosmtpd finds its hooks by their names

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import time
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from functions.adapters.smtp import Login, SmtpMailer
from functions.domain.errors import (
    AccountDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.failure import failure_of
from functions.domain.model import Mail
from tests.builders import a_job

LOGIN = Login(username="notifier", password="right")
JOB = a_job()
MAIL = Mail(
    recipient="user@example.com",
    subject="🔐 Таны бүртгэлд нэвтэрсэн байна - Yellow Books",
    text="Сайн байна уу?\n.\nХүндэтгэсэн, Yellow Books баг\n",
    html="<p>Сайн байна уу?</p>\n",
    headers=(("Reply-To", "support@yellowbooks.mn"), ("Auto-Submitted", "auto-generated")),
)


class Relay(Controller):
    """Takes mails on a port of its own, and gives the `replies` that a test wants."""

    def __init__(self, **parameters):
        self.taken = []
        self.connections = 0
        self.replies = {}
        super().__init__(self, hostname="127.0.0.1", port=0, **parameters)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return [self.replies["EHLO"]] if "EHLO" in self.replies else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return self.replies.get("HELO", "250 hello")

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return self.replies.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):
        reply = self.replies.get("DATA", "250 OK")
        if reply == "hang":
            await asyncio.Event().wait()
        if reply == "break off":
            server.transport.abort()
        self.taken.append(envelope)
        return reply

    async def handle_QUIT(self, server, session, envelope):
        return self.replies.get("QUIT", "221 Bye")


@pytest.fixture
def start():
    """Start a relay with these parameters."""
    relays = []

    def start(**parameters):
        relay = Relay(**parameters)
        relay.start()
        relays.append(relay)
        return relay

    yield start
    for relay in relays:
        relay.stop()


@pytest.fixture
def relay(start):
    return start()


def mailer(port, *, tls="none", login=None):
    return SmtpMailer(
        host="127.0.0.1",
        port=port,
        tls=tls,
        login=login,
        sender="Yellow Books <notice@yellowbooks.mn>",
    )


def failed(port, **connection):
    """Return the error of one sending, having seen that it keeps nothing of the relay's text."""
    with pytest.raises(DeliveryError) as caught:
        mailer(port, **connection).send(MAIL, job=JOB)
    kept = failure_of(caught.value)
    assert "user@example.com" not in repr(kept)
    assert "SECRET" not in repr(kept)
    return caught.value


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    today = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - day)
        .not_valid_after(today + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "relay.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def server_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate, monkeypatch):
    """Let this machine trust the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def test_a_mail_arrives_as_it_was_meant(relay):
    mailer(relay.port).send(MAIL, job=JOB)

    (envelope,) = relay.taken
    assert envelope.mail_from == "notice@yellowbooks.mn"
    assert envelope.rcpt_tos == ["user@example.com"]
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Subject"] == MAIL.subject
    assert message["From"] == "Yellow Books <notice@yellowbooks.mn>"
    assert message["To"] == "user@example.com"
    assert message["Reply-To"] == "support@yellowbooks.mn"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{JOB.job_id}@yellowbooks.mn>"
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert message.get_content_type() == "multipart/alternative"
    parts = [
        (part.get_content_type(), part.get_content().replace("\r\n", "\n"))
        for part in message.iter_parts()
    ]
    assert parts == [("text/plain", MAIL.text), ("text/html", MAIL.html)]


def test_headers_travel_in_ascii(relay):
    mailer(relay.port).send(MAIL, job=JOB)
    (envelope,) = relay.taken
    head, _, _ = envelope.content.partition(b"\r\n\r\n")
    assert head.isascii()


def test_a_sender_whose_brand_is_not_ascii_is_shown_as_it_is_written(relay):
    encoded = "=?utf-8?b?0KjQsNGAINC90L7QvA==?= <notice@yellowbooks.mn>"
    SmtpMailer(host="127.0.0.1", port=relay.port, tls="none", login=None, sender=encoded).send(
        MAIL, job=JOB
    )
    (envelope,) = relay.taken
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["From"] == "Шар ном <notice@yellowbooks.mn>"
    assert envelope.mail_from == "notice@yellowbooks.mn"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_line_break_makes_no_header(relay, line_break):
    mail = Mail(recipient="a@example.com", subject=f"x{line_break}Bcc: b@c.mn", text="", html="")
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        mailer(relay.port).send(mail, job=JOB)
    assert relay.taken == []


@pytest.mark.parametrize(
    ("command", "reply", "kind", "error_type"),
    [
        ("MAIL", "550 SECRET", AccountDeliveryError, "SMTPSenderRefused550"),
        ("MAIL", "451 SECRET", TransientDeliveryError, "SMTPSenderRefused451"),
        ("RCPT", "550 SECRET", PermanentDeliveryError, "SMTPRecipientsRefused550"),
        ("RCPT", "450 SECRET", TransientDeliveryError, "SMTPRecipientsRefused450"),
        ("RCPT", "421 SECRET", TransientDeliveryError, "SMTPRecipientsRefused421"),
        ("DATA", "554 SECRET", PermanentDeliveryError, "SMTPDataError554"),
        ("DATA", "452 SECRET", TransientDeliveryError, "SMTPDataError452"),
        ("DATA", "421 SECRET", TransientDeliveryError, "SMTPDataError421"),
        ("HELO", "550 SECRET", AccountDeliveryError, "SMTPHeloError550"),
        ("HELO", "421 SECRET", TransientDeliveryError, "SMTPHeloError421"),
    ],
)
def test_what_a_reply_means_for_the_job(relay, command, reply, kind, error_type):
    relay.replies = {command: reply}
    if command == "HELO":
        relay.replies["EHLO"] = "502 not here"
    error = failed(relay.port)
    assert (type(error), error.error_type) == (kind, error_type)


@pytest.mark.parametrize("reply", ["250 OK", "421 SECRET", "500 SECRET"])
def test_how_the_relay_says_goodbye_does_not_matter(relay, reply):
    relay.replies = {"QUIT": reply}
    mailer(relay.port).send(MAIL, job=JOB)
    assert len(relay.taken) == 1


@pytest.mark.parametrize("reply", ["421 SECRET", "500 SECRET"])
def test_a_refusal_is_told_however_the_relay_says_goodbye(relay, reply):
    relay.replies = {"RCPT": "550 SECRET", "QUIT": reply}
    assert failed(relay.port).error_type == "SMTPRecipientsRefused550"


def test_a_relay_that_breaks_off_in_the_middle_may_have_taken_the_mail(relay):
    relay.replies = {"DATA": "break off"}
    error = failed(relay.port)
    assert (type(error), error.error_type) == (UnknownDeliveryError, "SMTPServerDisconnected")


def test_a_relay_that_falls_silent_in_the_middle_may_have_taken_the_mail(relay, monkeypatch):
    monkeypatch.setattr("functions.adapters.smtp._TIMEOUT_S", 0.3)
    relay.replies = {"DATA": "hang"}
    assert type(failed(relay.port)) is UnknownDeliveryError


def test_a_relay_that_refuses_connections_is_transient():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        error = failed(bound.getsockname()[1])
    assert (type(error), error.error_type) == (TransientDeliveryError, "ConnectionRefusedError")


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_a_relay_that_never_greets_is_transient(monkeypatch, tls):
    monkeypatch.setattr("functions.adapters.smtp._TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert type(failed(silent.getsockname()[1], tls=tls)) is TransientDeliveryError


def test_a_mail_arrives_over_starttls_with_a_certificate_that_is_trusted(
    start, server_tls, trusted
):
    relay = start(tls_context=server_tls, require_starttls=True)
    mailer(relay.port, tls="starttls").send(MAIL, job=JOB)
    assert len(relay.taken) == 1


def test_a_mail_arrives_over_implicit_tls_with_a_certificate_that_is_trusted(
    start, server_tls, trusted
):
    relay = start(ssl_context=server_tls)
    mailer(relay.port, tls="implicit").send(MAIL, job=JOB)
    assert len(relay.taken) == 1


def test_a_certificate_that_signs_itself_is_refused(start, server_tls):
    relay = start(tls_context=server_tls, require_starttls=True)
    error = failed(relay.port, tls="starttls", login=LOGIN)
    assert error.error_type == "SSLCertVerificationError"
    assert relay.taken == []


def test_a_certificate_that_signs_itself_is_refused_under_implicit_tls(start, server_tls):
    relay = start(ssl_context=server_tls)
    error = failed(relay.port, tls="implicit", login=LOGIN)
    assert error.error_type == "SSLCertVerificationError"
    assert relay.taken == []


def test_a_relay_without_starttls_gets_neither_login_nor_mail(relay):
    error = failed(relay.port, tls="starttls", login=LOGIN)
    assert error.error_type == "SMTPNotSupportedError"
    assert relay.taken == []


def authenticator(server, session, envelope, mechanism, credentials):
    given = (credentials.login, credentials.password)
    return AuthResult(success=given == (b"notifier", b"right"), handled=False)


@pytest.fixture
def guarded(start, server_tls, trusted):
    """A relay that wants STARTTLS and a login."""
    return start(tls_context=server_tls, authenticator=authenticator, auth_required=True)


def test_a_mail_arrives_after_the_login(guarded):
    mailer(guarded.port, tls="starttls", login=LOGIN).send(MAIL, job=JOB)
    assert len(guarded.taken) == 1


def test_a_login_that_is_refused_is_an_account_matter(guarded):
    login = Login(username="notifier", password="SECRET")
    error = failed(guarded.port, tls="starttls", login=login)
    assert (type(error), error.error_type) == (
        AccountDeliveryError,
        "SMTPAuthenticationError",
    )


def test_a_login_that_is_missing_is_an_account_matter(guarded):
    error = failed(guarded.port, tls="starttls")
    assert type(error) is AccountDeliveryError


def test_a_connection_that_failed_its_login_is_closed_at_once(guarded):
    login = Login(username="notifier", password="wrong")
    # As long as the error lives, so do the frames that hold the connection.
    error = failed(guarded.port, tls="starttls", login=login)
    deadline = time.monotonic() + 2
    while guarded.smtpd.transport is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert error.__cause__ is not None


def test_each_mail_has_a_connection_of_its_own(relay):
    for _ in range(2):
        mailer(relay.port).send(MAIL, job=JOB)
    assert (len(relay.taken), relay.connections) == (2, 2)
