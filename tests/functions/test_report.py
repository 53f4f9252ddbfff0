"""The recipient's door: who looks changes nothing, who presses the button is heard once."""

from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from functions.adapters.dynamodb.reports import ReportsOfJobs
from functions.bootstrap.report import report_parts
from functions.bootstrap.worker import worker_parts
from functions.domain.model import Status
from tests.adapters.mail import Page
from tests.builders import a_job, a_sign_in, job_number
from tests.functions.reporting import (
    ASKED,
    DONE,
    LANGUAGES,
    SECURITY_PAGE,
    links_of,
    token_for,
)
from tests.jobs_table import AT_ONCE, TABLE_NAME, OneCallAtATime


@LANGUAGES
def test_the_page_asks_in_the_mail_s_language_by_what_the_mail_showed(report_door, mail, language):
    answer = report_door.look(mail(language=language), languages="fr")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    assert page.elements[0] == ("html", [("lang", language), ("dir", "auto")])
    assert ASKED[language] in page.text
    assert "2025-12-19 15:00 (UTC+8)" in page.text
    assert a_job().reference not in page.text
    assert job_number(1).reference in page.text
    assert links_of(answer) == {SECURITY_PAGE}


def test_the_time_is_that_of_the_mail(report_door, mail):
    answer = report_door.look(mail(time_zone="America/St_Johns"))
    assert "2025-12-19 03:30 (UTC-3:30)" in answer.text


def test_the_page_shows_nothing_that_a_person_wrote(report_door, mail):
    answer = report_door.look(mail(name="<b>Bat</b>", user_agent="<i>", provider="{7*7}"))
    for text in ("Bat", "<i>", "7*7", "user@example.com", "203.0.113.7", "user-123"):
        assert text not in answer.text


@pytest.mark.parametrize(
    ("browser", "language"),
    [("en-GB,en;q=0.9", "en"), ("fr, mn;q=0.2, en;q=0.3", "en"), ("en;q=0, *", "mn"), (None, "mn")],
)
def test_who_named_no_language_reads_the_browser_s(report_door, mail, browser, language):
    token = mail(language=None)
    assert ASKED[language] in report_door.look(token, languages=browser).text


def test_whose_language_nobody_knows_reads_the_stage_s_in_mail_and_page(settings, cloud):
    english = settings.model_copy(update={"default_locale": "en"})
    job = a_job(sign_in=a_sign_in(locale=None))
    assert "Was this you?" in worker_parts(english).renderer.render(job).text
    assert ASKED["en"] in report_parts(english).pages.ask(job, [])


def test_a_button_posts_to_the_page_s_own_address(report_door, mail):
    elements = Page(report_door.look(mail()).text).elements
    assert [attrs for tag, attrs in elements if tag == "form"] == [[("method", "post")]]
    assert {tag for tag, _ in elements}.isdisjoint({"script", "input", "img", "iframe"})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_only_looks_changes_nothing_however_often(report_door, mail, cloud, method):
    token = mail()
    before = cloud.rows()
    for _ in range(3):
        assert report_door.call(method, token).status == 200
    assert cloud.rows() == before
    assert cloud.events() == []


def test_head_is_get_without_its_body(report_door, mail):
    token = mail()
    head, get = report_door.call("HEAD", token), report_door.look(token)
    assert head.text == ""
    assert (head.status, head.headers) == (get.status, get.headers)


@LANGUAGES
def test_the_button_tells_the_application_and_the_page_says_what_happens_next(
    report_door, mail, cloud, clock, language
):
    clock.advance(seconds=3600)
    answer = report_door.confirm(mail(language=language))
    assert answer.status == 200
    page = Page(answer.text)
    assert DONE[language] in page.text
    assert "Yellow Books" in page.text
    assert links_of(answer) == {SECURITY_PAGE}
    assert ASKED[language] not in page.text
    [event] = cloud.events()
    assert (event["source"], event["detail-type"]) == ("signin-notifier", "signin.reported")
    assert event["detail"] == {
        "id": job_number(1).job_id,
        "userId": "user-123",
        "reportedAt": "2025-12-19T08:00:00.000Z",
        "stage": "local",
    }


def test_the_job_itself_stays_as_it_was(report_door, mail, cloud):
    token = mail()
    before = cloud.row(job_number(1).job_id)
    report_door.confirm(token)
    assert cloud.row(job_number(1).job_id) == before


def test_a_job_that_is_still_tried_can_be_reported_and_is_tried_on(
    report_door, cloud, clock, worker
):
    # The answer to its first attempt was lost; the mail had left.
    job = job_number(1, status=Status.RETRYING, unknown_outcomes=1, attempt_count=1, tries=1)
    cloud.put(job)
    report_door.confirm(token_for(job, cloud, clock))
    cloud.resend(job.job_id)
    worker.take(cloud.receive())
    assert cloud.job(job.job_id).status is Status.COMPLETED


def test_a_second_press_is_the_same_page_and_no_second_event(report_door, mail, cloud, said):
    token = mail()
    first = report_door.confirm(token)
    second = report_door.confirm(token)
    assert (second.status, second.text) == (first.status, first.text)
    assert len(cloud.events()) == 1
    assert said.counted("Reported") == [1.0]


def test_fifty_presses_at_once_are_one_event(open_report, mail, cloud):
    door = open_report(
        reports=ReportsOfJobs(
            OneCallAtATime(boto3.client("dynamodb")),
            table_name=TABLE_NAME,
            retention_days=30,
            retry=AT_ONCE,
        )
    )
    token = mail()
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: door.confirm(token), range(50)))
    assert {(answer.status, DONE["en"] in answer.text) for answer in answers} == {(200, True)}
    assert len(cloud.events()) == 1
