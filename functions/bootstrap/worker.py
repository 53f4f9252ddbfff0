"""What SQS's door needs."""

import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr
from functools import partial
from typing import Final

import boto3
from aws_lambda_powertools import Logger, Metrics
from botocore.config import Config

from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.log import LogMailer
from functions.adapters.pace import Pace
from functions.adapters.redirect import Redirect
from functions.adapters.ses import SesMailer
from functions.adapters.simulator import Simulator
from functions.adapters.sqs import JobQueue
from functions.adapters.templates import Templates
from functions.bootstrap.shared import (
    PROMPT,
    RETRY,
    USER_AGENT,
    hourly_counters,
    job_queue,
    now_ms,
    report_links,
)
from functions.domain.ports import Clock, Mailer, Renderer
from functions.domain.statistics import CountedMoves
from functions.settings import Settings

#: SES has no idempotency token, so nobody but the job's own attempts may try again
ONCE: Final = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"total_max_attempts": 1},
    tcp_keepalive=True,
    user_agent=USER_AGENT,
)
#: what clocks of functions may differ by, and then some
_LEASE_MARGIN_MS: Final = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerParts:
    """What SQS's door needs."""

    jobs: CountedMoves
    counters: HourlyCounters
    queue: JobQueue
    renderer: Renderer
    mailer: Mailer
    clock: Clock
    pace: Pace
    new_fence: Callable[[], str]
    lease_ms: int
    logger: Logger
    metrics: Metrics


def worker_parts(settings: Settings) -> WorkerParts:
    """Wire SQS's door."""
    logger = Logger()
    table = boto3.client("dynamodb", config=PROMPT)
    return WorkerParts(
        jobs=CountedMoves(MovableJobs(table, table_name=settings.table_name, retry=RETRY)),
        counters=hourly_counters(table, settings),
        queue=job_queue(settings),
        renderer=Templates(
            brand_name=settings.brand_name,
            brand_color=settings.brand_color,
            support_address=settings.support_address,
            security_page_url=settings.security_page_url,
            report_link=report_links(settings).link,
            default_locale=settings.default_locale,
            default_time_zone=settings.default_time_zone,
        ),
        mailer=_mailer(settings, logger),
        clock=now_ms,
        pace=Pace(
            interval_s=settings.send_interval_ms / 1000, clock_s=time.monotonic, sleep=time.sleep
        ),
        new_fence=lambda: uuid.uuid4().hex,
        lease_ms=settings.worker_timeout_seconds * 1000 + _LEASE_MARGIN_MS,
        logger=logger,
        metrics=Metrics(),
    )


def _mailer(settings: Settings, logger: Logger) -> Mailer:
    mailer = _transport(settings, logger)
    if settings.stage == "dev":
        mailer = Redirect(
            mailer,
            stage=settings.stage,
            allowlist=settings.mail_allowlist,
            sink=settings.mail_sink,
        )
    if settings.simulator:
        mailer = Simulator(mailer, die=partial(os._exit, 1))
    return mailer


def _transport(settings: Settings, logger: Logger) -> Mailer:
    sender = formataddr((settings.brand_name, settings.mail_sender))
    match settings.mail_transport:
        case "ses":
            return SesMailer(
                boto3.client("sesv2", config=ONCE),
                sender=sender,
                configuration_set=settings.configuration_set,
            )
        case "smtp":
            # A cold start compiles what it imports, and most stages never speak SMTP.
            from functions.bootstrap.smtp import smtp_mailer  # noqa: PLC0415

            return smtp_mailer(settings, sender=sender)
        case "log":
            return LogMailer(logger)
