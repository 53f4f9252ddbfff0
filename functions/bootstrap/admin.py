"""What the operators' door needs."""

from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.dead_letters import DeadLetters
from functions.adapters.event_source import EventSource
from functions.adapters.keys import Keys
from functions.bootstrap.shared import PROMPT, keys, now_ms
from functions.domain.ports import Clock
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminParts:
    """What the operators' door needs."""

    keys: Keys
    dead_letters: DeadLetters
    worker_source: EventSource
    clock: Clock
    logger: Logger
    metrics: Metrics


def admin_parts(settings: Settings) -> AdminParts:
    """Wire the operators' door."""
    return AdminParts(
        keys=keys(settings),
        dead_letters=DeadLetters(
            boto3.client("dynamodb", config=PROMPT), table_name=settings.table_name
        ),
        worker_source=EventSource(
            boto3.client("lambda", config=PROMPT),
            mapping_id=settings.worker_event_source_mapping_id,
        ),
        clock=now_ms,
        logger=Logger(),
        metrics=Metrics(),
    )
