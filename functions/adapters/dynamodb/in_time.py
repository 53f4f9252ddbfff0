"""How the table's refusals and silences reach the domain."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailure

from functions.domain.errors import Unavailable

#: codes that mean "not now" and say nothing about the request
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
NOT_NOW = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)


@contextmanager
def in_time() -> Iterator[None]:
    """Raise `Unavailable` where the table did not answer in time, or would not now."""
    try:
        yield
    except (ConnectionFailure, HTTPClientError) as error:
        raise Unavailable("The table did not answer in time.") from error
    except ClientError as error:
        answered = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if error.response["Error"]["Code"] in NOT_NOW or answered >= 500:  # noqa: PLR2004
            raise Unavailable("The table does not take the request now.") from error
        raise
