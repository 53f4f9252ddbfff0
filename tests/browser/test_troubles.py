"""When the network or the service fails, the console says so, and helps on."""

import pytest
from playwright.sync_api import expect

from tests.browser.answers import ANY_LIST, ANY_STATS, answers, dead_job, dead_list
from tests.browser.dead_jobs import bury

ANY_REPLAY = "**/api/admin/dlq/replays"
PROBLEM = "application/problem+json"


def answer(status, body="{}", headers=None):
    return lambda route: route.fulfill(
        status=status, body=body, content_type=PROBLEM, headers=headers or {}
    )


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda route: route.abort("connectionrefused"), "The service can't be reached"),
        (answer(429, '{"message": "Too Many Requests"}'), "API Gateway throttles them"),
        (answer(503, '{"error": "later"}', {"Retry-After": "1"}), "can't answer now (503)"),
        (answer(500, '{"error": "Something went wrong on our side."}'), "The service failed (500)"),
        (answer(502, "<html>Bad Gateway"), "The service failed (502)"),
        (answer(200, "<html>Log in to the guest network"), "not one of this service"),
        (
            answer(400, '{"error": "No.", "errors": [{"pointer": "/since", "detail": "a time"}]}'),
            "No. /since: a time",
        ),
    ],
    ids=["no network", "429", "503", "500", "502", "a proxy's page", "400"],
)
def test_a_list_that_does_not_come_is_explained_and_can_be_asked_for_again(console, trouble, said):
    console.page.route(ANY_LIST, trouble)
    console.link("Dead letters").click()
    expect(console.alert).to_contain_text(said)

    console.page.unroute(ANY_LIST)
    console.button("Try again").click()

    expect(console.alert).to_be_hidden()
    expect(console.page.locator(".told")).not_to_have_text("")


def test_a_passing_trouble_is_repeated_and_nobody_needs_to_know(console):
    troubles = [429, 503]
    asked = []

    def at_first(route):
        asked.append(route.request.url)
        if troubles:
            answer(troubles.pop(0))(route)
        else:
            route.continue_()

    console.page.route(ANY_LIST, at_first)
    console.link("Dead letters").click()
    expect(console.page.locator(".told")).to_contain_text("job")
    expect(console.alert).to_be_hidden()
    assert len(asked) == 3


def test_a_stale_overview_says_so_and_keeps_its_figures(console):
    expect(console.page.locator(".tile")).to_have_count(6)
    console.page.route(ANY_STATS, answer(500))
    console.page.get_by_text("7 days").click()
    expect(console.page.get_by_text("Not refreshed.")).to_be_visible()
    expect(console.page.locator(".tile")).to_have_count(6)

    console.page.unroute(ANY_STATS)
    console.button("Try now").click()

    expect(console.page.get_by_text("Not refreshed.")).to_be_hidden()
    expect(console.page.get_by_text("In the last 7 days")).to_be_visible()


@pytest.mark.parametrize(
    ("worker", "said"),
    [("paused", "make resume STAGE=..."), ("changing", "is being paused or resumed")],
)
def test_a_worker_that_does_not_run_is_told_in_every_view(console, worker, said):
    def told_so(route):
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "worker": worker})

    console.page.route(ANY_STATS, told_so)
    console.page.get_by_text("7 days").click()
    expect(console.page.locator("#notices")).to_contain_text(said)
    console.link("Jobs").click()
    expect(console.page.locator("#notices")).to_contain_text(said)


def test_a_key_that_was_rotated_meanwhile_leads_back_to_the_sign_in(console, stack):
    console.page.route(ANY_LIST, answer(401))
    console.link("Dead letters").click()
    expect(console.heading("Operators' console")).to_be_visible()
    expect(console.alert).to_contain_text("have been rotated")
    assert console.page.evaluate("sessionStorage.length") == 0

    console.page.unroute(ANY_LIST)
    console.sign_in(stack.admin_key)
    expect(console.heading("Dead letters")).to_be_visible()


def test_a_run_that_fails_in_the_middle_says_how_far_it_came_and_goes_on(console, stack):
    dead = bury(stack, 30, wish="reject", error_type="SimulatedRejection")
    console.list_dead(**dead.query)
    console.button("Discard all that match").click()
    asked = []

    def second_fails(route):
        asked.append(route.request.post_data_json)
        if len(asked) == 2:
            answer(500)(route)
        else:
            route.continue_()

    console.page.route("**/api/admin/dlq/discards", second_fails)
    console.button("Discard 30 jobs for good").click()
    expect(console.dialog.get_by_role("heading")).to_have_text("Came to a halt after 25 of 30")
    expect(console.alert).to_contain_text("The service failed (500)")

    console.button("Go on").click()

    expect(console.dialog.get_by_role("heading")).to_have_text("30 jobs discarded")
    assert len({body["filter"]["until"] for body in asked}) == 1
    assert {stack.row(job_id)["status"]["S"] for job_id in dead.ids} == {"discarded"}


def test_what_was_skipped_is_told_with_its_reason(console):
    console.page.route(
        ANY_REPLAY,
        lambda route: route.fulfill(
            json={"matched": 3, "nextCursor": None}
            if route.request.post_data_json.get("dryRun")
            else {
                "replayed": 1,
                "skipped": 2,
                "skippedJobs": [
                    {"jobId": "signin-1", "reason": "went-out"},
                    {"jobId": "signin-2", "reason": "no-recipient"},
                ],
                "nextCursor": None,
            }
        ),
    )
    answers(console.page, ANY_LIST, dead_list(dead_job()))
    console.link("Dead letters").click()
    console.button("Replay all that match").click()
    console.button("Replay 3 jobs").click()
    expect(console.dialog).to_contain_text("1 job replayed, 2 skipped.")
    expect(console.dialog).to_contain_text("1 skipped: the mail is known to have left")
    expect(console.dialog).to_contain_text("1 skipped: no address is known")
