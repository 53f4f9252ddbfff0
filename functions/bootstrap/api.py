"""What the auth flow's door needs."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.keys import Keys
from functions.adapters.sqs import JobQueue
from functions.bootstrap.shared import PROMPT, RETRY, hourly_counters, job_queue, keys, now_ms
from functions.domain.ports import Clock
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiParts:
    """What the auth flow's door needs."""

    keys: Keys
    acceptance: JobAcceptance
    reader: JobsById
    queue: JobQueue
    counters: HourlyCounters
    clock: Clock
    random_bits: Callable[[], int]
    trusted_proxies: int
    logger: Logger
    metrics: Metrics


def api_parts(settings: Settings) -> ApiParts:
    """Wire the auth flow's door."""
    table = boto3.client("dynamodb", config=PROMPT)
    return ApiParts(
        keys=keys(settings),
        acceptance=JobAcceptance(
            table,
            table_name=settings.table_name,
            retention_days=settings.retention_days,
            retry=RETRY,
            new_token=lambda: str(uuid.uuid4()),
        ),
        reader=JobsById(table, table_name=settings.table_name),
        queue=job_queue(settings),
        counters=hourly_counters(table, settings),
        clock=now_ms,
        random_bits=lambda: secrets.randbits(74),
        trusted_proxies=settings.trusted_proxies,
        logger=Logger(),
        metrics=Metrics(),
    )
