"""The SMTP transport over TLS, and its login."""

import json
import ssl
import time

import pytest
from aiosmtpd.smtp import AuthResult

from functions.adapters.smtp import Login, SmtpMailer
from functions.domain.errors import (
    AccountDeliveryError,
    DeliveryError,
    TransientDeliveryError,
    Unavailable,
)
from functions.domain.failure import failure_of
from tests.adapters.relay import JOB, MAIL, PATIENT, certificate_with_key, failed, mailer

LOGIN = Login(username="notifier", password="right")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    path = tmp_path_factory.mktemp("tls") / "relay.pem"
    path.write_bytes(certificate_with_key())
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


def test_a_mail_arrives_over_starttls_with_a_certificate_that_is_trusted(
    start_relay, server_tls, trusted
):
    relay = start_relay(tls_context=server_tls, require_starttls=True)
    mailer(relay.port, tls="starttls").send(MAIL, job=JOB)
    assert len(relay.taken) == 1


def test_a_mail_arrives_over_implicit_tls_with_a_certificate_that_is_trusted(
    start_relay, server_tls, trusted
):
    relay = start_relay(ssl_context=server_tls)
    mailer(relay.port, tls="implicit").send(MAIL, job=JOB)
    assert len(relay.taken) == 1


def test_a_certificate_that_signs_itself_is_refused(start_relay, server_tls):
    relay = start_relay(tls_context=server_tls, require_starttls=True)
    error = failed(relay.port, tls="starttls", login=LOGIN)
    assert (type(error), error.error_type) == (AccountDeliveryError, "SSLCertVerificationError")
    assert relay.taken == []


def test_a_certificate_that_signs_itself_is_refused_under_implicit_tls(start_relay, server_tls):
    relay = start_relay(ssl_context=server_tls)
    error = failed(relay.port, tls="implicit", login=LOGIN)
    assert (type(error), error.error_type) == (AccountDeliveryError, "SSLCertVerificationError")
    assert relay.taken == []


def test_a_relay_without_starttls_gets_neither_login_nor_mail(relay):
    error = failed(relay.port, tls="starttls", login=LOGIN)
    assert (type(error), error.error_type) == (AccountDeliveryError, "SMTPNotSupportedError")
    assert relay.taken == []


def authenticator(server, session, envelope, mechanism, credentials):
    given = (credentials.login, credentials.password)
    return AuthResult(success=given == (b"notifier", b"right"), handled=False)


@pytest.fixture
def guarded(start_relay, server_tls, trusted):
    """A relay that wants STARTTLS and a login."""
    return start_relay(tls_context=server_tls, authenticator=authenticator, auth_required=True)


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


def failed_login(read):
    with pytest.raises(DeliveryError) as caught:
        SmtpMailer(
            host="127.0.0.1",
            port=1,
            tls="starttls",
            login=read,
            sender="notice@yellowbooks.mn",
            limits=PATIENT,
            clock=time.monotonic,
        ).send(MAIL, job=JOB)
    return caught.value


def test_a_login_that_can_not_be_read_now_is_tried_again():
    def read():
        raise Unavailable("The secret can't be read now.") from TimeoutError()

    error = failed_login(read)
    assert (type(error), error.error_type) == (TransientDeliveryError, "TimeoutError")


@pytest.mark.parametrize("secret", ["SECRET", '{"user": "SECRET"}', "[]", '"SECRET"'])
def test_a_secret_that_is_no_login_is_an_account_matter(secret):
    error = failed_login(lambda: Login(**json.loads(secret)))
    assert type(error) is AccountDeliveryError
    assert "SECRET" not in repr(failure_of(error))
    # A log of the whole chain would quote what the parser quotes.
    assert error.__suppress_context__
    assert error.__cause__ is None
