"""SES's door: what became of the mails, through SNS and SQS."""

import os
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.dynamodb.deliveries import Recorded
from functions.adapters.ses_events import parse_event, says_topic_is_valid
from functions.bootstrap.feedback import FeedbackParts, feedback_parts
from functions.bootstrap.shared import Handler
from functions.domain.model import Delivery
from functions.settings import Settings

#: what operators watch: SES itself ends a sender whose mails bounce or annoy
_METRICS = {Delivery.BOUNCED_HARD: "BouncedHard", Delivery.COMPLAINED: "Complained"}


def build(parts: FeedbackParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def take(record: SQSRecord) -> None:
        if says_topic_is_valid(record.body):
            parts.logger.info("topic validated", message_id=record.message_id)
            return
        try:
            event = parse_event(record.body)
            recorded = parts.deliveries.record(event)
        except Exception as error:
            # It comes back, and in the end lands in this queue's own dead-letter queue.
            # Never its message: it may name an address.
            parts.logger.warning(
                "event not taken", message_id=record.message_id, error_type=type(error).__name__
            )
            raise
        parts.logger.info(
            "delivery told", job_id=event.job_id, delivery=event.delivery, recorded=recorded
        )
        if recorded is Recorded.WRITTEN and event.delivery in _METRICS:
            parts.metrics.add_metric(name=_METRICS[event.delivery], unit=MetricUnit.Count, value=1)

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        answer = process_partial_response(
            event=event, record_handler=take, processor=processor, context=context
        )
        return {**answer}

    return handler


handler = build(feedback_parts(Settings.from_environment(os.environ)))
