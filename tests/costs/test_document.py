"""docs/COST.md says what the tables and the figures say."""

import re

import pytest

from costs.document import document
from costs.limits import limits
from costs.scale import RATES
from costs.tables import prices


@pytest.fixture
def text(facts):
    return document(facts)


def test_every_price_is_shown_with_aws_s_page_and_with_where_it_was_read_or_as_unconfirmed(text):
    for price in prices().values():
        [row] = [line for line in text.splitlines() if f"[{price.name}]({price.page})" in line]
        assert (f"({price.read_in})" in row) != ("**unconfirmed**" in row)


def test_an_unconfirmed_price_is_marked_wherever_it_is_used(text):
    unconfirmed = [price for price in prices().values() if not price.read_in]
    assert text.count("(unconfirmed) |") >= 2 * len(unconfirmed)


def test_what_to_change_is_said_once_at_the_first_load_that_needs_it(text, facts):
    parts = dict(re.findall(r"### At ([\d,]+) sign-ins? a second\n\n(.*?)(?=\n#)", text, re.DOTALL))
    assert [*parts] == [f"{rate:,}" for rate in RATES]
    for limit in limits(facts):
        said = [rate for rate, part in parts.items() if f"- {limit.what} (" in part]
        above = [f"{rate:,}" for rate in RATES if rate > limit.binds_above]
        assert said == above[:1]


def test_rows_are_as_wide_as_their_heads(text):
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1
