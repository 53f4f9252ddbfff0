"""A real SMTP server on loopback, and the transport that sends to it."""
# ruff: noqa: N802 - aiosmtpd finds its hooks by their names

import asyncio
import datetime as dt
import ipaddress
import time

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from functions.adapters.smtp import SmtpMailer
from functions.adapters.smtp_session import Limits
from functions.domain.errors import DeliveryError
from functions.domain.failure import failure_of
from tests.builders import a_job, a_mail

JOB = a_job()
MAIL = a_mail()


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


#: never reached by a relay that answers
PATIENT = Limits(exchange_s=10, session_s=60)


def mailer(port, *, tls="none", login=None, limits=PATIENT, clock=time.monotonic):
    return SmtpMailer(
        host="127.0.0.1",
        port=port,
        tls=tls,
        login=login and (lambda: login),
        sender="Yellow Books <notice@yellowbooks.mn>",
        limits=limits,
        clock=clock,
    )


def failed(port, **connection):
    """Return the error of one sending, having seen that it keeps nothing of the relay's text."""
    with pytest.raises(DeliveryError) as caught:
        mailer(port, **connection).send(MAIL, job=JOB)
    kept = failure_of(caught.value)
    assert "user@example.com" not in repr(kept)
    assert "SECRET" not in repr(kept)
    return caught.value


def certificate_with_key():
    """Return PEM text: a certificate of 127.0.0.1 that signs itself, and its key."""
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
    key_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key_pem + made.public_bytes(serialization.Encoding.PEM)
