"""The simulator: an address chooses what becomes of its mail."""

import pytest

from functions.adapters.simulator import Simulator
from functions.domain.errors import (
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from functions.domain.model import Mail
from tests.builders import a_job
from tests.fakes import RecordingMailer


def outcomes(recipient, *, tries=range(1, 9)):
    """Return what becomes of each try: None for a mail that left."""
    transport = RecordingMailer()
    simulator = Simulator(transport)
    mail = Mail(recipient=recipient, subject="s", text="t", html="h")
    ends = []
    for n in tries:
        sent_before = len(transport.sent)
        try:
            simulator.send(mail, job=a_job(tries=n))
        except DeliveryError as error:
            assert len(transport.sent) == sent_before
            ends.append(type(error))
        else:
            assert [sent.mail for sent in transport.sent[sent_before:]] == [mail]
            ends.append(None)
    return ends


def test_ok_is_sent():
    assert outcomes("ok@simulator.test") == [None] * 8


@pytest.mark.parametrize("n", [0, 1, 4, 7])
def test_fail_n_fails_n_times_over_the_jobs_whole_life(n):
    expected = [TransientDeliveryError] * n + [None] * (8 - n)
    assert outcomes(f"fail-{n}@simulator.test") == expected


def test_down_always_fails():
    assert outcomes("down@simulator.test") == [TransientDeliveryError] * 8


def test_reject_is_refused_for_good():
    assert outcomes("reject@simulator.test") == [PermanentDeliveryError] * 8


@pytest.mark.parametrize(
    "recipient",
    [
        "down@example.com",
        "reject@example.com",
        "fail-3@simulator.test.example.com",
        "reject@sub.simulator.test",
        "reject@notsimulator.test",
    ],
)
def test_other_domains_are_left_alone(recipient):
    assert outcomes(recipient) == [None] * 8


@pytest.mark.parametrize("wish", ["fail-", "fail-x", "fail-1000", "fail-3x", "failing", "fail-٣x"])
def test_a_wish_that_is_none_is_sent(wish):
    assert outcomes(f"{wish}@simulator.test") == [None] * 8
