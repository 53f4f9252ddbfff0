"""One job, as the admin API tells of it."""

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


@pytest.fixture
def opened(console):
    """Return a way to open a job of which this is known."""

    def open_job(**known):
        answers(console.page, ANY_JOB, job_in_full(**known))
        console.open("#/jobs")  # the same address again would not be loaded again
        console.open_job("signin-1")
        return console.page.locator(".job")

    return open_job


def test_a_message_without_a_job_is_nobody_s_sign_in_and_can_only_be_discarded(console, opened):
    job = opened(
        signIn=None, recipient=None, createdAt=None, errorType="NoSuchJob", attemptCount=0, tries=0
    )
    expect(job).to_contain_text("Only the message was found; nobody knows whose sign-in it was.")
    expect(job.locator(".timeline")).not_to_contain_text("Accepted")
    expect(console.button("Discard")).to_be_visible()
    expect(console.button("Replay")).to_be_hidden()


def test_a_job_with_its_sign_in_was_accepted_and_can_be_replayed(console, opened):
    expect(opened().locator(".timeline")).to_contain_text("Accepted")
    expect(console.button("Replay")).to_be_visible()


def test_whoever_replays_what_may_have_left_is_warned_of_a_second_mail(console, opened):
    console.page.route(
        "**/api/admin/dlq/*",
        lambda route: route.fulfill(json={"matched": 1, "nextCursor": None}),
    )
    warning = console.dialog.get_by_text("second mail")
    expect(opened(mayHaveLeft=True).get_by_text("may have left")).to_be_visible()
    console.button("Replay").click()
    expect(warning).to_contain_text("its person may get a second mail")
    console.button("Cancel").click()

    answers(console.page, ANY_STATS, statistics(dlq=2))
    answers(console.page, ANY_LIST, dead_list(dead_job(1, mayHaveLeft=True), dead_job(2)))
    console.link("Dead letters").click()
    expect(console.rows.get_by_text("may have left")).to_have_count(1)
    for box, warned in ((0, 1), (1, 0)):
        console.rows.nth(box).get_by_role("checkbox").check()
        console.button("Replay").click()
        expect(console.button("Replay 1 job")).to_be_visible()
        expect(warning).to_have_count(warned)
        console.button("Cancel").click()
        console.rows.nth(box).get_by_role("checkbox").uncheck()
    console.button("Replay all that match").click()
    expect(warning).to_be_visible()
    console.button("Cancel").click()
    console.button("Discard all that match").click()
    expect(console.button("Discard 1 job for good")).to_be_visible()
    expect(warning).to_be_hidden()


def test_a_job_that_has_ended_waits_for_no_next_try(opened):
    expect(opened(status="retrying")).to_contain_text("Not tried before")
    expect(opened(status="completed", error=None)).not_to_contain_text("Not tried before")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("parked", "Parked until25 Nov, 19:10:00"),
        ("processing", "Moves on by25 Nov, 19:10:00, else the sweeper repairs it"),
    ],
)
def test_an_open_job_says_by_when_something_happens(drawn, status, said):
    console = drawn({ANY_JOB: job_in_full(status=status, due="2026-11-25T11:10:00Z")})
    console.open_job("signin-1")
    expect(console.page.locator(".job")).to_contain_text(said)


def test_a_long_user_agent_is_folded_and_stays_open_once_it_is_read(drawn):
    user_agent = "Mozilla/5.0 " + "x" * 888
    job = job_in_full(status="processing")
    job["signIn"]["userAgent"] = user_agent
    console = drawn({ANY_JOB: job}, viewport={"width": 390, "height": 844})
    console.open_job("signin-1")
    row = console.page.locator(".facts div", has_text="User agent")
    assert row.bounding_box()["height"] < 100
    whole = row.get_by_text(user_agent, exact=True)
    expect(whole).to_be_hidden()

    row.get_by_text("all 900 characters").click()

    expect(whole).to_be_visible()
    answers(console.page, ANY_JOB, {**job, "run": 2})
    console.page.clock.run_for(5_000)
    expect(console.page.locator(".job")).to_contain_text("Run2")
    expect(whole).to_be_visible()


def test_a_browser_s_user_agent_is_seen_in_full(drawn):
    console = drawn({ANY_JOB: job_in_full()})
    console.open_job("signin-1")
    expect(console.page.get_by_text("Mozilla/5.0", exact=True)).to_be_visible()
