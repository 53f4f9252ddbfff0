"""Many items in one call."""

from typing import TYPE_CHECKING, Any, Final

from functions.adapters.dynamodb.in_time import in_time
from functions.domain.errors import Unavailable

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
MAX_KEYS: Final = 100
#: 16 MB, or a partition's throughput, may end an answer early: the rest is asked for again
_ANSWERS: Final = 5


def batch_get(
    client: "DynamoDBClient",
    table_name: str,
    keys: list[dict[str, Any]],
    *,
    consistent: bool = False,
) -> list[dict[str, Any]]:
    """Return those of at most `MAX_KEYS` items that there are, in any order.

    Raises:
        Unavailable: no answer in time, or only for a part of the keys.
    """
    items: list[dict[str, Any]] = []
    for _ in range(_ANSWERS):
        if not keys:
            return items
        with in_time():
            answer: Any = client.batch_get_item(
                RequestItems={table_name: {"Keys": keys, "ConsistentRead": consistent}}
            )
        items += answer["Responses"].get(table_name, [])
        keys = answer["UnprocessedKeys"].get(table_name, {}).get("Keys", [])
    if keys:
        raise Unavailable("The table answers for a part of the keys only.")
    return items
