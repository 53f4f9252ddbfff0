"""Who is told of reported sign-ins: the application, or else the operators."""

import pytest

from functions.adapters.event_bus import REPORTED, SOURCE

PATTERN = {"source": ["signin-notifier"], "detail-type": ["signin.reported"]}
TOPIC = "Alarms/Topic"
UNTOLD = "Alarms/UntoldReports"


def report_rules(template):
    rules = template.every("AWS::Events::Rule")
    return {path: rule for path, rule in rules.items() if "EventPattern" in rule}


@pytest.fixture
def rule(prod):
    return prod.notifier.at("ReportTarget/Rule")


def test_the_application_s_address_is_told_of_its_own_stage(prod, rule):
    assert rule["EventPattern"] == PATTERN | {"detail": {"stage": ["prod"]}}
    [target] = rule["Targets"]
    assert target["Arn"] == "ReportTarget/Destination/ApiDestination.Arn"
    destination = prod.notifier.at("ReportTarget/Destination/ApiDestination")
    assert destination["InvocationEndpoint"] == "https://example.com/hooks/reported"
    assert destination["HttpMethod"] == "POST"
    assert destination["ConnectionArn"] == "ReportTarget/Connection/Connection.Arn"


def test_it_is_tried_for_a_day_and_then_kept(rule):
    [target] = rule["Targets"]
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 86_400,
        "MaximumRetryAttempts": 185,
    }
    assert target["DeadLetterConfig"] == {"Arn": "ReportTarget/DeadLetters.Arn"}


def test_it_knows_us_by_a_key_that_the_template_does_not_show(prod):
    connection = prod.notifier.at("ReportTarget/Connection/Connection")
    assert connection["AuthorizationType"] == "API_KEY"
    [(kind, parameters)] = connection["AuthParameters"].items()
    assert kind == "ApiKeyAuthParameters"
    assert parameters["ApiKeyName"] == "X-Api-Key"
    assert parameters["ApiKeyValue"].startswith("{{resolve:secretsmanager:arn:aws:secretsmanager:")


def test_its_dead_letters_stay_for_fourteen_days_encrypted_and_only_the_rule_may_add_any(prod):
    queue = prod.notifier.at("ReportTarget/DeadLetters")
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True
    deny, allow = prod.notifier.at("ReportTarget/DeadLetters/Policy")["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sqs:SendMessage")
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": "ReportTarget/Rule.Arn"}}


def test_without_an_address_the_operators_are_told(dev):
    assert not report_rules(dev.notifier)
    [rule] = report_rules(dev.monitoring).values()
    assert rule["EventPattern"] == PATTERN | {"detail": {"stage": ["dev"]}}
    [target] = rule["Targets"]
    assert target["Arn"] == TOPIC
    said = target["InputTransformer"]
    assert set(said["InputPathsMap"].values()) == {"$.detail.id", "$.detail.reportedAt"}
    assert "docs/OPERATIONS.md#a-reported-sign-in" in said["InputTemplate"]


def test_what_the_operators_are_not_told_for_a_day_is_kept_and_rings(dev):
    [rule] = report_rules(dev.monitoring).values()
    [target] = rule["Targets"]
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 86_400,
        "MaximumRetryAttempts": 185,
    }
    assert target["DeadLetterConfig"] == {"Arn": f"{UNTOLD}.Arn"}
    queue = dev.monitoring.at(UNTOLD)
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True
    _, allow = dev.monitoring.at(f"{UNTOLD}/Policy")["PolicyDocument"]["Statement"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": "Alarms/Reports.Arn"}}
    counted = dev.monitoring.at("report-dead-letters")["Metrics"][1:]
    assert {
        dimension["Value"]
        for part in counted
        for dimension in part["MetricStat"]["Metric"]["Dimensions"]
    } == {f"{UNTOLD}.QueueName"}
    assert dev.monitoring.outputs["ReportDeadLetterQueueUrl"] == UNTOLD


def test_the_operators_topic_and_its_key_take_events_only_where_there_are_any(dev, prod):
    assert "events.amazonaws.com" not in str(prod.monitoring.at(f"{TOPIC}/Policy"))
    assert "events.amazonaws.com" not in str(prod.monitoring.at("Alarms/TopicKey"))
    [statement] = _of_events(dev.monitoring.at(f"{TOPIC}/Policy")["PolicyDocument"])
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
    assert statement["Resource"] == TOPIC
    [statement] = _of_events(dev.monitoring.at("Alarms/TopicKey")["KeyPolicy"])
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def _of_events(policy):
    principal = {"Service": "events.amazonaws.com"}
    return [s for s in policy["Statement"] if s["Principal"] == principal]


def test_with_an_address_the_operators_are_told_of_its_dead_letters_only(prod):
    assert not report_rules(prod.monitoring)
    assert "report-dead-letters" in prod.monitoring.every("AWS::CloudWatch::Alarm")


def test_the_laptop_tells_nobody_by_itself(local):
    assert not report_rules(local.notifier)
    assert not local.notifier.every("AWS::Events::ApiDestination")
    assert not local.notifier.every("AWS::Events::Connection")


def test_the_source_and_the_type_are_those_of_the_functions():
    assert PATTERN == {"source": [SOURCE], "detail-type": [REPORTED]}
