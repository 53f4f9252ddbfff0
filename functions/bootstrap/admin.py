"""What the operators' door needs."""

from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.dead_letters import DeadLetters
from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.dynamodb.states import JobStates
from functions.adapters.event_source import EventSource
from functions.adapters.keys import Keys
from functions.adapters.sqs import JobQueue
from functions.bootstrap.shared import (
    PROMPT,
    RETRY,
    hourly_counters,
    job_queue,
    keys,
    now_ms,
    reports,
)
from functions.domain.ports import Clock, JobMoves, Reports
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminParts:
    """What the operators' door needs."""

    keys: Keys
    dead_letters: DeadLetters
    reader: JobsById
    reports: Reports
    jobs: JobMoves
    queue: JobQueue
    counters: HourlyCounters
    states: JobStates
    worker_source: EventSource
    clock: Clock
    logger: Logger
    metrics: Metrics


def admin_parts(settings: Settings) -> AdminParts:
    """Wire the operators' door."""
    table = boto3.client("dynamodb", config=PROMPT)
    return AdminParts(
        keys=keys(settings),
        dead_letters=DeadLetters(table, table_name=settings.table_name),
        reader=JobsById(table, table_name=settings.table_name),
        reports=reports(table, settings),
        jobs=MovableJobs(table, table_name=settings.table_name, retry=RETRY),
        queue=job_queue(settings),
        counters=hourly_counters(table, settings),
        states=JobStates(table, table_name=settings.table_name),
        worker_source=EventSource(
            boto3.client("lambda", config=PROMPT),
            mapping_id=settings.worker_event_source_mapping_id,
        ),
        clock=now_ms,
        logger=Logger(),
        metrics=Metrics(),
    )
