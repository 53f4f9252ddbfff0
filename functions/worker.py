"""SQS's door: one batch in, the messages that stay on the queue out."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    AsyncBatchProcessor,
    EventType,
    async_process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.sqs import parse_message
from functions.bootstrap.shared import Handler
from functions.bootstrap.worker import WorkerParts, worker_parts
from functions.domain.deliver import (
    Completed,
    Dead,
    NotRendered,
    Outcome,
    OutOfReach,
    Parked,
    Retrying,
    comes_back_after_s,
    deliver,
)
from functions.domain.errors import Unavailable
from functions.domain.failure import stack_of
from functions.domain.model import Job, Message
from functions.settings import Settings
from functions.tallying import write_counters

#: the event source's batch size: all of a batch go side by side
BATCH_SIZE: Final = 10


class StaysOnQueue(Exception):
    """The message is not done; SQS shows it again when its visibility timeout ends."""


@dataclass(frozen=True, slots=True)
class NoJob:
    """The message is none of ours; it fails on to the dead-letter queue."""


def build(parts: WorkerParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    processor = AsyncBatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    threads = ThreadPoolExecutor(max_workers=BATCH_SIZE)

    async def take(record: SQSRecord) -> None:
        run = asyncio.get_running_loop().run_in_executor
        message = parse_message(record.body)
        about: dict[str, Any] = {
            "job_id": message and message.job_id,
            "message_id": record.message_id,
        }
        outcome = await run(threads, _deliver, message, parts)
        _report(outcome, about, parts)
        wait_s = 0 if isinstance(outcome, NoJob) else comes_back_after_s(outcome)
        if wait_s is not None:
            try:
                await run(
                    threads, partial(parts.queue.put_off, record.receipt_handle, wait_s=wait_s)
                )
            except Unavailable:
                parts.logger.warning("message not put off", **about)
            raise StaysOnQueue

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        answer = async_process_partial_response(
            event=event, record_handler=take, processor=processor, context=context
        )
        write_counters(
            parts.jobs.take(), counters=parts.counters, logger=parts.logger, metrics=parts.metrics
        )
        return {**answer}

    return handler


def _deliver(message: Message | None, parts: WorkerParts) -> Outcome | NoJob:
    if message is None:
        return NoJob()
    # Before the claim: a lease is for sending, not for waiting.
    parts.pace.wait()
    try:
        return deliver(
            message,
            jobs=parts.jobs,
            renderer=parts.renderer,
            mailer=parts.mailer,
            clock=parts.clock,
            fence=parts.new_fence(),
            lease_ms=parts.lease_ms,
        )
    except Exception as error:  # noqa: BLE001 - one record's fault is not its batch's
        # Never the message: it may name an address.
        parts.logger.error(
            "delivery failed unforeseen",
            job_id=message.job_id,
            error_type=type(error).__name__,
            frames=stack_of(error),
        )
        parts.metrics.add_metric(name="DeliveryFailed", unit=MetricUnit.Count, value=1)
        raise StaysOnQueue from None


def _report(outcome: Outcome | NoJob, about: dict[str, Any], parts: WorkerParts) -> None:
    logger, metrics = parts.logger, parts.metrics
    match outcome:
        case Completed(job=job):
            elapsed_ms = (job.processed_at_ms or 0) - job.run_began_at_ms
            logger.info("job completed", **_facts(job), elapsed_ms=elapsed_ms)
            metrics.add_metric(name="Completed", unit=MetricUnit.Count, value=1)
            metrics.add_metric(name="EnqueueToSent", unit=MetricUnit.Milliseconds, value=elapsed_ms)
        case Retrying(job=job):
            logger.warning("job retrying", **_facts(job), wait_s=outcome.wait_s)
            metrics.add_metric(name="Retried", unit=MetricUnit.Count, value=1)
        case Parked(job=job):
            logger.error("job parked", **_facts(job))
            metrics.add_metric(name="Parked", unit=MetricUnit.Count, value=1)
        case Dead(job=job, now=True):
            logger.error("job dead", **_facts(job))
            metrics.add_metric(name="Dead", unit=MetricUnit.Count, value=1)
        case NoJob():
            logger.error("message is no job", **about)
        case OutOfReach():
            logger.warning("table out of reach", **about)
        case NotRendered():
            logger.error("signing key out of reach", **about)
            metrics.add_metric(name="SigningKeyOutOfReach", unit=MetricUnit.Count, value=1)
        case _:
            logger.info("message has no attempt to make", **about, reason=type(outcome).__name__)


def _facts(job: Job) -> dict[str, Any]:
    failure = job.last_failure
    return {
        "job_id": job.job_id,
        "run": job.run,
        "attempt": job.attempt_count,
        "error_class": failure and failure.error_class,
        "error_type": failure and failure.error_type,
    }


handler = build(worker_parts(Settings.from_environment(os.environ)))
