"""Outside production, mail reaches only those who asked for it."""

from dataclasses import replace

import pytest

from functions.adapters.redirect import Redirect
from functions.domain.errors import PermanentDeliveryError, TransientDeliveryError
from functions.domain.model import Mail
from tests.builders import a_job
from tests.fakes import RecordingMailer, Sent

JOB = a_job()
SINK = "sink@yellowbooks.mn"


def mail_to(recipient):
    return Mail(recipient=recipient, subject="s", text="t", html="h", headers=(("A", "b"),))


def sent(recipient, *, allowlist):
    transport = RecordingMailer()
    Redirect(transport, stage="trial", allowlist=allowlist, sink=SINK).send(
        mail_to(recipient), job=JOB
    )
    return transport.sent


@pytest.mark.parametrize(
    ("recipient", "entry"),
    [
        ("dev@example.com", "dev@example.com"),
        ("Dev@Example.com", "dev@example.com"),
        ("dev@example.com", "DEV@Example.COM"),
        ("anyone@example.com", "@example.com"),
        ("anyone@example.com", "@EXAMPLE.com"),
    ],
)
def test_whoever_is_on_the_allowlist_gets_the_mail(recipient, entry):
    allowlist = ("other@example.org", entry)
    assert sent(recipient, allowlist=allowlist) == [Sent(mail_to(recipient), JOB)]


@pytest.mark.parametrize(
    "entry",
    ["dev@example.org", "ev@example.com", "@ample.com", "example.com", "@dev@example.com", "@", ""],
)
def test_other_mail_goes_to_the_sink_with_the_stage_in_its_subject(entry):
    redirected = replace(mail_to(SINK), subject="[trial] s")
    assert sent("dev@example.com", allowlist=(entry,)) == [Sent(redirected, JOB)]


def test_without_a_sink_the_mail_is_refused_for_good():
    transport = RecordingMailer()
    with pytest.raises(PermanentDeliveryError) as caught:
        Redirect(transport, stage="dev", allowlist=(), sink="").send(
            mail_to("dev@example.com"), job=JOB
        )
    assert caught.value.error_type == "NotOnAllowlist"
    assert "dev@example.com" not in caught.value.sentence
    assert transport.sent == []


def test_what_the_transport_raises_passes_through():
    transport = RecordingMailer()
    transport.fail_next(TransientDeliveryError(error_type="Throttled", sentence="Later."))
    with pytest.raises(TransientDeliveryError):
        Redirect(transport, stage="dev", allowlist=(), sink=SINK).send(
            mail_to("dev@example.com"), job=JOB
        )
