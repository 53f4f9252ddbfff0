"""What is said of the alarm address."""

import pytest

from operations.checks.alarms import look_at_alarms

ADDRESS = "oncall@example.com"


@pytest.fixture
def topic(session):
    return session.client("sns").create_topic(Name="alarms")["TopicArn"]


@pytest.fixture
def monitoring(topic):
    return {"AlarmTopicArn": topic}


def subscribed(session, topic, arn):
    session.answers(
        "sns.ListSubscriptionsByTopic",
        {"Subscriptions": [{"Protocol": "email", "Endpoint": ADDRESS, "SubscriptionArn": arn}]},
    )


def test_an_address_that_has_confirmed_is_well(session, stage, topic, monitoring, the_one):
    session.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint=ADDRESS)
    assert ADDRESS in the_one(look_at_alarms(stage, monitoring), "alarms", "well")


def test_an_address_that_has_not_confirmed_is_told_with_how_to_get_another_mail(
    session, stage, topic, monitoring, the_one
):
    subscribed(session, topic, "PendingConfirmation")
    said = the_one(look_at_alarms(stage, monitoring), "alarms", "WRONG")
    assert f"{ADDRESS} has not confirmed. Open the link" in said
    assert said.splitlines()[1] == (
        f"aws sns subscribe --region eu-west-1 --topic-arn {topic} --protocol email"
        f" --notification-endpoint {ADDRESS}"
    )


def test_an_address_that_has_unsubscribed_is_told(stage, monitoring, the_one):
    said = the_one(look_at_alarms(stage, monitoring), "alarms", "WRONG")
    assert "is not subscribed any more" in said


def test_alarms_that_are_not_deployed_are_wrong(stage, the_one):
    said = the_one(look_at_alarms(stage, None), "alarms", "WRONG")
    assert "make deploy STAGE=prod" in said


def test_dev_may_do_without_and_it_is_said(stage_of, monitoring, the_one):
    stage = stage_of("dev", alarm_email=None)
    assert "nobody is told" in the_one(look_at_alarms(stage, monitoring), "alarms", "well")


def test_the_emulator_has_no_alarms_and_it_is_said(stage_of, the_one):
    stage = stage_of("local", account="000000000000")
    assert "emulator" in the_one(look_at_alarms(stage, None), "alarms", "unknown")


def test_a_topic_that_may_not_be_looked_at_is_not_called_wrong(session, stage, monitoring, the_one):
    session.refuses("sns.ListSubscriptionsByTopic", "AuthorizationError", status=403)
    assert "may not ask" in the_one(look_at_alarms(stage, monitoring), "alarms", "unknown")
