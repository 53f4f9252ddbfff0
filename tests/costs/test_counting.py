"""What was counted is what the functions ask today."""

import subprocess
import sys

import pytest

from costs.capacity import Index
from costs.facts import ALONE, COUNTED, FULL
from costs.ledger import Counting
from infra.config import ROOT

INDEX = Index(partition="part", sort="sort", projected=frozenset({"pk", "part", "sort"}))


def test_the_committed_counts_are_those_of_the_functions_and_of_the_stack():
    # by itself: the doors read the environment and make their clients when they are imported
    counted = subprocess.run(
        [sys.executable, "-m", "costs.counting"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    assert counted.stdout == COUNTED.read_text(encoding="utf-8"), "run `make cost`"


def test_a_notice_asks_the_calls_that_it_needs_and_no_more(facts):
    assert facts.accept.all_calls == 2
    assert facts.deliver(ALONE).all_calls == 4
    # of a full batch, the hour's counters are written once
    assert facts.deliver(FULL).all_calls == 3 * FULL + 1
    assert [one.all_calls for one in facts.tell(FULL)] == [FULL, FULL]


def test_an_acceptance_is_charged_double_for_both_rows_and_for_the_index(facts):
    assert facts.accept.table_writes == 2 * 2
    assert facts.accept.index_writes == {"enqueued": 2}


def test_a_delivery_moves_the_job_in_the_index_and_takes_it_out(facts):
    assert facts.deliver(ALONE).index_writes == {"enqueued": 1, "processing": 2}


def test_what_is_not_metered_is_not_passed_over(table):
    name = "signin-notifier-jobs"
    client = Counting(_Session(table), index=INDEX).client("dynamodb")
    with pytest.raises(NotImplementedError, match="Scan"):
        client.scan(TableName=name)
    table.put_item(TableName=name, Item={"pk": {"S": "a"}})
    with pytest.raises(NotImplementedError, match="a query that finds rows"):
        client.query(
            TableName=name,
            KeyConditionExpression="pk = :a",
            ExpressionAttributeValues={":a": {"S": "a"}},
        )


class _Session:
    def __init__(self, client):
        self._client = client

    def client(self, service):
        return self._client
