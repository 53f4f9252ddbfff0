"""A run over many jobs tells the truth when answers are lost, and asks before what is final."""

import pytest
from playwright.sync_api import expect

from tests.browser.answers import ANY_LIST, ANY_STATS, answers, dead_job, dead_list, statistics


class Service:
    """Stands in for replays and discards: so many jobs match, and some answers get lost."""

    def __init__(self, page, *, matching, lost=0):
        self.left = self.matching = matching
        self._lost = lost
        self.asked = []
        self.dry_runs = []
        page.route("**/api/admin/dlq/replays", self._answer)
        page.route("**/api/admin/dlq/discards", self._answer)

    def _answer(self, route):
        body = route.request.post_data_json
        if body.get("dryRun"):
            self.dry_runs.append(body)
            route.fulfill(json={"matched": self.matching, "nextCursor": None})
            return
        self.asked.append(body)
        done = min(body.get("limit", 25), self.left)
        self.left -= done
        if self._lost:
            self._lost -= 1
            route.abort("connectionreset")
            return
        name = "replayed" if route.request.url.endswith("replays") else "discarded"
        # A cursor says only that there may be more.
        more = "more" if done == 25 else None
        route.fulfill(json={name: done, "skipped": 0, "skippedJobs": [], "nextCursor": more})


@pytest.fixture
def listed(console):
    """The list of these jobs, as the overview knows their number."""

    def show(*jobs, more=False, **now):
        answers(console.page, ANY_STATS, statistics(**now))
        answers(console.page, ANY_LIST, dead_list(*jobs, more=more))
        console.refresh()
        console.link("Dead letters").click()
        expect(console.rows).to_have_count(len(jobs))

    return show


def title(console):
    return console.dialog.get_by_role("heading")


def test_what_a_call_has_done_whose_answer_was_lost_did_not_move_on_by_itself(console, listed):
    listed(dead_job())
    Service(console.page, matching=60, lost=1)
    console.button("Replay all that match").click()
    console.button("Replay 60 jobs").click()
    expect(title(console)).to_have_text("35 jobs replayed")
    expect(console.dialog).to_contain_text("25 jobs were no longer dead by then.")
    expect(console.dialog).to_contain_text(
        "Up to 25 of these were probably replayed by a call whose answer was lost."
    )


def test_a_throttled_call_has_done_nothing(console, listed):
    listed(dead_job())
    service = Service(console.page, matching=20)
    throttled = []

    def once(route):
        if route.request.post_data_json.get("dryRun") or throttled:
            route.fallback()
            return
        throttled.append(route)
        service.left -= 5  # somebody else replays some meanwhile
        route.fulfill(status=429, json={"message": "Too Many Requests"})

    console.page.route("**/api/admin/dlq/replays", once)
    console.button("Replay all that match").click()
    console.button("Replay 20 jobs").click()
    expect(title(console)).to_have_text("15 jobs replayed")
    expect(console.dialog).to_contain_text("5 jobs were no longer dead by then.")
    expect(console.dialog).not_to_contain_text("answer was lost")


def test_a_stop_during_the_last_batch_leaves_nothing_to_go_on_with(console, listed):
    listed(dead_job())
    Service(console.page, matching=50)
    console.button("Replay all that match").click()
    expect(console.button("Replay 50 jobs")).to_be_enabled()
    console.stop_in_batch(2, at="**/api/admin/dlq/replays")
    console.button("Replay 50 jobs").click()
    expect(title(console)).to_have_text("50 jobs replayed")
    expect(console.button("Go on")).to_be_hidden()


@pytest.mark.parametrize("action", ["Replay", "Discard"])
def test_what_the_fields_say_but_the_list_does_not_show_is_not_begun(console, listed, action):
    listed(dead_job())
    button = console.button(f"{action} all that match")
    expect(button).to_be_enabled()

    console.page.get_by_label("Error type").fill("ServiceUnavailable")
    expect(button).to_be_disabled()
    expect(console.page.get_by_text("The filter was changed.")).to_be_visible()
    console.page.get_by_label("Error type").fill("")
    expect(button).to_be_enabled()
    expect(console.page.get_by_text("The filter was changed.")).to_be_hidden()

    service = Service(console.page, matching=1)
    console.page.get_by_label("Error type").fill("ServiceUnavailable")
    console.button("Filter").click()
    button.click()
    expect(title(console)).to_contain_text(f"{action} 1 dead job?")
    assert service.dry_runs[0]["filter"]["errorType"] == "ServiceUnavailable"


def test_a_link_s_milliseconds_are_no_change_of_the_filter(console, listed):
    listed(dead_job())
    console.list_dead(since="2026-11-25T10:00:00.123Z")
    expect(console.button("Replay all that match")).to_be_enabled()


def test_nothing_is_begun_on_a_list_that_did_not_load(console, listed):
    listed(dead_job(), more=True)
    console.page.unroute(ANY_LIST)
    console.page.route(ANY_LIST, lambda route: route.fulfill(status=500, json={}))
    console.button("Show 50 more").click()
    expect(console.alert).to_be_visible()
    expect(console.button("Replay all that match")).to_be_disabled()
    expect(console.button("Discard all that match")).to_be_disabled()

    answers(console.page, ANY_LIST, dead_list(dead_job(2)))
    console.button("Try again").click()
    expect(console.button("Discard all that match")).to_be_enabled()


def test_to_discard_every_dead_job_one_types_their_number(console, listed):
    listed(dead_job())
    service = Service(console.page, matching=1200)
    console.button("Discard all that match").click()
    expect(title(console)).to_have_text("Discard all 1,200 dead jobs?")
    start = console.button("Discard 1,200 jobs for good")
    expect(start).to_be_disabled()
    number = console.dialog.get_by_label("type their number: 1200")
    expect(number).to_be_focused()
    number.fill("120")
    expect(start).to_be_disabled()
    number.fill("1,200")
    expect(start).to_be_enabled()
    console.button("Cancel").click()
    assert service.asked == []


def test_a_single_dead_job_is_not_called_all(console, listed):
    listed(dead_job())
    Service(console.page, matching=1)
    console.button("Replay all that match").click()
    expect(title(console)).to_have_text("Replay the only dead job?")
    expect(console.button("Replay 1 job")).to_be_enabled()


def test_the_list_says_of_how_many_it_shows_the_newest(console, listed):
    told = console.page.locator(".told")
    listed(dead_job(), dead_job(2), more=True, dlq=625, at_least=["dlq"])
    expect(told).to_have_text("The newest 2 of 625+ jobs.")
    console.list_dead(errorClass="transient")
    expect(told).to_have_text("The newest 2; there are more.")


def test_the_filter_s_times_are_told_to_be_local(console, listed):
    listed(dead_job())
    expect(console.page.get_by_label("Died since")).to_have_accessible_description(
        "Both times are local: Asia/Ulaanbaatar (GMT+08:00)."
    )


def test_a_year_ends_with_its_fourth_digit(console, listed):
    listed(dead_job())
    field = console.page.get_by_label("Died before")
    field.focus()
    console.page.keyboard.type("010220250512PM")
    expect(field).to_have_value("2025-01-02T17:12")
