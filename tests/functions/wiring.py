"""Every door's parts, as bootstrap wires them in the environment that the stack sets."""

import sys
from dataclasses import dataclass, replace

import boto3

from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.event_source import SourceState
from functions.bootstrap.admin import AdminParts, admin_parts
from functions.bootstrap.api import ApiParts, api_parts
from functions.bootstrap.feedback import FeedbackParts, feedback_parts
from functions.bootstrap.report import ReportParts, report_parts
from functions.bootstrap.sweeper import SweeperParts, sweeper_parts
from functions.bootstrap.worker import WorkerParts, worker_parts
from functions.domain.errors import Unavailable
from functions.domain.statistics import CountedMoves
from tests.functions.cloud import DEAD_LETTER_QUEUE_URL, MAIL_SENDER, ORIGIN, QUEUE_URL
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
    "PUBLIC_URL": ORIGIN,
    "WORKER_EVENT_SOURCE_MAPPING_ID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2",
}


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
    """Every door's parts."""

    api: ApiParts
    worker: WorkerParts
    admin: AdminParts
    sweeper: SweeperParts
    feedback: FeedbackParts
    report: ReportParts


def wire(settings):
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


class _CurrentStdout:
    def write(self, text):
        sys.stdout.write(text)

    def flush(self):
        sys.stdout.flush()
