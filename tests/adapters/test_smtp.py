"""The SMTP transport against a real server on loopback."""

import socket
import time
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from functions.adapters.smtp import SmtpMailer
from functions.adapters.smtp_session import Limits
from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.model import Mail
from tests.adapters.relay import JOB, MAIL, PATIENT, failed, mailer

HASTY = Limits(exchange_s=0.3, session_s=60)


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
    SmtpMailer(
        host="127.0.0.1",
        port=relay.port,
        tls="none",
        login=None,
        sender=encoded,
        limits=PATIENT,
        clock=time.monotonic,
    ).send(MAIL, job=JOB)
    (envelope,) = relay.taken
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["From"] == "Шар ном <notice@yellowbooks.mn>"
    assert envelope.mail_from == "notice@yellowbooks.mn"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_line_break_makes_no_header(relay, line_break):
    mail = Mail(recipient="a@example.com", subject=f"x{line_break}Bcc: b@c.mn", text="", html="")
    with pytest.raises(PermanentDeliveryError):
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


def test_a_relay_that_falls_silent_in_the_middle_may_have_taken_the_mail(relay):
    relay.replies = {"DATA": "hang"}
    # Time enough for what comes before, on a busy machine too.
    limits = Limits(exchange_s=1, session_s=60)
    assert type(failed(relay.port, limits=limits)) is UnknownDeliveryError


def test_a_relay_that_refuses_connections_is_transient():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        error = failed(bound.getsockname()[1])
    assert (type(error), error.error_type) == (TransientDeliveryError, "ConnectionRefusedError")


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_a_relay_that_never_greets_is_transient(tls):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert (
            type(failed(silent.getsockname()[1], tls=tls, limits=HASTY)) is TransientDeliveryError
        )


def test_each_mail_has_a_connection_of_its_own(relay):
    for _ in range(2):
        mailer(relay.port).send(MAIL, job=JOB)
    assert (len(relay.taken), relay.connections) == (2, 2)
