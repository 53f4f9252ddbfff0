"""The simulator: an address chooses what becomes of its mail."""

import pytest

from functions.adapters.simulator import Simulator
from functions.domain.errors import (
    AccountDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.model import Mail
from tests.builders import a_job
from tests.fakes import RecordingMailer


class Died(BaseException):
    """The process ended."""


def die():
    raise Died


def tried(recipient, *, tries=range(1, 9)):
    """Return of each try how it ended, None for well, and whether a mail left."""
    transport = RecordingMailer()
    simulator = Simulator(transport, die=die)
    mail = Mail(recipient=recipient, subject="s", text="t", html="h")
    ends = []
    for n in tries:
        sent_before = len(transport.sent)
        try:
            simulator.send(mail, job=a_job(tries=n))
            end = None
        except (DeliveryError, Died) as error:
            end = type(error)
        left = [sent.mail for sent in transport.sent[sent_before:]]
        assert left in ([], [mail])
        ends.append((end, bool(left)))
    return ends


def outcomes(recipient):
    """Return how each try ended; a mail left exactly if it ended well."""
    ends = tried(recipient)
    assert all(left == (end is None) for end, left in ends)
    return [end for end, _ in ends]


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


@pytest.mark.parametrize("n", [0, 1, 4])
def test_paused_n_blocks_the_account_for_n_tries(n):
    expected = [AccountDeliveryError] * n + [None] * (8 - n)
    assert outcomes(f"paused-{n}@simulator.test") == expected


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ("unknown-sent", (UnknownDeliveryError, True)),
        ("unknown-lost", (UnknownDeliveryError, False)),
        ("crash-before", (Died, False)),
        ("crash-after", (Died, True)),
    ],
)
def test_the_first_try_ends_without_an_answer(wish, first):
    assert tried(f"{wish}@simulator.test") == [first] + [(None, True)] * 7


@pytest.mark.parametrize(
    "recipient",
    [
        "down@example.com",
        "crash-before@example.com",
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
