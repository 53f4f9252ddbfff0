"""What goes wrong behind the queue is repaired: crashes, lost answers and deployments.

Repairs take minutes by design, so everything is set going at the start, and looked at afterwards.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.people import a_person
from tests.e2e.process import wait_until
from tests.e2e.redeployment import NextVersion
from tests.e2e.stack import accepted, ms

#: the lease of a dead worker, a sweep, the wait after an unknown outcome, and SQS's own pace
REPAIR_S = 300
RUBBISH = json.dumps({"hello": "rubbish that is nobody's job"})


def failures_of(stack, job_id):
    attempts = stack.row(job_id)["attempts"]["L"]
    return [attempt["M"]["errorType"]["S"] for attempt in attempts]


@pytest.fixture(scope="module")
def redeployed(stack, tmp_path_factory):
    """200 jobs of 20 users, posted one after the other while all functions are replaced."""
    version = NextVersion(stack, tmp_path_factory.mktemp("next"))
    before = stack.function("Worker")
    people = [a_person() for _ in range(20)]
    # Every second round is mailed by its second attempt, 2 s later: many are open at any time.
    posts = [
        (person | ({"email": "fail-1@simulator.test"} if number % 2 else {}), f"post-{number}")
        for number in range(10)
        for person in people
    ]
    with ThreadPoolExecutor(1) as background:
        deployment = background.submit(version.deploy)
        job_ids = [stack.post_until_accepted(person, key=key) for person, key in posts[:160]]
        deployment.result()
    job_ids += [stack.post_until_accepted(person, key=key) for person, key in posts[160:]]
    after = stack.function("Worker")
    assert after["CodeSha256"] != before["CodeSha256"]
    return job_ids, ms(after["LastModified"])


@pytest.fixture(scope="module")
def wishes(stack, redeployed):
    """One job for each wish of the simulator, all past their first attempt."""
    del redeployed  # a deployment would count as one more crash

    def post(wish):
        return accepted(stack.post(a_person(email=f"{wish}@simulator.test")))

    ids = {
        "unknown-sent": post("unknown-sent"),
        "told": post("unknown-sent"),
        "unknown-lost": post("unknown-lost"),
        "paused": post("paused-1"),
    }
    for wish in ("unknown-sent", "told", "unknown-lost"):
        stack.until_job(ids[wish], "retrying")
    tell_of_the_sending(stack, ids["told"])
    stack.until_job(ids["paused"], "parked")
    # Last and one by one, or they would take others of their batch with them.
    for wish in ("crash-before", "crash-after"):
        ids[wish] = post(wish)
        stack.until_job(ids[wish], "processing")
    return ids


def tell_of_the_sending(stack, job_id):
    """Publish the event that SES publishes when it has taken a mail."""
    # https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html#event-publishing-retrieving-sns-send
    event = {
        "eventType": "Send",
        "mail": {
            "timestamp": "2016-10-14T05:02:16.645Z",
            "source": "sender@example.com",
            "messageId": "7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
            "destination": ["recipient@example.com"],
            "tags": {"ses:configuration-set": ["ConfigSet"], "jobId": [job_id]},
        },
        "send": {},
    }
    stack.client("sns").publish(
        TopicArn=stack.outputs["FeedbackTopicArn"], Message=json.dumps(event)
    )


@pytest.fixture(scope="module")
def orphan(stack):
    """A message that is nobody's job."""
    stack.client("sqs").send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody=RUBBISH)


@pytest.fixture(scope="module", autouse=True)
def everything_is_under_way(redeployed, orphan, wishes):
    """Set all of it going before the first test waits."""


def test_a_parked_job_has_used_no_attempt_and_leaves_when_its_time_has_come(stack, wishes):
    job_id = wishes["paused"]
    job = stack.job(job_id)
    assert (job["status"], job["attemptCount"], job["errorClass"]) == ("parked", 0, "account")
    assert stack.mails(job_id) == []
    # As if its ten minutes had passed; how long they are is the domain's tests' matter.
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["TableName"],
        Key={"pk": {"S": job_id}},
        UpdateExpression="SET stateOrder = :now",
        ConditionExpression="#status = :parked",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":now": {"S": f"{time.time_ns() // 1_000_000:013d}"},
            ":parked": {"S": "parked"},
        },
    )
    assert stack.until_job(job_id, "completed", seconds=120)["attemptCount"] == 1
    assert len(stack.mails(job_id)) == 1


def test_an_unknown_outcome_of_which_ses_tells_is_not_tried_again(stack, wishes):
    job_id = wishes["told"]
    job = stack.until_job(job_id, "completed", seconds=REPAIR_S)
    assert (job["attemptCount"], job["delivery"]) == (1, "sent")
    assert len(stack.mails(job_id)) == 1


def test_an_unknown_outcome_of_which_nobody_tells_is_tried_once_more_after_two_minutes(
    stack, wishes
):
    job_id = wishes["unknown-sent"]
    job = stack.until_job(job_id, "completed", seconds=REPAIR_S)
    assert job["attemptCount"] == 2
    second, first = stack.mails(job_id)
    assert ms(second["sentAt"]) - ms(first["sentAt"]) >= 119_000


def test_a_mail_that_was_lost_with_its_answer_leaves_two_minutes_later(stack, wishes):
    job_id = wishes["unknown-lost"]
    job = stack.until_job(job_id, "completed", seconds=REPAIR_S)
    assert job["attemptCount"] == 2
    [mail] = stack.mails(job_id)
    assert ms(mail["sentAt"]) - ms(job["createdAt"]) >= 119_000


def test_a_message_without_a_job_is_listed_among_the_dead(stack):
    def listed():
        path = "/api/admin/dlq?errorType=NoSuchJob&limit=100"
        return stack.call("GET", path, key=stack.admin_key).json()["jobs"]

    [entry] = wait_until(listed, seconds=120, what="the orphan in the list")
    assert entry["errorClass"] == "permanent"
    assert entry["recipient"] == ""
    assert RUBBISH in stack.dead_letters()


def test_the_death_of_a_worker_before_the_mail_left_costs_no_mail(stack, wishes):
    job_id = wishes["crash-before"]
    job = stack.until_job(job_id, "completed", seconds=REPAIR_S)
    assert job["attemptCount"] == 2
    assert failures_of(stack, job_id) == ["LeaseExpired"]
    assert len(stack.mails(job_id)) == 1


def test_the_death_of_a_worker_after_the_mail_left_sends_one_more_at_most(stack, wishes):
    job_id = wishes["crash-after"]
    job = stack.until_job(job_id, "completed", seconds=REPAIR_S)
    assert job["attemptCount"] == 2
    assert failures_of(stack, job_id) == ["LeaseExpired"]
    assert 1 <= len(stack.mails(job_id)) <= 2


def test_two_hundred_jobs_get_through_a_deployment(stack, redeployed):
    job_ids, deployed_ms = redeployed
    assert len(set(job_ids)) == 200
    stack.until_all(job_ids, "completed", seconds=REPAIR_S)
    rows = {job_id: stack.row(job_id) for job_id in job_ids}
    lives = [(int(r["createdAtMs"]["N"]), int(r["processedAtMs"]["N"])) for r in rows.values()]
    assert any(created_ms < deployed_ms < ended_ms for created_ms, ended_ms in lives)
    assert max(created_ms for created_ms, _ in lives) > deployed_ms
    killed = {job_id: failures_of(stack, job_id).count("LeaseExpired") for job_id in job_ids}
    mails = stack.mails_per_job(job_ids)
    assert all(1 <= mails[job_id] <= 1 + killed[job_id] <= 2 for job_id in job_ids)


def test_nothing_of_all_this_is_left_open(stack, redeployed, wishes):
    job_ids = [*redeployed[0], *wishes.values()]
    assert [job_id for job_id in job_ids if "stateShard" in stack.row(job_id)] == []
    # What dead workers had received is seen once more, and found to be done.
    wait_until(lambda: stack.queue_depth("QueueUrl") == 0, seconds=REPAIR_S, what="an empty queue")
