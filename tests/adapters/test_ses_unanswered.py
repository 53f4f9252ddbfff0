"""The SES transport, if somebody else answers in place of SES, or nobody."""

import pytest

from functions.domain.errors import (
    AccountDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from tests.adapters.ses import answered, failed


@pytest.mark.parametrize("code", ["GatewayTimeout", "Unheard", "ServiceUnavailable"])
def test_behind_a_gateway_that_waited_in_vain_the_mail_may_have_left(service, ses, code):
    error = answered(service, ses, code, status=504)
    assert (type(error), error.error_type) == (UnknownDeliveryError, code)


@pytest.mark.parametrize("body", [b"", b"<html>SECRET</html>", b'{"message": "SECRET"}'])
def test_a_request_that_somebody_did_not_read_in_time_may_have_been_sent(service, ses, body):
    service.answers(408, body)
    error = failed(ses)
    assert (type(error), error.error_type) == (UnknownDeliveryError, "408")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>SECRET</html>", b"upstream SECRET", b'{"message": "SECRET"}', b'{"code": 502}'],
)
def test_a_fault_without_a_name_may_come_after_the_mail_left(service, ses, status, body):
    service.answers(status, body)
    error = failed(ses)
    assert type(error) is UnknownDeliveryError


@pytest.mark.parametrize("body", [b"", b"upstream SECRET", b'{"message": "SECRET"}'])
def test_a_refusal_without_a_name_is_an_account_matter(service, ses, body):
    service.answers(403, body)
    error = failed(ses)
    assert (type(error), error.error_type) == (AccountDeliveryError, "403")


@pytest.mark.parametrize(
    ("silence", "error_type"),
    [("hangs", "ReadTimeout"), ("resets", "ConnectionClosed"), ("closes", "ConnectionClosed")],
)
def test_without_an_answer_the_mail_may_have_left(service, client_of, silence, error_type):
    getattr(service, silence)()
    error = failed(client_of("sesv2", service.url))
    assert (type(error), error.error_type) == (UnknownDeliveryError, error_type)
    assert len(service.bodies) == 1


def test_a_refused_connection_is_transient(client_of, refusing_url):
    error = failed(client_of("sesv2", refusing_url))
    assert (type(error), error.error_type) == (TransientDeliveryError, "EndpointConnection")


def test_a_connection_that_is_never_made_is_transient(client_of, full_backlog_url):
    error = failed(client_of("sesv2", full_backlog_url))
    assert (type(error), error.error_type) == (TransientDeliveryError, "ConnectTimeout")
