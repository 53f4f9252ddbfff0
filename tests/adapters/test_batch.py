"""Many items in one call, which DynamoDB may answer in parts."""

import pytest

from functions.adapters.dynamodb.batch import batch_get
from functions.domain.errors import Unavailable

KEYS = [{"pk": {"S": f"row-{n}"}} for n in range(5)]


class InParts:
    """A table that answers for `part` keys at a time and leaves the rest unprocessed."""

    def __init__(self, part):
        self._part = part
        self.calls = 0

    def batch_get_item(self, *, RequestItems):  # noqa: N803 - as the client names it
        self.calls += 1
        [(table, request)] = RequestItems.items()
        now, later = request["Keys"][: self._part], request["Keys"][self._part :]
        return {
            "Responses": {table: now} if now else {},
            "UnprocessedKeys": {table: {"Keys": later}} if later else {},
        }


@pytest.mark.parametrize(("part", "calls"), [(5, 1), (2, 3), (1, 5)])
def test_the_rest_of_an_answer_is_asked_for(part, calls):
    table = InParts(part)
    assert batch_get(table, "jobs", KEYS) == KEYS
    assert table.calls == calls


def test_a_table_that_leaves_everything_for_later_is_unavailable():
    table = InParts(0)
    with pytest.raises(Unavailable):
        batch_get(table, "jobs", KEYS)
    assert table.calls == 5


def test_nobody_is_asked_for_no_keys():
    table = InParts(5)
    assert batch_get(table, "jobs", []) == []
    assert table.calls == 0
