"""What the recipient's door says when a link is no good or nothing answers, and never tells."""

import re
from dataclasses import replace

import pytest

from functions.adapters.report_links import LIFETIME_MS
from functions.bootstrap.report import report_parts
from tests.adapters.mail import Page
from tests.builders import a_sign_in, job_number
from tests.functions.reporting import (
    AGAIN,
    ASKED,
    DONE,
    EXPIRED,
    INVALID,
    LANGUAGES,
    assert_helps,
    token_for,
)

DAY_MS = 86_400_000


@LANGUAGES
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_seven_days_after_sending_the_link_has_expired(
    report_door, mail, cloud, clock, language, method
):
    token = mail(language=language, time_zone=None)
    clock.advance(LIFETIME_MS)
    cloud.put(job_number(1, created_at_ms=clock(), sign_in=a_sign_in(locale=language)))
    before = cloud.rows()
    answer = report_door.call(method, token)
    assert answer.status == 410
    assert EXPIRED[language] in Page(answer.text).text
    assert_helps(answer)
    assert cloud.rows() == before
    assert cloud.events() == []


def test_until_the_last_second_it_is_good(report_door, cloud, clock):
    job = job_number(1)
    token = token_for(job, cloud, clock)
    clock.advance(LIFETIME_MS - 1)
    cloud.put(replace(job, created_at_ms=clock()))
    assert report_door.confirm(token).status == 200


def test_an_expired_link_is_expired_whatever_the_table_says(open_report, out_of_reach, mail, clock):
    token = mail()
    clock.advance(LIFETIME_MS)
    door = open_report(reader=out_of_reach("DYNAMODB", report_parts).reader)
    answer = door.look(token, languages="en")
    assert answer.status == 410
    assert EXPIRED["en"] in answer.text


@LANGUAGES
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "forge",
    [
        lambda token, _: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token, _: token[:-4],
        lambda token, _: "x",
        lambda token, other: token[:28] + other[28:],
    ],
    ids=["forged", "truncated", "rubbish", "another job's signature"],
)
def test_a_link_that_we_did_not_make_leads_to_nothing(
    report_door, mail, cloud, language, method, forge
):
    token = forge(mail(1), mail(2))
    before = cloud.rows()
    answer = report_door.call(method, token, languages=language)
    assert answer.status == 404
    assert INVALID[language] in Page(answer.text).text
    assert_helps(answer)
    assert cloud.rows() == before
    assert cloud.events() == []


def test_a_job_that_does_not_exist_leads_to_nothing(report_door, cloud, clock):
    token = token_for(job_number(9), cloud, clock)
    answer = report_door.confirm(token, languages="en")
    assert answer.status == 404
    assert_helps(answer)
    assert cloud.rows() == []


def test_a_job_whose_row_has_expired_leads_to_nothing(report_door, mail, cloud, clock):
    token = mail()
    clock.advance(DAY_MS + 1_000)  # cloud.put writes for a day
    assert report_door.confirm(token).status == 404
    assert cloud.events() == []


def test_a_link_outlives_one_rotation_of_the_key_and_not_two(open_report, mail, cloud):
    token = mail()
    cloud.rotate_link_key("second")
    assert open_report().look(token).status == 200
    cloud.rotate_link_key("third")
    assert open_report().look(token).status == 404


@LANGUAGES
@pytest.mark.parametrize(
    ("service", "part"),
    [("DYNAMODB", "reader"), ("DYNAMODB", "reports"), ("SECRETS_MANAGER", "links")],
)
def test_when_nothing_can_be_noted_the_page_asks_to_try_again(
    open_report, out_of_reach, mail, cloud, said, service, part, language
):
    token = mail(language=None)
    door = open_report(**{part: getattr(out_of_reach(service, report_parts), part)})
    answer = door.confirm(token, languages=language)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    page = Page(answer.text)
    assert AGAIN[language] in page.text
    assert ASKED[language] in page.text
    assert_helps(answer)
    assert cloud.events() == []
    assert said.logged("report not served")["level"] == "ERROR"


def test_who_only_looked_while_nothing_answered_gets_no_button(open_report, out_of_reach, mail):
    door = open_report(reader=out_of_reach("DYNAMODB", report_parts).reader)
    answer = door.look(mail(), languages="en")
    assert answer.status == 503
    assert ASKED["en"] not in answer.text


def test_while_the_bus_is_silent_the_report_is_durable_and_the_sweeper_tells_it(
    open_report, sweeper, out_of_reach, mail, cloud, clock, said
):
    answer = open_report(bus=out_of_reach("EVENTBRIDGE", report_parts).bus).confirm(mail())
    assert answer.status == 200
    assert DONE["en"] in answer.text
    assert cloud.events() == []
    assert (said.counted("Reported"), said.counted("ReportNotSent")) == ([1.0], [1.0])

    clock.advance(seconds=60)
    sweeper.sweep()
    assert [event["detail"]["id"] for event in cloud.events()] == [job_number(1).job_id]


def test_an_error_that_nobody_foresaw_is_a_page_too_and_says_nothing(open_report, mail, said):
    error = KeyError("batbold@example.com")

    class Broken:
        def read(self, job_id, *, now_ms):
            raise error

    answer = open_report(reader=Broken()).confirm(mail(), languages="en")
    assert answer.status == 500
    assert AGAIN["en"] in answer.text
    assert_helps(answer)
    line = said.logged("report failed")
    assert line["error_type"] == "KeyError"
    assert "in read" in line["frames"]
    assert "batbold" not in said.text + answer.text


def every_answer(open_report, out_of_reach, mail, clock):
    token = mail()
    door = open_report()
    yield door.look(token)
    yield door.confirm(token)
    yield door.look(token[:-1])
    yield open_report(reader=out_of_reach("DYNAMODB", report_parts).reader).confirm(token)
    clock.advance(LIFETIME_MS)
    yield door.look(token)


def test_no_answer_is_kept_found_framed_or_told_to_others(open_report, out_of_reach, mail, clock):
    answers = list(every_answer(open_report, out_of_reach, mail, clock))
    assert [answer.status for answer in answers] == [200, 200, 404, 503, 410]
    for answer in answers:
        headers = answer.headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers
        assert re.fullmatch(
            r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; "
            r"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            headers["Content-Security-Policy"],
        )


def test_neither_the_link_nor_a_person_is_told_to_the_log(
    open_report, out_of_reach, mail, clock, said
):
    token = mail()
    for _ in every_answer(open_report, out_of_reach, mail, clock):
        pass
    told = {line["message"] for line in said.log}
    assert told == {"sign-in reported", "report link refused", "report not served"}
    for secret in (token, token[:30], token[-30:], "user-123", "user@example.com", "203.0.113.7"):
        assert secret not in said.text


def test_any_other_address_is_a_page_that_leads_to_nothing(report_door):
    answer = report_door.call("GET", "a/b")
    assert answer.status == 404
    assert INVALID["mn"] in answer.text
