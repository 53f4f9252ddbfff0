"""What most use cases have around them."""

import pytest

from functions.domain.accept import WINDOW_MS
from tests.builders import SIGNED_IN_AT_MS, a_job
from tests.fake_jobs import InMemoryJobs
from tests.fakes import InMemoryQueue


@pytest.fixture
def jobs():
    return InMemoryJobs()


@pytest.fixture
def queue():
    return InMemoryQueue()


@pytest.fixture
def put(jobs):
    """Return a way to write a job in whatever state it is."""

    def written(job):
        jobs.add(job, window_start_ms=SIGNED_IN_AT_MS - WINDOW_MS)
        return job

    return written


@pytest.fixture
def add(put):
    """Return a way to write the one job of a test, with changes."""
    return lambda **changes: put(a_job(**changes))
