"""What the auth flow gets when it posts a sign-in that we take."""

import json

from tests.functions.requests import a_body


def test_an_accepted_sign_in_is_answered_202_with_its_job(api):
    answer = api.post(a_body())
    job_id = answer.json["jobId"]

    assert answer.status == 202
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Location"] == f"/api/jobs/{job_id}"
    assert answer.json == {
        "message": "Sign-in notification job enqueued",
        "jobId": job_id,
        "status": "enqueued",
    }
