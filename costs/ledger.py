"""Clients that count what they are asked, and what DynamoDB would charge for it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from costs.capacity import Index, Item, read_units, size, write_units

#: each item of a transaction is written twice, to prepare and to commit. AWS's page says so of
#: rows; of the index it says nothing, so that double is the upper bound.
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
_TRANSACTION: Final = 2


@dataclass(kw_only=True)
class Ledger:
    """What was asked since it was opened."""

    #: by service and operation: `dynamodb.UpdateItem`
    calls: Counter[str] = field(default_factory=Counter)
    table_writes: float = 0
    #: by the state whose partition of the index was written: `enqueued`
    index_writes: Counter[str] = field(default_factory=Counter)
    reads: float = 0


class Counting:
    """A session whose clients keep a ledger, one call at a time."""

    def __init__(self, session: Any, *, index: Index) -> None:
        self._session = session
        self._index = index
        self._lock = Lock()
        self.ledger = Ledger()

    def client(self, service: str, **options: Any) -> "CountingClient":
        """Return a client that counts."""
        return CountingClient(self, service, self._session.client(service, **options))

    def open(self) -> Ledger:
        """Begin a new ledger and return it."""
        self.ledger = Ledger()
        return self.ledger

    def call(
        self, service: str, operation: str, client: Any, call: Callable[..., Any], request: Any
    ) -> Any:
        """Make a call and enter it."""
        with self._lock:
            self.ledger.calls[f"{service}.{operation}"] += 1
            if service != "dynamodb":
                return call(**request)
            return self._metered(operation, client, call, request)

    def _metered(
        self, operation: str, client: Any, call: Callable[..., Any], request: dict[str, Any]
    ) -> Any:
        match operation:
            case "TransactWriteItems":
                writes = [part for item in request["TransactItems"] for part in item.values()]
                return self._write(writes, _TRANSACTION, client, call, request)
            case "UpdateItem" | "PutItem":
                return self._write([request], 1, client, call, request)
            case "GetItem":
                answer = call(**request)
                consistent = request.get("ConsistentRead", False)
                self.ledger.reads += read_units(size(answer.get("Item", {})), consistent=consistent)
                return answer
            case "Query":
                answer = call(**request)
                if answer["Count"]:
                    raise NotImplementedError("a query that finds rows is not metered")
                self.ledger.reads += read_units(0, consistent=False)
                return answer
        raise NotImplementedError(f"{operation} is not metered")

    def _write(
        self,
        writes: list[dict[str, Any]],
        factor: int,
        client: Any,
        call: Callable[..., Any],
        request: dict[str, Any],
    ) -> Any:
        before = [_row(client, write) for write in writes]
        answer = call(**request)
        for write, old in zip(writes, before, strict=True):
            new = _row(client, write)
            self.ledger.table_writes += factor * write_units(old, new)
            for partition, units in self._index.write_units(old, new).items():
                self.ledger.index_writes[partition.partition("#")[0]] += factor * units
        return answer


class CountingClient:
    """A client like any other."""

    def __init__(self, counting: Counting, service: str, client: Any) -> None:
        self._counting = counting
        self._service = service
        self._client = client

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        operation = self._client.meta.method_to_api_mapping.get(name)
        if operation is None:
            return attribute

        def call(**request: Any) -> Any:
            return self._counting.call(self._service, operation, self._client, attribute, request)

        return call


def _row(client: Any, write: Mapping[str, Any]) -> Item:
    key = write["Key"] if "Key" in write else {"pk": write["Item"]["pk"]}
    answer = client.get_item(TableName=write["TableName"], Key=key, ConsistentRead=True)
    item: Item = answer.get("Item", {})
    return item
