"""The doors over moto, with the clock and chance in the tests' hands."""

import itertools
import os
import socket
import warnings
from dataclasses import replace
from functools import partial

import pytest
from moto import mock_aws

from functions.domain.model import Status
from functions.settings import Settings
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number
from tests.fakes import VirtualClock
from tests.functions.cloud import Cloud, PutOff
from tests.functions.doors import (
    AdminDoor,
    ApiDoor,
    FeedbackDoor,
    ReportDoor,
    SweeperDoor,
    WorkerDoor,
)
from tests.functions.privacy import assert_betrays_nobody
from tests.functions.reporting import mailed_job, token_for
from tests.functions.said import Said
from tests.functions.wiring import ENVIRONMENT, wire


@pytest.fixture(scope="package", autouse=True)
def environment():
    """What the stack sets on a function; the doors read it when they are imported."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "POWERTOOLS_"))]:
            patch.delenv(name)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield ENVIRONMENT


@pytest.fixture(scope="package")
def _whole_cloud(environment):
    with mock_aws():
        yield Cloud()


@pytest.fixture
def cloud(_whole_cloud):
    yield _whole_cloud
    _whole_cloud.empty()


@pytest.fixture(scope="package")
def settings(environment):
    return Settings.from_environment(environment)


@pytest.fixture(scope="package")
def wired(_whole_cloud, settings):
    """All parts, built once: AWS clients take their time."""
    return wire(settings)


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def said(capsys):
    # pytest gives each test fresh warning filters, without the one that bootstrap sets.
    warnings.filterwarnings("ignore", message="No application metrics to publish")
    said = Said(capsys)
    yield said
    # For pytest's report, should the test have failed: what is read is no longer captured.
    print(*said.everything, sep="\n")  # noqa: T201
    assert_betrays_nobody(said.everything)


def opened(door, parts, **replaced):
    return door(replace(parts, **replaced))


@pytest.fixture
def open_api(wired, cloud, clock, said):
    """Return a way to open the auth flow's door, over parts replaced at will."""
    random_bits = itertools.count(1).__next__
    return partial(opened, ApiDoor, wired.api, clock=clock, random_bits=random_bits)


@pytest.fixture
def api(open_api):
    return open_api()


@pytest.fixture
def open_worker(wired, cloud, clock, said):
    """Return a way to open the queue's door, over parts replaced at will."""
    return partial(opened, WorkerDoor, wired.worker, clock=clock)


@pytest.fixture
def worker(open_worker):
    return open_worker()


@pytest.fixture
def open_admin(wired, cloud, clock, said):
    """Return a way to open the operators' door, over parts replaced at will."""
    return partial(opened, AdminDoor, wired.admin, clock=clock)


@pytest.fixture
def admin(open_admin):
    return open_admin()


@pytest.fixture
def open_sweeper(wired, cloud, clock, said):
    """Return a way to open the clock's door, over parts replaced at will."""
    return partial(opened, SweeperDoor, wired.sweeper, clock=clock)


@pytest.fixture
def sweeper(open_sweeper):
    return open_sweeper()


@pytest.fixture
def open_feedback(wired, cloud, said):
    """Return a way to open SES's door, over parts replaced at will."""
    return partial(opened, FeedbackDoor, wired.feedback)


@pytest.fixture
def feedback(open_feedback):
    return open_feedback()


@pytest.fixture
def open_report(wired, cloud, clock, said):
    """Return a way to open the recipient's door, over parts replaced at will."""

    def open_door(**replaced):
        # A door remembers no key that the one before has read.
        return opened(
            ReportDoor, wired.report, **{"clock": clock, "links": cloud.links(clock), **replaced}
        )

    return open_door


@pytest.fixture
def report_door(open_report):
    return open_report()


@pytest.fixture
def mail(cloud, clock):
    """Return a way to mail the n-th job, and get its link's token."""

    def mailed(n=1, *, language="en", **sign_in):
        job = mailed_job(n, language=language, **sign_in)
        cloud.put(job)
        return token_for(job, cloud, clock)

    return mailed


@pytest.fixture
def put_off(wired):
    """The queue, which remembers what was put off."""
    return PutOff(wired.worker.queue)


@pytest.fixture
def out_of_reach(monkeypatch, settings):
    """Return a way to make bootstrap wire a service at an address that refuses connections."""
    with socket.socket() as closed:
        # Bound, so that nobody else gets the port, and not listening.
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        def wire(service, parts):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
            return parts(settings)

        yield wire


@pytest.fixture
def bury(cloud):
    """Return a way to write the n-th dead job, which died n minutes after 07:00."""

    def dead(n, *, died_at_ms=None, **failure):
        job = job_number(
            n,
            status=Status.DLQ,
            processed_at_ms=died_at_ms or SIGNED_IN_AT_MS + n * 60_000,
            attempt_count=5,
            last_failure=a_failure(**failure),
        )
        cloud.put(job)

    return dead
