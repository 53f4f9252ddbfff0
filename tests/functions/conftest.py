"""The doors over moto, with the clock and chance in the tests' hands."""

import itertools
import os
import socket
import sys
import warnings
from dataclasses import dataclass, replace

import boto3
import pytest
from moto import mock_aws

from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.event_source import SourceState
from functions.bootstrap.admin import AdminParts, admin_parts
from functions.bootstrap.api import ApiParts, api_parts
from functions.bootstrap.feedback import FeedbackParts, feedback_parts
from functions.bootstrap.report import ReportParts, report_parts
from functions.bootstrap.sweeper import SweeperParts, sweeper_parts
from functions.bootstrap.worker import WorkerParts, worker_parts
from functions.domain.errors import Unavailable
from functions.domain.model import Status
from functions.domain.statistics import CountedMoves
from functions.settings import Settings
from tests.builders import SIGNED_IN_AT_MS, a_failure, job_number
from tests.fakes import VirtualClock
from tests.functions.cloud import DEAD_LETTER_QUEUE_URL, MAIL_SENDER, QUEUE_URL, Cloud, PutOff
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
from tests.jobs_table import AT_ONCE, TABLE_NAME, OneCallAtATime

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "signin-notifier",
    "POWERTOOLS_METRICS_NAMESPACE": "SigninNotifier",
    "STAGE": "local",
    "TABLE_NAME": TABLE_NAME,
    "QUEUE_URL": QUEUE_URL,
    "DEAD_LETTER_QUEUE_URL": DEAD_LETTER_QUEUE_URL,
    "PRODUCER_KEY_SECRET_ARN": "producer-key",
    "ADMIN_KEY_SECRET_ARN": "admin-key",
    "LINK_KEY_SECRET_ARN": "link-key",
    "WORKER_TIMEOUT_SECONDS": "30",
    "BRAND_NAME": "Yellow Books",
    "MAIL_SENDER": MAIL_SENDER,
    "SUPPORT_ADDRESS": "support@yellow-books.example",
    "SECURITY_PAGE_URL": "https://yellow-books.example/security",
    "MAIL_TRANSPORT": "ses",
    "CONFIGURATION_SET": "signin-notifier",
    "SIMULATOR": "true",
    "PUBLIC_URL": "https://notices.yellow-books.example",
    "WORKER_EVENT_SOURCE_MAPPING_ID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
}


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


class _CurrentStdout:
    def write(self, text):
        sys.stdout.write(text)

    def flush(self):
        sys.stdout.flush()


@dataclass(frozen=True)
class SourceInState:
    """The worker's event source mapping, of which moto has none (see test_event_source.py)."""

    now: SourceState | None

    def state(self):
        if self.now is None:
            raise Unavailable
        return self.now


@dataclass(frozen=True)
class Wired:
    """Every door's parts, as bootstrap wires them."""

    api: ApiParts
    worker: WorkerParts
    admin: AdminParts
    sweeper: SweeperParts
    feedback: FeedbackParts
    report: ReportParts


@pytest.fixture(scope="package")
def settings(environment):
    return Settings.from_environment(environment)


@pytest.fixture(scope="package")
def wired(_whole_cloud, settings):
    """All parts, built once: AWS clients take their time."""
    parts = Wired(
        api=api_parts(settings),
        worker=replace(
            worker_parts(settings),
            # A batch's messages are taken side by side.
            jobs=CountedMoves(
                MovableJobs(
                    OneCallAtATime(boto3.client("dynamodb")), table_name=TABLE_NAME, retry=AT_ONCE
                )
            ),
        ),
        admin=replace(admin_parts(settings), worker_source=SourceInState(SourceState.RUNNING)),
        sweeper=sweeper_parts(settings),
        feedback=feedback_parts(settings),
        report=report_parts(settings),
    )
    # The doors' one log handler would go on writing to the output of the test that came first.
    parts.api.logger.registered_handler.setStream(_CurrentStdout())
    return parts


@pytest.fixture
def clock():
    return VirtualClock(SIGNED_IN_AT_MS)


@pytest.fixture
def said(capsys):
    # pytest gives each test fresh warning filters, without the one that bootstrap sets.
    warnings.filterwarnings("ignore", message="No application metrics to publish")
    said = Said(capsys)
    yield said
    # For pytest's report, should the test have failed: what is read is no longer captured.
    print(*said.everything, sep="\n")  # noqa: T201
    assert_betrays_nobody(said.everything)


@pytest.fixture
def open_api(wired, cloud, clock, said):
    """Return a way to open the auth flow's door, over parts replaced at will."""
    ours = {"clock": clock, "random_bits": itertools.count(1).__next__}

    def opened(**replaced):
        return ApiDoor(replace(wired.api, **{**ours, **replaced}))

    return opened


@pytest.fixture
def api(open_api):
    return open_api()


@pytest.fixture
def open_worker(wired, cloud, clock, said):
    """Return a way to open the queue's door, over parts replaced at will."""

    def opened(**replaced):
        return WorkerDoor(replace(wired.worker, **{"clock": clock, **replaced}))

    return opened


@pytest.fixture
def worker(open_worker):
    return open_worker()


@pytest.fixture
def open_admin(wired, cloud, clock, said):
    """Return a way to open the operators' door, over parts replaced at will."""

    def opened(**replaced):
        return AdminDoor(replace(wired.admin, **{"clock": clock, **replaced}))

    return opened


@pytest.fixture
def admin(open_admin):
    return open_admin()


@pytest.fixture
def open_sweeper(wired, cloud, clock, said):
    """Return a way to open the clock's door, over parts replaced at will."""

    def opened(**replaced):
        return SweeperDoor(replace(wired.sweeper, **{"clock": clock, **replaced}))

    return opened


@pytest.fixture
def sweeper(open_sweeper):
    return open_sweeper()


@pytest.fixture
def open_feedback(wired, cloud, said):
    """Return a way to open SES's door, over parts replaced at will."""

    def opened(**replaced):
        return FeedbackDoor(replace(wired.feedback, **replaced))

    return opened


@pytest.fixture
def feedback(open_feedback):
    return open_feedback()


@pytest.fixture
def open_report(wired, cloud, clock, said):
    """Return a way to open the recipient's door, over parts replaced at will."""

    def opened(**replaced):
        ours = {"clock": clock, "links": cloud.links(clock)}
        return ReportDoor(replace(wired.report, **{**ours, **replaced}))

    return opened


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
