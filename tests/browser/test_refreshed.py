"""What the header says to be refreshed is what the view shows."""

import pytest
from playwright.sync_api import expect

from tests.browser.answers import (
    ANY_JOB,
    ANY_LIST,
    ANY_STATS,
    answers,
    dead_job,
    dead_list,
    job_in_full,
    statistics,
)

JOB_MS, STATS_MS = 5_000, 15_000


@pytest.fixture
def console(drawn):
    opened = drawn(
        {
            ANY_STATS: statistics(dlq=1),
            ANY_LIST: dead_list(dead_job()),
            ANY_JOB: job_in_full(status="processing"),
            "**/api/admin/jobs?*": {"jobs": []},
        }
    )
    refreshed(opened, "Refreshed 18:30:00")
    return opened


def refreshed(console, text):
    expect(console.page.locator("#refreshed")).to_have_text(text)


def test_a_job_that_is_asked_for_again_is_as_new_as_its_answer(console):
    console.open_job("signin-1")
    refreshed(console, "Refreshed 18:30:00")
    console.page.clock.run_for(JOB_MS)
    refreshed(console, "Refreshed 18:30:05")
    console.link("Overview").click()
    refreshed(console, "Refreshed 18:30:00")


def test_what_is_not_shown_was_not_refreshed(console):
    console.page.unroute(ANY_JOB)
    console.page.route(ANY_JOB, lambda route: route.fulfill(status=404, json={"error": "No."}))
    console.open("#/jobs/signin-1")
    expect(console.alert).to_be_visible()
    refreshed(console, "")


def test_a_list_stays_as_old_as_it_is_while_the_figures_are_refreshed(console):
    console.list_dead()
    expect(console.rows).to_have_count(1)
    answers(console.page, ANY_STATS, statistics(dlq=2))
    console.page.clock.run_for(STATS_MS)
    expect(console.page.locator(".badge")).to_have_text("2")
    refreshed(console, "Refreshed 18:30:00")
    console.button("Reload").click()
    refreshed(console, "Refreshed 18:30:15")


def test_a_user_s_jobs_are_as_old_as_the_search(console):
    console.open("#/jobs")
    refreshed(console, "")
    console.page.clock.run_for(STATS_MS)
    console.page.get_by_label("User id").fill("user-123")
    console.button("Find").click()
    refreshed(console, "Refreshed 18:30:15")
