"""The SES transport, and one sending of it."""

import json

import pytest

from functions.adapters.ses import SesMailer
from functions.domain.errors import DeliveryError
from functions.domain.failure import failure_of
from tests.builders import a_job, a_mail

SENDER_ADDRESS = "notice@yellowbooks.mn"
SENDER = f"Yellow Books <{SENDER_ADDRESS}>"
JOB = a_job()
MAIL = a_mail()


def mailer(client):
    return SesMailer(client, sender=SENDER, configuration_set="signin-notifier")


def failed(client, mail=MAIL):
    """Return the error of one sending, having seen that it keeps nothing of the provider's text."""
    with pytest.raises(DeliveryError) as caught:
        mailer(client).send(mail, job=JOB)
    kept = repr(failure_of(caught.value))
    assert "@" not in kept
    assert "SECRET" not in kept
    return caught.value


def answered(service, ses, code, *, status=400, text="SECRET of user@example.com"):
    """Return the error of one sending to which the service gives this answer by name."""
    body = json.dumps({"message": text}).encode()
    service.answers(status, body, [("x-amzn-ErrorType", code)])
    return failed(ses)
