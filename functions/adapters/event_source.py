"""Whether SQS feeds the worker, which operators can pause."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailure

from functions.domain.errors import Unavailable

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


class SourceState(StrEnum):
    """Whether messages reach the worker."""

    RUNNING = "running"
    PAUSED = "paused"
    CHANGING = "changing"


#: every other state is on its way to one of these
#: https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
_AT_REST: Final = {"Enabled": SourceState.RUNNING, "Disabled": SourceState.PAUSED}


class EventSource:
    """The worker's event source mapping."""

    def __init__(self, client: "LambdaClient", *, mapping_id: str) -> None:
        self._client = client
        self._mapping_id = mapping_id

    def state(self) -> SourceState:
        """Return how the mapping stands.

        Raises:
            Unavailable: Lambda did not answer in time, or would not now.
        """
        try:
            mapping = self._client.get_event_source_mapping(UUID=self._mapping_id)
        except (ConnectionFailure, HTTPClientError) as error:
            raise Unavailable("Lambda did not answer in time.") from error
        except ClientError as error:
            answered = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if answered == 429 or answered >= 500:  # noqa: PLR2004
                raise Unavailable("Lambda does not take the request now.") from error
            raise
        return _AT_REST.get(mapping["State"], SourceState.CHANGING)
