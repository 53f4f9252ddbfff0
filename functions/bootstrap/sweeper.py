"""What the clock's door needs."""

from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.hours import HourlyCounters
from functions.adapters.dynamodb.moves import MovableJobs
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.dynamodb.repairs import Repairs
from functions.adapters.dynamodb.reports import ReportsOfJobs
from functions.adapters.dynamodb.states import JobStates
from functions.adapters.sqs import DeadLetterQueue, JobQueue
from functions.bootstrap.shared import (
    PROMPT,
    RETRY,
    default_bus,
    hourly_counters,
    now_ms,
    reports,
)
from functions.domain.ports import Clock, EventBus
from functions.domain.statistics import CountedMoves
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class SweeperParts:
    """What the clock's door needs."""

    repairs: Repairs
    reports: ReportsOfJobs
    bus: EventBus
    reader: JobsById
    jobs: CountedMoves
    counters: HourlyCounters
    states: JobStates
    queue: JobQueue
    dead_letters: DeadLetterQueue
    clock: Clock
    logger: Logger
    metrics: Metrics


def sweeper_parts(settings: Settings) -> SweeperParts:
    """Wire the clock's door."""
    table = boto3.client("dynamodb", config=PROMPT)
    queues = boto3.client("sqs", config=PROMPT)
    return SweeperParts(
        repairs=Repairs(
            table,
            table_name=settings.table_name,
            retention_days=settings.retention_days,
            retry=RETRY,
        ),
        reports=reports(table, settings),
        bus=default_bus(settings),
        reader=JobsById(table, table_name=settings.table_name),
        jobs=CountedMoves(MovableJobs(table, table_name=settings.table_name, retry=RETRY)),
        counters=hourly_counters(table, settings),
        states=JobStates(table, table_name=settings.table_name),
        queue=JobQueue(queues, queue_url=settings.queue_url),
        dead_letters=DeadLetterQueue(queues, queue_url=settings.dead_letter_queue_url),
        clock=now_ms,
        logger=Logger(),
        metrics=Metrics(),
    )
