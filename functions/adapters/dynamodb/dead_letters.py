"""The dead jobs, newest first, a page at a time from the sparse index."""

import base64
import heapq
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from functions.adapters.dynamodb.in_time import in_time
from functions.adapters.dynamodb.items import INDEX, SHARDS, order, plain
from functions.domain.errors import Invalid
from functions.domain.model import DeadLetter, ErrorClass, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: a page ends early after this many rows that a filter turned down; its cursor goes on from there
MAX_ROWS_EXAMINED: Final = 2_000
_MAX_MS: Final = 10**13 - 1
_POSITION = re.compile(r"\d{13}#[\x21-\x7e]{1,256}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetterFilter:
    """Which dead jobs; None admits all. `since_ms` is included, `until_ms` is not."""

    error_class: ErrorClass | None = None
    error_type: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None

    @property
    def admits_all(self) -> bool:
        """Whether the letters' class and type are all the same to it."""
        return self.error_class is None and self.error_type is None

    def admits(self, letter: DeadLetter) -> bool:
        """Tell whether the letter's class and type are asked for."""
        return self.error_class in {None, letter.error_class} and self.error_type in {
            None,
            letter.error_type,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetterPage:
    """Some dead jobs; `next_cursor` is None after the last."""

    letters: tuple[DeadLetter, ...]
    next_cursor: str | None


class DeadLetters:
    """The operators' view of the table."""

    def __init__(self, client: "DynamoDBClient", *, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def page(
        self, wanted: DeadLetterFilter, *, limit: int, cursor: str | None, now_ms: int
    ) -> DeadLetterPage:
        """Return at most `limit` dead jobs behind `cursor`, an earlier page's `next_cursor`.

        Raises:
            Invalid: the cursor is damaged.
            Unavailable: no answer in time.
        """
        low = order(_sortable(wanted.since_ms or 0))
        # ":" sorts right behind the digits: past any position.
        high = order(_MAX_MS) + ":"
        if wanted.until_ms is not None:
            high = order(_sortable(wanted.until_ms))
        if cursor is not None:
            high = min(high, _position_of(cursor))
        if low > high:
            return DeadLetterPage(letters=(), next_cursor=None)
        # What a filter turns down is read in large pages: calls take longer than items.
        page_size = max(8, (limit // 8) if wanted.admits_all else MAX_ROWS_EXAMINED // SHARDS)
        rows = heapq.merge(
            *(
                self._shard(number, low=low, high=high, page_size=page_size)
                for number in range(SHARDS)
            ),
            key=lambda row: row["stateOrder"],
            reverse=True,
        )
        letters: list[DeadLetter] = []
        position = high
        for examined, row in enumerate(row for row in rows if row["stateOrder"] != high):
            if len(letters) == limit or examined == MAX_ROWS_EXAMINED:
                return DeadLetterPage(letters=tuple(letters), next_cursor=_cursor_at(position))
            position = row["stateOrder"]
            letter = _letter(row)
            # A row past its time to live counts as gone, purged or not.
            if wanted.admits(letter) and row["expiresAt"] * 1000 > now_ms:
                letters.append(letter)
        return DeadLetterPage(letters=tuple(letters), next_cursor=None)

    def _shard(
        self, number: int, *, low: str, high: str, page_size: int
    ) -> Iterator[Mapping[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table_name,
            "IndexName": INDEX,
            "KeyConditionExpression": "stateShard = :shard AND stateOrder BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":shard": {"S": f"{Status.DLQ}#{number:02d}"},
                ":low": {"S": low},
                ":high": {"S": high},
            },
            "ScanIndexForward": False,
            "Limit": page_size,
        }
        while True:
            with in_time():
                answer = self._client.query(**request)
            yield from (plain(item) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _sortable(ms: int) -> int:
    """Return the nearest time whose thirteen digits sort like the time itself."""
    return max(0, min(ms, _MAX_MS))


def _letter(row: Mapping[str, Any]) -> DeadLetter:
    return DeadLetter(
        job_id=row["pk"],
        error=row["error"],
        error_class=ErrorClass(row["errorClass"]),
        error_type=row["errorType"],
        attempt_count=int(row["attemptCount"]),
        created_at_ms=int(row["createdAtMs"]),
        processed_at_ms=int(row["processedAtMs"]),
        recipient_masked=row["recipientMasked"],
        may_have_left=row["unknownOutcomes"] > 0,
    )


def _cursor_at(position: str) -> str:
    raw = position.encode()
    return base64.urlsafe_b64encode(zlib.crc32(raw).to_bytes(4) + raw).decode().rstrip("=")


def _position_of(cursor: str) -> str:
    damaged = Invalid("The cursor is damaged; start again without one.")
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        checksum, position = decoded[:4], decoded[4:].decode("ascii")
    except ValueError:
        raise damaged from None
    if checksum != zlib.crc32(decoded[4:]).to_bytes(4) or not _POSITION.fullmatch(position):
        raise damaged
    return position
