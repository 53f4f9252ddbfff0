"""What DynamoDB charges a row for."""

import pytest

from costs.capacity import Index, read_units, size, write_units

INDEX = Index(partition="part", sort="sort", projected=frozenset({"pk", "part", "sort", "seen"}))


def row(**more):
    return {"pk": {"S": "a"}, **{name: {"S": value} for name, value in more.items()}}


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [
        ({"S": "Дорж"}, 8),
        ({"N": "7"}, 2),
        ({"N": "1766127600123"}, 8),
        ({"N": "1000"}, 2),
        ({"N": "-12"}, 3),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 9),
        ({"M": {"ab": {"S": "cd"}}}, 8),
    ],
)
def test_a_value_has_the_size_that_aws_documents(value, bytes_):
    assert size({"name": value}) == len("name") + bytes_


def test_a_type_whose_size_nobody_looked_up_is_refused():
    with pytest.raises(ValueError, match="type SS"):
        size({"name": {"SS": ["a"]}})


def test_a_write_is_charged_by_the_larger_row_and_the_begun_kilobyte():
    assert write_units({}, row()) == 1
    assert write_units(row(more="x" * 1_100), row()) == 2


def test_a_read_is_charged_by_four_kilobytes_and_half_if_it_may_be_late():
    assert read_units(0, consistent=False) == 0.5
    assert read_units(4_097, consistent=True) == 2


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (row(), row(more="x"), {}),
        ({}, row(part="open#1", sort="1"), {"open#1": 1}),
        (row(part="open#1", sort="1"), row(), {"open#1": 1}),
        (row(part="open#1", sort="1"), row(part="open#1", sort="1", more="x"), {}),
        (row(part="open#1", sort="1"), row(part="open#1", sort="1", seen="x"), {"open#1": 1}),
        (row(part="open#1", sort="1"), row(part="open#1", sort="2"), {"open#1": 2}),
        (row(part="open#1", sort="1"), row(part="busy#1", sort="1"), {"open#1": 1, "busy#1": 1}),
    ],
)
def test_the_index_is_charged_for_what_it_holds_and_twice_for_a_move(before, after, units):
    assert INDEX.write_units(before, after) == units
