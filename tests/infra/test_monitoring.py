"""Whom alarms tell, and how; who is let in on it is test_resource_policies' matter."""

TOPIC = "Alarms/Topic"


def test_every_alarm_tells_the_topic_when_it_rings_and_when_it_stops(prod):
    for alarm in prod.monitoring.every("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC]


def test_the_topic_refuses_plain_http(prod):
    policy = prod.monitoring.at(f"{TOPIC}/Policy")
    [denial] = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
    assert policy["Topics"] == [TOPIC]
    assert (denial["Principal"], denial["Action"]) == ("*", "sns:Publish")
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_topic_is_encrypted_with_a_key_that_rotates(prod):
    assert prod.monitoring.at(TOPIC)["KmsMasterKeyId"] == f"{TOPIC}Key.Arn"
    assert prod.monitoring.at(f"{TOPIC}Key")["EnableKeyRotation"] is True


def test_the_address_of_the_stage_is_told(prod):
    [subscription] = prod.monitoring.every("AWS::SNS::Subscription").values()
    assert subscription == {
        "Protocol": "email",
        "Endpoint": "oncall@example.com",
        "TopicArn": TOPIC,
    }


def test_without_an_address_nobody_is_subscribed(dev):
    assert not dev.monitoring.every("AWS::SNS::Subscription")
