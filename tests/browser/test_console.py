"""The console against the running stack: see what failed, and send it again."""

import pytest
from playwright.sync_api import expect

from tests.browser.dead_jobs import bury
from tests.e2e.process import wait_until

OUTAGE, REJECTION = "SimulatedOutage", "SimulatedRejection"


@pytest.fixture(scope="module")
def outage(stack):
    """120 jobs that died of an outage; once sent again they get through at the third attempt."""
    return bury(stack, 120, wish="fail-7", error_type=OUTAGE)


def test_a_key_that_is_no_good_is_refused_in_words(open_console):
    console = open_console()
    for key, said in (
        ("no-such-key", "does not know this key"),
        ("ключ", "can't be a key"),
    ):
        console.page.get_by_label("Admin key").fill(key)
        console.button("Open the console").click()
        expect(console.alert).to_contain_text(said)
    assert console.page.evaluate("sessionStorage.length") == 0


def test_a_producer_s_key_is_told_from_an_unknown_one(open_console, stack):
    console = open_console()
    console.page.get_by_label("Admin key").fill(stack.producer_key)
    console.button("Open the console").click()
    expect(console.alert).to_contain_text("The console needs the admin key")


def test_the_key_stays_in_the_tab_until_the_operator_signs_out(console):
    expect(console.page.locator(".tile")).to_have_count(6)
    console.refresh()
    expect(console.page.locator(".tile")).to_have_count(6)
    assert console.page.evaluate("localStorage.length") == 0
    assert console.page.evaluate("document.cookie") == ""

    console.button("Sign out").click()

    expect(console.heading("Operators' console")).to_be_visible()
    assert console.page.evaluate("sessionStorage.length") == 0


def test_the_overview_says_what_is_open_dead_and_how_the_worker_stands(console, outage):
    expect(console.page.locator("h1")).to_contain_text("dead")
    expect(console.page.locator(".tile", has_text="Worker")).to_contain_text("Running")
    expect(console.page.get_by_text("Refreshed")).to_be_visible()
    expect(console.page.get_by_text("Times are in Asia/Ulaanbaatar (GMT+08:00)")).to_be_visible()
    console.link(OUTAGE).click()
    expect(console.heading("Dead letters")).to_be_visible()
    expect(console.page.get_by_label("Error type")).to_have_value(OUTAGE)


def test_each_hour_can_be_read_with_the_keyboard(console, outage):
    hour = console.page.get_by_role("slider", name="Hour to read")
    hour.focus()
    now = hour.get_attribute("aria-valuetext")
    console.page.keyboard.press("ArrowLeft")
    expect(hour).to_have_attribute("aria-valuenow", "23")
    assert hour.get_attribute("aria-valuetext") != now
    expect(console.page.locator(".readout")).to_have_text(hour.get_attribute("aria-valuetext"))


def test_a_death_shows_in_the_chart(console, stack):
    expect(console.page.locator(".tile")).to_have_count(6)
    before = sum(console.figures("Dead"))
    bury(stack, 1, wish="reject", error_type=REJECTION)

    def counted():
        console.refresh()
        return sum(console.figures("Dead")) > before

    wait_until(counted, seconds=60, what="one more dead job in the chart")
    assert console.page.locator("svg .dead rect").count() > 0


def test_dead_jobs_are_filtered_and_listed_page_by_page(console, outage):
    console.list_dead(**outage.query)
    expect(console.rows).to_have_count(50)
    console.button("Show 50 more").click()
    expect(console.rows).to_have_count(100)
    console.button("Show 50 more").click()
    expect(console.rows).to_have_count(120)
    expect(console.page.get_by_text("120 jobs, the newest first.")).to_be_visible()
    expect(console.button("Show 50 more")).to_be_hidden()

    console.page.get_by_label("Error class").select_option("permanent")
    console.button("Filter").click()
    expect(console.page.get_by_text("No dead job matches.")).to_be_visible()
    assert "errorClass=permanent" in console.page.url
    console.page.go_back()
    expect(console.rows).to_have_count(50)


def test_a_job_is_opened_from_the_list_and_back_leads_to_it_again(console, outage):
    console.list_dead(**outage.query)
    console.button("Show 50 more").click()
    expect(console.rows).to_have_count(100)
    row = console.rows.nth(70)
    job_id = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()

    expect(console.page.get_by_text(job_id)).to_be_visible()
    expect(console.page.locator(".timeline .failed")).to_have_count(5)
    console.page.locator(".last-error").get_by_text("Stack trace").click()
    expect(console.page.locator(".last-error pre")).to_contain_text("simulator.py")
    expect(console.page.locator(".job")).to_contain_text("f***@simulator.test")

    console.page.go_back()
    expect(console.rows).to_have_count(100)
    expect(row.get_by_role("link")).to_be_focused()


def test_a_user_s_last_jobs_are_found_without_the_user_in_any_address(console, outage, stack):
    user_id = stack.row(outage.ids[0])["signIn"]["M"]["user_id"]["S"]
    console.link("Jobs").click()
    console.page.get_by_label("User id").fill(user_id)
    console.page.keyboard.press("Enter")
    expect(console.page.locator(".job-list li")).to_have_count(9)
    console.link(outage.ids[0]).click()
    expect(console.page.get_by_text(user_id)).to_be_visible()
    console.page.go_back()
    expect(console.page.locator(".job-list li")).to_have_count(9)
    assert user_id not in console.page.url
    assert user_id not in console.page.evaluate("JSON.stringify(history.state) + document.title")


def test_nothing_is_changed_by_a_dry_run(console, outage, stack):
    console.list_dead(**outage.query)
    console.button("Replay all that match").click()
    expect(console.dialog).to_contain_text(
        f"Replay 120 dead jobs whose error type is {OUTAGE} and that died since"
    )
    expect(console.dialog).to_contain_text("each may send a mail")
    console.page.keyboard.press("Escape")
    expect(console.dialog).to_be_hidden()
    expect(console.button("Replay all that match")).to_be_focused()
    assert {stack.row(job_id)["status"]["S"] for job_id in outage.ids} == {"dlq"}


def test_the_chosen_job_alone_is_discarded_for_good(console, stack):
    dead = bury(stack, 3, wish="reject", error_type=REJECTION)
    console.list_dead(**dead.query)
    expect(console.rows).to_have_count(3)
    chosen = console.rows.nth(1)
    job_id = chosen.get_by_role("link").inner_text()
    chosen.get_by_role("checkbox").check()
    console.button("Discard").click()
    expect(console.dialog).to_contain_text("This is final")
    console.dialog.get_by_label("By").fill("Bat-Erdene")
    console.dialog.get_by_label("Reason").fill("A typo in the address")
    console.button("Discard 1 job for good").click()
    expect(console.dialog).to_contain_text("1 job discarded")
    console.button("Close").click()
    expect(console.rows).to_have_count(2)

    console.open_job(job_id)
    expect(console.page.locator(".timeline .person")).to_contain_text(
        "Discarded by Bat-ErdeneReason: A typo in the address"
    )
    expect(console.button("Replay")).to_be_hidden()
    assert sorted(stack.row(i)["status"]["S"] for i in dead.ids) == ["discarded", "dlq", "dlq"]


def test_a_replay_is_stopped_in_the_middle_and_goes_on_without_sending_anything_twice(
    console, stack
):
    dead = bury(stack, 60, wish="reject", error_type=REJECTION)
    console.list_dead(**dead.query)
    console.button("Replay all that match").click()
    expect(console.button("Replay 60 jobs")).to_be_enabled()
    console.stop_in_batch(2, at="**/api/admin/dlq/replays")
    console.button("Replay 60 jobs").click()
    expect(console.dialog.get_by_role("heading")).to_contain_text("after 50 of 60")
    replayed = [i for i in dead.ids if stack.row(i)["run"]["N"] == "2"]
    assert len(replayed) == 50
    # They are refused again at once: and yet they are not replayed again.
    stack.until_all(replayed, "dlq", seconds=60)

    console.button("Go on").click()

    expect(console.dialog.get_by_role("heading")).to_have_text("60 jobs replayed")
    stack.until_all(dead.ids, "dlq", seconds=60)
    assert {stack.row(job_id)["run"]["N"] for job_id in dead.ids} == {"2"}


def test_all_120_that_match_are_replayed_and_get_through(console, outage, stack):
    console.list_dead(**outage.query)
    console.button("Replay all that match").click()
    console.dialog.get_by_label("Reason").fill("The outage is over")
    console.button("Replay 120 jobs").click()
    expect(console.dialog.get_by_role("heading")).to_have_text("120 jobs replayed")
    bar = console.dialog.get_by_role("progressbar")
    assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("120", "120")
    console.button("Close").click()
    expect(console.page.get_by_text("No dead job matches.")).to_be_visible()

    stack.until_all(outage.ids, "completed", seconds=180)
    assert set(stack.mails_per_job(outage.ids).values()) == {1}
    console.open_job(outage.ids[-1])
    expect(console.page.locator(".timeline .person")).to_contain_text("The outage is over")
    expect(console.page.locator(".timeline li").last).to_contain_text("Completed")
