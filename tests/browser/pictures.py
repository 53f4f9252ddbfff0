"""`make screenshots`: the README's pictures, drawn by Chromium of the files as they are now.

The console's show an afternoon with an outage. Its answers stand here: no stack has to run.
"""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from infra.config import ROOT
from tests.browser.answers import ANY_LIST, ANY_STATS, answers, dead_job, dead_list
from tests.browser.chromium import chromium
from tests.browser.files import console_of_files
from tests.browser.mails import LOCALES, draw

IMAGES = ROOT / "docs" / "images"
NOW = datetime(2026, 11, 25, 14, 7, tzinfo=UTC)
DEAD = 20
#: hours ago, of the outage
OUTAGE = (5, 6)


def main():
    """Draw all of them again."""
    with chromium() as browser:
        for locale in LOCALES:
            draw(browser, IMAGES / f"mail-{locale}.png", "github", locale)

        console = _console(browser, scheme="light", height=690)
        console.page.screenshot(path=IMAGES / "console-overview.png")

        console = _console(browser, scheme="dark", height=700)
        console.link("Dead letters").click()
        console.button("Replay all that match").click()
        expect(console.button(f"Replay {DEAD} jobs")).to_be_visible()
        console.page.screenshot(path=IMAGES / "console-replay.png")


def _console(browser, *, scheme, height):
    page = browser.new_page(
        viewport={"width": 1280, "height": height},
        color_scheme=scheme,
        timezone_id="Asia/Ulaanbaatar",
    )
    page.clock.set_fixed_time(NOW)
    console = console_of_files(page)
    answers(page, ANY_STATS, _statistics())
    answers(page, ANY_LIST, dead_list(*map(_dead_job, range(DEAD))))
    answers(page, "**/api/admin/dlq/replays", {"matched": DEAD, "nextCursor": None})
    console.open()
    console.sign_in("a-key")
    expect(page.locator(".tile")).to_have_count(6)
    return console


def _statistics():
    hours = [_hour(ago) for ago in reversed(range(24))]
    counted = {name: sum(hour[name] for hour in hours) for name in ("accepted", "refused")}
    ended = {name: sum(hour[name] for hour in hours) for name in ("completed", "retried", "dead")}
    types = {"ReadTimeoutError": 91, "ServiceUnavailable": 61, "MessageRejected": 13}
    return {
        "worker": "running",
        "now": {"enqueued": 3, "processing": 1, "retrying": 0, "parked": 10, "dlq": DEAD},
        "nowAtLeast": [],
        "sum": {
            **counted,
            **ended,
            "successRate": ended["completed"] / (ended["completed"] + ended["dead"]),
            "meanMs": 446,
            "p95Ms": 750,
            "deadByErrorType": types,
        },
        "hours": hours,
    }


def _hour(ago):
    began = NOW.replace(minute=0) - timedelta(hours=ago)
    # the town sleeps from 23 to 7, eight hours east
    awake = 180 + 40 * (15 - abs((began.hour + 8) % 24 - 15))
    accepted = awake // 9 if ago == 0 else awake
    dead = 80 if ago in OUTAGE else ago % 4 == 1
    return {
        "hour": began.isoformat().replace("+00:00", "Z"),
        "accepted": accepted,
        "refused": ago % 7 == 3,
        "completed": accepted - dead,
        "retried": 290 if ago in OUTAGE else 4 + ago * 5 % 9,
        "dead": int(dead),
        "successRate": 1 - dead / accepted,
        "meanMs": 446,
        "p95Ms": 750,
        "deadByErrorType": {},
    }


def _dead_job(number):
    died = NOW - timedelta(hours=OUTAGE[0], minutes=number * 2 + number % 3)
    error_type, error_class, error = (
        (
            "ReadTimeoutError",
            "unknown",
            "SES gave no clear answer; the mail may or may not have left.",
        )
        if number % 3
        else ("ServiceUnavailable", "transient", "SES had a fault of its own and did not send.")
    )
    return dead_job(
        jobId=f"signin-01a2{1307 - number:04}-8819-7{820 + number}-8c94-6a56a3506a{84 - number}",
        errorType=error_type,
        errorClass=error_class,
        error=error,
        attemptCount=2 if number % 3 else 5,
        mayHaveLeft=bool(number % 3),
        recipient=f"{'abdeghmnost'[number % 11]}***@example.com",
        createdAt=(died - timedelta(minutes=2)).isoformat().replace("+00:00", "Z"),
        processedAt=died.isoformat().replace("+00:00", "Z"),
    )


if __name__ == "__main__":
    main()
