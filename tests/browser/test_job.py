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
