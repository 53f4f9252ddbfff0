"""What strangers and providers have written is shown as text, whatever it says."""

from playwright.sync_api import expect

from tests.browser.answers import ANY_LIST, answers, dead_job, dead_list
from tests.browser.dead_jobs import bury
from tests.e2e.people import a_person
from tests.e2e.stack import accepted

#: as long as a filter's error type may be
HOSTILE = (
    "<img src=x onerror=\"document.title='run'\">"
    "<script>document.title='run'</script>"
    "<svg onload=document.title='run'><a href=javascript:alert(1)>x</a>"
    "\"' onmouseover=alert(1) ${7*7} &lt;b&gt; \u202egnp.exe"
)
#: nothing that is shown may turn the direction of reading
SHOWN = HOSTILE.replace("\u202e", "\\u202e")


def write_everywhere(stack, job_id):
    """Write hostile text into whatever a job's row has of text that is shown."""
    names = {"#error": "error", "#type": "errorType", "#trace": "stackTrace"}
    attempt = "attempts[0]"
    changes = [f"{name} = :text" for name in names]
    changes += [f"{attempt}.{name} = :text" for name in names]
    changes += [f"signIn.{name} = :text" for name in ("user_agent", "provider", "locale")]
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["TableName"],
        Key={"pk": {"S": job_id}},
        UpdateExpression=f"SET {', '.join(changes)}",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":text": {"S": HOSTILE}},
    )


def test_hostile_text_is_text_in_every_view(console, stack):
    dead = bury(stack, 1, wish="reject", error_type="SimulatedRejection")
    [job_id] = dead.ids
    write_everywhere(stack, job_id)
    person = a_person(
        name="<script>alert(1)</script>", userAgent=HOSTILE, email="reject@simulator.test"
    )
    posted = accepted(stack.post(person))
    stack.until_job(posted, "dlq")

    console.list_dead(since=dead.since)
    row = console.rows.filter(has_text=job_id)
    expect(row).to_contain_text(SHOWN)
    row.get_by_role("link").click()
    for part in (".last-error", ".timeline .failed", ".columns"):
        expect(console.page.locator(part)).to_contain_text(SHOWN)
    console.open_job(posted)
    expect(console.page.locator(".columns")).to_contain_text(SHOWN)
    expect(console.page.locator(".columns")).to_contain_text("<***")

    console.list_dead(errorType=HOSTILE, since=dead.since)
    expect(console.rows).to_have_count(1)
    console.button("Replay all that match").click()
    expect(console.dialog).to_contain_text(SHOWN)
    console.button("Cancel").click()
    assert console.page.locator("main img, main script, main [onerror], main [onload]").count() == 0
    assert "run" not in console.page.title().split()
    # that the policy had nothing to refuse is checked when the tab is closed


def test_a_link_with_a_hostile_address_shows_it_as_text(console):
    console.open(f"#/jobs/{HOSTILE.replace('#', '')}")
    expect(console.alert).to_contain_text("There is no such job")
    expect(console.page.locator(".head code")).to_contain_text("<script>")


def test_a_link_with_a_time_that_no_field_can_hold_is_read_without_it(console):
    console.open("#/dead?until=%2B275760-09-13T00:00:00Z")
    expect(console.heading("Dead letters")).to_be_visible()
    expect(console.page.get_by_label("Died before")).to_have_value("")


def test_characters_that_turn_the_direction_are_seen_and_do_nothing(console):
    turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    job = dead_job(error=f"a{turning}b", recipient="\u202eb***@example.com")
    answers(console.page, ANY_LIST, dead_list(job))
    console.link("Dead letters").click()
    seen = "".join(f"\\u{ord(character):04x}" for character in turning)
    expect(console.rows).to_contain_text(f"a{seen}b")
    expect(console.rows).to_contain_text("\\u202eb***@example.com")
    assert not set(turning) & set(console.page.locator("body").inner_text())
