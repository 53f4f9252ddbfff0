"""Writing among others: DynamoDB refuses to write an item inside a running transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from functions.adapters.dynamodb.in_time import in_time
from functions.domain.errors import Unavailable

_TRIES: Final = 4
#: half of the longest first wait; each further one is twice as long
_WAIT_S: Final = 0.02


class ConditionFailed(Exception):
    """The item does not stand as its writer has demanded; nothing was written."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        """Take the item as it stands; None if there is none, or nobody asked for it."""
        super().__init__()
        self.item = item


@dataclass(frozen=True, kw_only=True, slots=True)
class ConflictRetry:
    """Tries again what met somebody else's transaction; botocore itself does not.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
    """

    sleep: Callable[[float], None]
    #: chance, in 0..1
    jitter: Callable[[], float]

    def tries(self) -> Iterator[None]:
        """Yield once for each try, and wait between them."""
        for attempt in range(_TRIES):
            if attempt:
                self.sleep(_WAIT_S * 2**attempt * self.jitter())
            yield

    def write(self, operation: Callable[..., Any], **request: Any) -> Any:
        """Write one item, with the same parameters at each try.

        Raises:
            ConditionFailed: the request has a condition, and it does not hold.
            Unavailable: no answer in time, or conflicts without end.
        """
        conflict: ClientError | None = None
        for _ in self.tries():
            try:
                with in_time():
                    return operation(**request)
            except ClientError as error:
                match error.response["Error"]["Code"]:
                    case "TransactionConflictException":
                        conflict = error
                    case "ConditionalCheckFailedException":
                        item: Any = error.response.get("Item")
                        raise ConditionFailed(item) from error
                    case _:
                        raise
        raise Unavailable("Others write the same item all the time.") from conflict
