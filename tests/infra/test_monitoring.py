"""What rings, when, and whom it tells."""

import pytest

TOPIC = "Alarms/Topic"


@pytest.fixture(scope="session")
def alarms(prod):
    return prod.monitoring.every("AWS::CloudWatch::Alarm")


def test_these_alarms_and_no_others_exist(alarms):
    assert set(alarms) == {
        "dead-letters",
        "feedback-dead-letters",
        "parked",
        "oldest-message",
        "api-5xx",
        *(
            f"{function}-{what}"
            for function in ("api", "worker", "admin", "sweeper", "feedback")
            for what in ("errors", "throttles")
        ),
    }


@pytest.mark.parametrize(
    ("name", "queue"),
    [
        ("dead-letters", "DeliveryDeadLetters"),
        ("feedback-dead-letters", "SesEventsInboxDeadLetters"),
    ],
)
def test_a_dead_letter_rings_even_while_somebody_looks_at_it(name, queue, alarms):
    alarm = alarms[name]
    total, *parts = alarm["Metrics"]
    assert total["Expression"] == "visible + inFlight"
    assert {
        part["Id"]: (part["MetricStat"]["Metric"]["MetricName"], part["MetricStat"]["Stat"])
        for part in parts
    } == {
        "visible": ("ApproximateNumberOfMessagesVisible", "Maximum"),
        "inFlight": ("ApproximateNumberOfMessagesNotVisible", "Maximum"),
    }
    assert {part["MetricStat"]["Period"] for part in parts} == {60}
    assert {_dimension(part["MetricStat"]["Metric"]) for part in parts} == {queue}
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (1, 1)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_job_that_the_worker_parks_rings_in_its_own_stage(stage, request):
    stacks = request.getfixturevalue(stage)
    worker = stacks.notifier.at("Worker/Function")["Environment"]["Variables"]
    alarm = stacks.monitoring.at("parked")
    assert alarm["Namespace"] == worker["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["MetricName"] == "Parked"
    assert alarm["Dimensions"] == [{"Name": "service", "Value": worker["POWERTOOLS_SERVICE_NAME"]}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 1, 300)


def test_mails_that_wait_for_five_minutes_ring(alarms):
    alarm = alarms["oldest-message"]
    assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert alarm["Statistic"] == "Maximum"
    assert _dimension(alarm) == "DeliveryQueue"
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (300, 60, 3)


def test_failing_answers_ring(alarms):
    alarm = alarms["api-5xx"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5xx")
    assert _dimension(alarm) == "HttpHttpApi"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 5, 300)


@pytest.mark.parametrize("name", ["Api", "Worker", "Admin", "Sweeper", "Feedback"])
@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_one_failing_or_throttled_run_of_a_function_rings(name, metric, alarms):
    alarm = alarms[f"{name.lower()}-{metric.lower()}"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", metric)
    assert _dimension(alarm) == f"{name}Function"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 1, 300)


def _dimension(metric):
    """The construct that a metric is of: the hash and the stack are cut off the export's name."""
    [dimension] = metric["Dimensions"]
    exported = dimension["Value"]["Fn::ImportValue"].partition(":ExportsOutput")[2]
    name = exported.removeprefix("Ref").removeprefix("FnGetAtt")
    return next(
        known
        for known in (
            "DeliveryDeadLetters",
            "SesEventsInboxDeadLetters",
            "DeliveryQueue",
            "HttpHttpApi",
            "ApiFunction",
            "WorkerFunction",
            "AdminFunction",
            "SweeperFunction",
            "FeedbackFunction",
        )
        if name.startswith(known)
    )


def test_silence_is_no_alarm(alarms):
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} == {"notBreaching"}


def test_every_alarm_compares_upwards(alarms):
    comparisons = {alarm["ComparisonOperator"] for alarm in alarms.values()}
    assert comparisons == {"GreaterThanOrEqualToThreshold"}


def test_every_alarm_tells_the_topic_when_it_rings_and_when_it_stops(alarms):
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC]


def test_every_alarm_says_what_to_do(alarms):
    for alarm in alarms.values():
        meaning, _, what_to_do = alarm["AlarmDescription"].partition(". ")
        assert meaning
        assert what_to_do.split()[0] in {"List", "Look", "Find"}


def test_alarms_are_named_after_their_stage(alarms):
    assert all(
        alarm["AlarmName"] == f"signin-notifier-prod-{path}" for path, alarm in alarms.items()
    )


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
