"""Whom alarms tell, and how: the topic and its key."""

TOPIC = "Alarms/Topic"


def test_every_alarm_tells_the_topic_when_it_rings_and_when_it_stops(prod):
    for alarm in prod.monitoring.every("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC]


def test_the_topic_takes_alarms_of_this_account_over_tls_only(prod):
    policy = prod.monitoring.at(f"{TOPIC}/Policy")
    deny, allow = policy["PolicyDocument"]["Statement"]
    assert policy["Topics"] == [TOPIC]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sns:Publish")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sns:Publish")
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": "AWS::AccountId"}}


def test_the_topic_is_encrypted_with_a_key_that_alarms_may_use(prod):
    assert prod.monitoring.at(TOPIC)["KmsMasterKeyId"] == "Alarms/TopicKey.Arn"
    key = prod.monitoring.at("Alarms/TopicKey")
    [statement] = [
        statement
        for statement in key["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    ]
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert key["EnableKeyRotation"] is True


def test_the_address_of_the_stage_is_told(prod):
    [subscription] = prod.monitoring.every("AWS::SNS::Subscription").values()
    assert subscription == {
        "Protocol": "email",
        "Endpoint": "oncall@example.com",
        "TopicArn": TOPIC,
    }


def test_without_an_address_nobody_is_subscribed(dev):
    assert not dev.monitoring.every("AWS::SNS::Subscription")
