"""The overview's one sentence is green only if all is known to be well."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.answers import ANY_STATS, answers, statistics


@pytest.fixture
def shows(console):
    """Return a way to see the overview of these statistics."""

    def show(**told):
        answers(console.page, ANY_STATS, statistics(**told))
        console.refresh()
        expect(console.page.locator(".tile")).to_have_count(6)

    return show


def tile(console, name):
    return console.page.locator(".tile").filter(has=console.page.get_by_text(name, exact=True))


@pytest.mark.parametrize(
    ("told", "said", "mood"),
    [
        ({"worker": "paused", "dlq": 3}, "The worker is paused", "bad"),
        ({"dlq": 1, "parked": 2}, "1 job is dead", "bad"),
        ({"dlq": 625, "at_least": ["dlq"]}, "625+ jobs are dead", "bad"),
        ({"parked": 2, "completed": 80, "dead": 20}, "2 jobs are parked", "warn"),
        (
            {"completed": 80, "dead": 20, "worker": None},
            "20 of 100 jobs died in the last 24 hours",
            "warn",
        ),
        ({"worker": None, "enqueued": 900}, "It is not known whether the worker runs", "warn"),
        ({"worker": "changing"}, "The worker is being paused or resumed", "warn"),
        (
            {"enqueued": 625, "at_least": ["enqueued"]},
            "Nothing waits for you, but 625+ jobs are open",
            "warn",
        ),
        ({"completed": 18, "dead": 1, "enqueued": 40}, "Nothing waits for you", "good"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_worst_is_said_first_and_green_means_that_nothing_waits(
    console, shows, told, said, mood
):
    shows(**told)
    verdict = console.page.locator("h1")
    expect(verdict).to_have_text(said)
    expect(verdict).to_have_class(mood)


def test_each_figure_says_what_it_is_of(console, shows):
    shows(completed=94, dead=6)
    expect(tile(console, "Success rate")).to_have_class("tile warn")
    expect(tile(console, "Success rate")).to_contain_text("replayed counts twice")
    expect(tile(console, "Sent within")).to_contain_text("2.0 sat most, for 95 of 100")
    expect(tile(console, "Parked")).to_contain_text("none waits")
    shows(completed=95, dead=5)
    expect(tile(console, "Success rate")).to_have_class("tile")


def test_the_chart_s_axis_is_labelled_up_to_its_end(console, shows):
    shows()
    labels = console.page.locator(".axis text")
    expect(labels.last).to_have_text("now")
    spans = labels.evaluate_all(
        "(labels) => labels.map((label) => label.getBoundingClientRect())"
        ".map(({ left, right }) => [left, right])"
    )
    assert all(right < left for (_, right), (left, _) in pairwise(spans))


@pytest.mark.parametrize(
    ("completed", "dead", "rate"),
    [
        (2, 1, "66.7 %"),
        (99_999, 1, "99.9 %"),
        (1, 99_999, "0.1 %"),
        (100, 0, "100 %"),
        (0, 3, "0 %"),
    ],
)
def test_a_rate_is_rounded_but_not_to_all_or_none(drawn, completed, dead, rate):
    console = drawn({ANY_STATS: statistics(completed=completed, dead=dead)})
    expect(tile(console, "Success rate").locator(".value")).to_have_text(rate)
