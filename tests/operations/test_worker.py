"""Pausing and resuming: what is asked of Lambda, for how long, and what is said."""

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from operations.stage import OperationError, Stage
from operations.worker import DEADLINE_S, pause, resume

MAPPING = {"UUID": "14e0db71-5d35-4eb5-b481-8945cf9d10c2"}
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


class Session:
    """Hands out clients that expect exactly what the test says, in this order."""

    def __init__(self):
        self.stubs = {}

    def client(self, service, **options):
        assert options == {}
        return self.stub(service).client

    def stub(self, service):
        if service not in self.stubs:
            client = boto3.client(
                service,
                region_name="eu-west-1",
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=Config(retries={"total_max_attempts": 1}),
            )
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        return self.stubs[service]


class Time:
    """Passes only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()
        stub.client.close()


@pytest.fixture
def stage(session, config_of):
    return Stage(
        config=config_of(retention_days=30),
        region="eu-west-1",
        outputs={"WorkerEventSourceMappingId": MAPPING["UUID"], "QueueUrl": QUEUE_URL},
        session=session,
        client_options={},
    )


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def seen(session):
    """Expect looks at the mapping, which find it in these states."""

    def expect(*states):
        for state in states:
            session.stub("lambda").add_response(
                "get_event_source_mapping", {**MAPPING, "State": state}, MAPPING
            )

    return expect


@pytest.fixture
def asked(session):
    """Expect that the mapping is asked to change."""

    def expect(*, enabled):
        session.stub("lambda").add_response(
            "update_event_source_mapping", MAPPING, {**MAPPING, "Enabled": enabled}
        )

    return expect


@pytest.fixture
def queue(session):
    """Expect a look at the queue."""

    def expect(*, retention_s, waiting=0, in_flight=0, delayed=0):
        counts = {
            "ApproximateNumberOfMessages": str(waiting),
            "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            "ApproximateNumberOfMessagesDelayed": str(delayed),
        }
        session.stub("sqs").add_response(
            "get_queue_attributes",
            {"Attributes": {"MessageRetentionPeriod": str(retention_s), **counts}},
            {"QueueUrl": QUEUE_URL, "AttributeNames": ["MessageRetentionPeriod", *counts]},
        )

    return expect


def run(operation, stage, time):
    return operation(stage, clock=time.clock, sleep=time.sleep)


def test_a_pause_waits_until_it_is_one_and_says_what_becomes_of_the_mails(
    stage, time, seen, asked, queue
):
    seen("Enabled")
    asked(enabled=False)
    seen("Enabled", "Disabling", "Disabled")
    queue(waiting=7, in_flight=3, delayed=2, retention_s=345_600)
    said = run(pause, stage, time)
    assert said.startswith("The worker of stage prod (eu-west-1) is paused.")
    assert "About 12 messages are in the queue now: 7 waiting, 3 in flight, 2 delayed." in said
    assert "keeps a message for 4 days" in said
    assert "after 30 days" in said
    assert said.endswith("make resume STAGE=prod")
    assert time.now == 3


def test_the_retention_that_is_told_is_the_queue_s_own(stage, time, seen, queue):
    seen("Disabled")
    queue(retention_s=43_200)
    assert "keeps a message for 0.5 days" in run(pause, stage, time)


def test_a_second_pause_changes_nothing_and_says_so(stage, time, seen, queue):
    seen("Disabled")
    queue(retention_s=345_600)
    assert "was paused already" in run(pause, stage, time)
    assert time.now == 0


def test_resuming_waits_until_messages_flow(stage, time, seen, asked):
    seen("Disabled")
    asked(enabled=True)
    seen("Enabling", "Enabled")
    assert "runs again" in run(resume, stage, time)


def test_a_second_resume_changes_nothing_and_says_so(stage, time, seen):
    seen("Enabled")
    assert "was running already" in run(resume, stage, time)


def test_somebody_else_s_change_is_waited_for_before_ours(stage, time, seen, asked):
    seen("Disabling", "Disabled")
    asked(enabled=True)
    seen("Enabled")
    assert "runs again" in run(resume, stage, time)


@pytest.mark.parametrize("code", ["ResourceInUseException", "ResourceConflictException"])
def test_a_lambda_that_is_busy_with_the_mapping_is_asked_again(
    code, stage, time, session, seen, asked
):
    seen("Disabled")
    session.stub("lambda").add_client_error("update_event_source_mapping", code)
    seen("Disabled")
    asked(enabled=True)
    seen("Enabled")
    assert "runs again" in run(resume, stage, time)


def test_a_change_that_does_not_come_about_is_given_up_with_its_state(stage, time, seen, asked):
    seen("Disabled")
    asked(enabled=True)
    seen(*["Enabling"] * int(DEADLINE_S))
    with pytest.raises(OperationError, match=r"is still enabling after 180 s"):
        run(resume, stage, time)
    assert time.now == DEADLINE_S


def test_a_refusal_is_told_with_aws_s_own_reason(stage, time, session, seen):
    seen("Disabled")
    session.stub("lambda").add_client_error(
        "update_event_source_mapping", "AccessDeniedException", "not authorized"
    )
    with pytest.raises(OperationError, match=r"AWS refused: .*AccessDenied.*not authorized"):
        run(resume, stage, time)


def test_a_stack_from_before_this_command_is_told_apart(config_of, session, time):
    stage = Stage(
        config=config_of(), region="eu-west-1", outputs={}, session=session, client_options={}
    )
    with pytest.raises(OperationError, match=r"Deploy it first: make deploy STAGE=prod"):
        run(pause, stage, time)
