"""What became of mails, on the rows of their jobs."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from functions.adapters.dynamodb.conflicts import ConditionFailed, ConflictRetry
from functions.adapters.dynamodb.items import job_key
from functions.domain.feedback import RANK, DeliveryEvent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: one write: an event that is outranked has nothing to add to what the higher one set
_SET: Final = "SET delivery = :delivery, deliveryRank = :rank, wentOut = :true"
_HIGHER: Final = (
    "attribute_exists(pk) AND (attribute_not_exists(deliveryRank) OR deliveryRank < :rank)"
)


class Recorded(StrEnum):
    """What an event changed."""

    WRITTEN = "written"
    OUTRANKED = "outranked"
    NO_SUCH_JOB = "no such job"


class Deliveries:
    """The provider's side of the table."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str, retry: ConflictRetry) -> None:
        self._client = client
        self._table_name = table_name
        self._retry = retry

    def record(self, event: DeliveryEvent) -> Recorded:
        """Write what the event tells if its job exists and no later word stands.

        Raises:
            Unavailable: whether it was written is unknown; to write it again is harmless.
        """
        try:
            self._retry.write(
                self._client.update_item,
                TableName=self._table_name,
                Key=job_key(event.job_id),
                UpdateExpression=_SET,
                ConditionExpression=_HIGHER,
                ExpressionAttributeValues={
                    ":delivery": {"S": event.delivery},
                    ":rank": {"N": str(RANK[event.delivery])},
                    ":true": {"BOOL": True},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as error:
            return Recorded.OUTRANKED if error.item else Recorded.NO_SUCH_JOB
        return Recorded.WRITTEN
