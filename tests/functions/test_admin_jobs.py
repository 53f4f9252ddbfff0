"""One job in full, and a user's last jobs: all that is known, personal data masked."""

import pytest

from functions.domain.model import Attempt, ErrorClass, Location, Status
from tests.builders import a_failure, a_job, a_job_with_everything, a_sign_in, job_number
from tests.functions.cloud import PRODUCER_KEY
from tests.functions.events import a_body, texts


def test_a_job_whose_sign_in_was_reported_says_when(admin, report_door, mail, clock):
    token = mail(1)
    clock.advance(seconds=60)
    report_door.confirm(token)
    shown = admin.job(job_number(1).job_id).json
    assert shown["reportedAt"] == "2025-12-19T07:01:00.000Z"


def test_a_job_is_shown_with_all_that_is_known_of_it(admin, cloud):
    job = a_job_with_everything()
    cloud.put(job)
    cloud.hear_delivered(job.job_id)

    assert admin.job(job.job_id).json == {
        "jobId": job.job_id,
        "jobType": "user.signin.notification",
        "status": "processing",
        "error": "SES takes mails more slowly than we send.",
        "errorClass": "unknown",
        "errorType": "ReadTimeout",
        "stackTrace": "  File ses.py, line 1, in send",
        "attemptCount": 3,
        "tries": 4,
        "run": 2,
        "createdAt": "2025-12-19T07:00:00.000Z",
        "processedAt": "2025-12-19T07:00:00.001Z",
        "notBefore": "2025-12-19T07:00:00.002Z",
        "due": "2025-12-19T07:00:00.004Z",
        "delivery": "delivered",
        "wentOut": True,
        "mayHaveLeft": True,
        "reportedAt": None,
        "recipient": "u***@example.com",
        "signIn": {
            "userId": "user-123",
            "name": "J***",
            "provider": "github",
            "signedInAt": "2025-12-19T07:00:00.000Z",
            "ipAddress": "203.0.113.*",
            "userAgent": job.sign_in.user_agent,
            "locale": "mn-MN",
            "timeZone": "Asia/Hovd",
            "location": {"city": "Дархан", "region": "Дархан-Уул", "country": "MN"},
        },
        "attempts": [
            {
                "startedAt": "1970-01-01T00:00:00.001Z",
                "endedAt": "1970-01-01T00:00:00.002Z",
                "error": "SES takes mails more slowly than we send.",
                "errorClass": "transient",
                "errorType": "TooManyRequestsException",
                "stackTrace": "  File ses.py, line 1, in send",
            },
            {
                "startedAt": "1970-01-01T00:00:00.003Z",
                "endedAt": "1970-01-01T00:00:00.004Z",
                "error": "SES takes mails more slowly than we send.",
                "errorClass": "unknown",
                "errorType": "ReadTimeout",
                "stackTrace": "  File ses.py, line 1, in send",
            },
        ],
        "interventions": [
            {
                "action": "replayed",
                "at": "1970-01-01T00:00:00.005Z",
                "by": "Дорж",
                "reason": "SES is back",
            },
            {"action": "discarded", "at": "1970-01-01T00:00:00.006Z", "by": None, "reason": None},
        ],
    }


@pytest.mark.parametrize(
    ("unknown_outcomes", "went_out", "may_have_left"),
    [(0, False, False), (1, False, True), (0, True, True)],
)
def test_whether_a_mail_may_have_left_is_told_of_a_job(
    unknown_outcomes, went_out, may_have_left, admin, cloud
):
    job = a_job(unknown_outcomes=unknown_outcomes)
    cloud.put(job)
    if went_out:
        cloud.hear_delivered(job.job_id)

    shown = admin.job(job.job_id).json

    assert (shown["wentOut"], shown["mayHaveLeft"]) == (went_out, may_have_left)
    assert shown["notBefore"] is None


def test_nothing_personal_is_shown_whole(admin, cloud):
    sign_in = a_sign_in(
        name="Батболд", email="batbold@example.com", location=Location(city="Darkhan")
    )
    job = a_job(sign_in=sign_in)
    cloud.put(job)

    shown = "\n".join(texts(admin.job(job.job_id).json))

    for personal in (sign_in.name, sign_in.email, sign_in.ip_address):
        assert personal not in shown


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("203.0.113.7", "203.0.113.*"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:*"),
        ("2001:db8::1", "2001:db8:0:*"),
        ("::1", "0:0:0:*"),
        (None, None),
    ],
)
def test_an_ip_address_is_shown_as_its_network(address, masked, admin, cloud):
    job = a_job(sign_in=a_sign_in(ip_address=address))
    cloud.put(job)
    assert admin.job(job.job_id).json["signIn"]["ipAddress"] == masked


def test_an_attempt_is_shown_while_the_job_waits_for_the_next(admin, api, worker, cloud):
    job_id = api.accept(a_body(email="down@simulator.test"))
    worker.take(cloud.receive())

    job = admin.job(job_id).json

    assert (job["status"], job["attemptCount"]) == ("retrying", 1)
    [attempt] = job["attempts"]
    assert attempt["errorType"] == "SimulatedOutage"
    assert "simulator.py" in attempt["stackTrace"]


@pytest.mark.parametrize("job_id", ["signin-", "user%23user-123", "x", a_job().job_id])
def test_a_job_that_does_not_exist_is_not_found(job_id, admin):
    assert admin.job(job_id).status == 404


def test_a_user_s_last_jobs_are_listed_newest_first(admin, api, clock):
    posted = []
    for _ in range(3):
        posted.append(api.accept(a_body()))
        clock.advance(seconds=60)
    api.accept(a_body(userId="somebody-else"))

    answer = admin.jobs_of("user-8161")

    assert answer.status == 200
    assert answer.json["count"] == 3
    assert [job["jobId"] for job in answer.json["jobs"]] == posted[::-1]
    assert answer.json["jobs"][0] == {
        "jobId": posted[-1],
        "jobType": "user.signin.notification",
        "status": "enqueued",
        "error": None,
        "errorClass": None,
        "errorType": None,
        "attemptCount": 0,
        "createdAt": "2025-12-19T07:02:00.000Z",
        "processedAt": None,
        "delivery": None,
        "recipient": "b***@example.com",
    }


def test_a_job_that_has_expired_is_not_listed(admin, api, clock):
    api.accept(a_body())
    clock.advance(seconds=31 * 86_400)
    assert admin.jobs_of("user-8161").json == {"count": 0, "jobs": []}


def test_a_user_without_jobs_has_an_empty_list(admin):
    assert admin.jobs_of("nobody").json == {"count": 0, "jobs": []}


@pytest.mark.parametrize("query", [{}, {"userId": ""}, {"userId": "x" * 257}, {"user": "x"}])
def test_a_search_that_breaks_a_rule_is_refused(query, admin):
    answer = admin.call("GET", "/api/admin/jobs", key="local-admin-key", query=query)
    assert answer.status == 400
    assert "x" * 257 not in answer.text


@pytest.mark.parametrize("path", ["/api/admin/jobs", "/api/admin/stats", "/api/admin/jobs/x"])
@pytest.mark.parametrize(("key", "status"), [(None, 401), ("wrong", 401), (PRODUCER_KEY, 403)])
def test_only_the_admin_key_sees(path, key, status, admin):
    assert admin.call("GET", path, key=key).status == status


def test_a_user_id_that_is_an_address_is_masked(admin, cloud):
    job = a_job(sign_in=a_sign_in(user_id="batbold@example.com"))
    cloud.put(job)
    assert admin.job(job.job_id).json["signIn"]["userId"] == "b***@example.com"


def test_of_a_message_without_a_job_no_sign_in_is_told(admin, cloud, sweeper):
    cloud.send_dead_letter("rubbish")
    sweeper.sweep()
    [dead] = admin.dlq().json["jobs"]
    assert admin.job(dead["jobId"]).json["signIn"] is None


def test_hostile_text_is_shown_as_it_is_stored(admin, cloud):
    hostile = '<img src=x onerror="alert(1)">'
    failure = a_failure(error_class=ErrorClass.PERMANENT, error_type=hostile, error=hostile)
    job = a_job(
        sign_in=a_sign_in(user_agent=hostile, name=hostile),
        status=Status.DLQ,
        processed_at_ms=1,
        last_failure=failure,
        attempts=(Attempt(started_at_ms=1, ended_at_ms=2, failure=failure),),
    )
    cloud.put(job)

    shown = admin.job(job.job_id)

    assert shown.headers["Content-Type"] == "application/json"
    assert shown.json["error"] == shown.json["signIn"]["userAgent"] == hostile
