"""The published figures are those that were measured, and a missed target says why."""

import json

import pytest

from bench import published, table
from bench.figures import Figure, Target

RESULTS = json.loads(published.RESULTS.read_text(encoding="utf-8"))["figures"]


def test_what_is_published_is_what_was_measured():
    for path, content in published.published().items():
        assert path.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("record", RESULTS, ids=lambda record: record["name"])
def test_a_missed_target_has_a_reason_and_a_next_idea(record):
    assert ("Next: " in table.reasons([table.restored(record)])) == record["missed"]


def test_a_missed_target_without_a_reason_is_an_error():
    missed = Figure(name="a.b", what="a", unit="ms", runs=[1.0] * 5, target=Target("<=", 0))
    with pytest.raises(KeyError, match=r"a\.b"):
        table.reasons([missed])


@pytest.mark.parametrize("record", RESULTS, ids=lambda record: record["name"])
def test_a_figure_of_the_results_can_be_read_back(record):
    assert table.record(table.restored(record)) == record


@pytest.mark.parametrize("counts", ["median", "highest"])
@pytest.mark.parametrize("target", [None, Target("<=", 97.99999999999999), Target("=", 2)])
def test_any_figure_can_be_written_and_read_back(target, counts):
    figure = Figure(
        name="a.b", what="a", unit="ms", runs=[1.0, 2, 3, 4, 9], target=target, counts=counts
    )
    assert table.restored(json.loads(json.dumps(table.record(figure)))) == figure


def test_memory_that_grew_once_misses_its_target():
    grown = Figure(
        name="a.b",
        what="a",
        unit="MB",
        runs=[0, 0, 0, 3, 3],
        target=Target("<=", 2),
        counts="highest",
    )
    assert grown.missed
