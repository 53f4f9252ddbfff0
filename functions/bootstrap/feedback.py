"""What SES's door needs."""

from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.deliveries import Deliveries
from functions.bootstrap.shared import PROMPT, RETRY
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackParts:
    """What SES's door needs."""

    deliveries: Deliveries
    logger: Logger
    metrics: Metrics


def feedback_parts(settings: Settings) -> FeedbackParts:
    """Wire SES's door."""
    return FeedbackParts(
        deliveries=Deliveries(
            boto3.client("dynamodb", config=PROMPT), table_name=settings.table_name, retry=RETRY
        ),
        logger=Logger(),
        metrics=Metrics(),
    )
