"""What the wiring of several doors shares."""

import secrets
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from functions.adapters.dynamodb.conflicts import ConflictRetry
from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.reports import ReportsOfJobs
from functions.adapters.event_bus import DefaultBus
from functions.adapters.keys import Keys, Role
from functions.adapters.report_links import ReportLinks
from functions.adapters.rotating_secret import RotatingSecret
from functions.adapters.sqs import JobQueue
from functions.settings import Settings

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# A request that is only read, or refused, has no metric of its own: nothing to warn of.
warnings.filterwarnings("ignore", message="No application metrics to publish")

#: who calls, as CloudTrail shows it; boto3 would put a longer one together twice in each call
USER_AGENT: Final = f"signin-notifier Boto3/{boto3.__version__}"

#: a sign-in waits for these calls: one second each, and one more try
PROMPT: Final = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
    user_agent=USER_AGENT,
    # Of our own making, and checked by AWS too: to check each member first takes a tenth of a call.
    parameter_validation=False,
)

#: other writers of the same item take milliseconds
RETRY: Final = ConflictRetry(sleep=time.sleep, jitter=secrets.SystemRandom().random)

#: a Lambda handler: the event and the context in, the answer out
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


def keys(settings: Settings) -> Keys:
    """Wire the keys of the doors that people and programs call."""
    return Keys(
        boto3.client("secretsmanager", config=PROMPT),
        secrets={
            Role.PRODUCER: settings.producer_key_secret_arn,
            Role.ADMIN: settings.admin_key_secret_arn,
        },
        clock=now_ms,
    )


def job_queue(settings: Settings) -> JobQueue:
    """Wire the queue of jobs."""
    return JobQueue(boto3.client("sqs", config=PROMPT), queue_url=settings.queue_url)


def report_links(settings: Settings) -> ReportLinks:
    """Wire the links of "this wasn't me"."""
    secret = RotatingSecret(
        boto3.client("secretsmanager", config=PROMPT),
        secret_id=settings.link_key_secret_arn,
        clock=now_ms,
    )
    return ReportLinks(secret, origin=settings.public_url, clock=now_ms)


def reports(table: "DynamoDBClient", settings: Settings) -> ReportsOfJobs:
    """Wire the reports of sign-ins."""
    return ReportsOfJobs(
        table,
        table_name=settings.table_name,
        retention_days=settings.retention_days,
        retry=RETRY,
    )


def default_bus(settings: Settings) -> DefaultBus:
    """Wire the bus on which the application hears of reports."""
    return DefaultBus(boto3.client("events", config=PROMPT), stage=settings.stage)


def hourly_counters(table: "DynamoDBClient", settings: Settings) -> HourlyCounters:
    """Wire the counters of each hour."""
    return HourlyCounters(
        table, table_name=settings.table_name, retention_days=settings.retention_days
    )


def now_ms() -> int:
    """Return the time, in UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000
