"""Jobs that a crash left behind."""

import pytest

from functions.domain.model import Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number


@pytest.fixture
def leave(cloud, clock):
    """Return a way to leave the n-th job behind in a state, overdue by n milliseconds more."""

    def left(n, status=Status.ENQUEUED, **changes):
        values = {"status": status, "due_ms": clock() - n} | changes
        job = job_number(n, created_at_ms=SIGNED_IN_AT_MS, **values)
        cloud.put(job)
        return job

    return left


@pytest.fixture
def bury_one(leave):
    """Return a way to leave a dead job behind."""
    return lambda n: leave(
        n,
        Status.DLQ,
        due_ms=None,
        processed_at_ms=SIGNED_IN_AT_MS,
        last_failure=a_failure(),
    )
