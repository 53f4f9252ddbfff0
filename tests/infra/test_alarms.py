"""What rings, and when."""

import pytest

from tests.watched import METRICS

FUNCTIONS = ("api", "worker", "admin", "sweeper", "feedback", "report")


@pytest.fixture(scope="session")
def alarms(prod):
    return prod.monitoring.every("AWS::CloudWatch::Alarm")


def test_these_alarms_and_no_others_exist(alarms):
    assert set(alarms) == {
        "dead-letters",
        "dead-jobs",
        "delivery-failed",
        "signing-key",
        "counters-lost",
        "feedback-dead-letters",
        "oldest-message",
        "parked",
        "api-5xx",
        "api-latency",
        "not-queued",
        "sweeper-silent",
        "repair-failed",
        "duty-interrupted",
        "reports-not-sent",
        "report-dead-letters",
        "bounce-rate",
        "complaint-rate",
        *(f"{function}-{what}" for function in FUNCTIONS for what in ("errors", "throttles")),
    }


@pytest.mark.parametrize(
    ("name", "queue"),
    [
        ("dead-letters", "Delivery/DeadLetters.QueueName"),
        ("feedback-dead-letters", "SesEvents/Inbox/DeadLetters.QueueName"),
        ("report-dead-letters", "ReportTarget/DeadLetters.QueueName"),
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


#: name: metric of our own, statistic, threshold, seconds, how often in a row
OWN = {
    "parked": ("ParkedNow", "Maximum", 1, 300, 1),
    "dead-jobs": ("DeadNow", "Maximum", 1, 300, 1),
    "delivery-failed": ("DeliveryFailed", "Sum", 1, 300, 1),
    "signing-key": ("SigningKeyOutOfReach", "Sum", 3, 300, 1),
    "counters-lost": ("CountersLost", "Sum", 3, 300, 1),
    "not-queued": ("NotQueued", "Sum", 5, 300, 1),
    "sweeper-silent": ("Swept", "Sum", 1, 60, 5),
    "repair-failed": ("RepairFailed", "Sum", 1, 300, 1),
    "duty-interrupted": ("DutyInterrupted", "Sum", 3, 300, 1),
    "reports-not-sent": ("ReportsNotResent", "Sum", 1, 300, 1),
}


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("name", OWN)
def test_what_the_functions_tell_rings_in_its_own_stage(name, stage, request):
    stacks = request.getfixturevalue(stage)
    function = stacks.notifier.at("Worker/Function")["Environment"]["Variables"]
    alarm = stacks.monitoring.at(name)
    metric, statistic, *when = OWN[name]
    assert alarm["Namespace"] == function["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["Dimensions"] == [
        {"Name": "service", "Value": function["POWERTOOLS_SERVICE_NAME"]}
    ]
    assert (alarm["MetricName"], alarm["Statistic"]) == (metric, statistic)
    assert [alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]] == when


def test_no_alarm_waits_for_a_metric_that_nobody_writes(alarms):
    own = {
        alarm["MetricName"]
        for alarm in alarms.values()
        if alarm.get("Namespace") == "SigninNotifier"
    }
    assert own == {metric for metric, *_ in OWN.values()}
    assert own <= METRICS.keys()


def test_mails_that_wait_for_five_minutes_ring(alarms):
    alarm = alarms["oldest-message"]
    assert alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert alarm["Statistic"] == "Maximum"
    assert _dimension(alarm) == "Delivery/Queue.QueueName"
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (300, 60, 3)


def test_failing_answers_ring(alarms):
    alarm = alarms["api-5xx"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5xx")
    assert _dimension(alarm) == "Http/HttpApi"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 5, 300)


def test_slow_answers_ring_however_few_they_are(alarms):
    alarm = alarms["api-latency"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "Latency")
    assert _dimension(alarm) == "Http/HttpApi"
    assert alarm["ExtendedStatistic"] == "p99"
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (3000, 300, 3)
    assert "EvaluateLowSampleCountPercentile" not in alarm


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_one_failing_or_throttled_run_of_a_function_rings(name, metric, alarms):
    alarm = alarms[f"{name}-{metric.lower()}"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", metric)
    assert _dimension(alarm) == f"{name.title()}/Function"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 1, 300)


@pytest.mark.parametrize(
    ("name", "metric", "share"),
    [
        ("bounce-rate", "Reputation.BounceRate", 0.05),
        ("complaint-rate", "Reputation.ComplaintRate", 0.001),
    ],
)
def test_a_share_above_what_ses_allows_the_account_rings(name, metric, share, alarms):
    alarm = alarms[name]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SES", metric)
    assert "Dimensions" not in alarm
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Maximum", share, 3600)


def test_silence_is_an_alarm_only_where_somebody_speaks_every_minute(alarms):
    by_silence = {}
    for name, alarm in alarms.items():
        by_silence.setdefault(alarm["TreatMissingData"], set()).add(name)
    assert by_silence.pop("breaching") == {"sweeper-silent"}
    assert by_silence.pop("ignore") == {"bounce-rate", "complaint-rate"}
    assert set(by_silence) == {"notBreaching"}


def test_only_the_sweeper_s_silence_is_too_little_all_else_is_too_much(alarms):
    downwards = {
        name
        for name, alarm in alarms.items()
        if not alarm["ComparisonOperator"].startswith("GreaterThan")
    }
    assert downwards == {"sweeper-silent"}
    assert alarms["sweeper-silent"]["ComparisonOperator"] == "LessThanThreshold"


def test_every_alarm_says_what_to_do(alarms):
    for alarm in alarms.values():
        meaning, _, what_to_do = alarm["AlarmDescription"].partition(". ")
        assert meaning
        assert what_to_do.split()[0] in {"List", "Look", "Find"}


def test_alarms_are_named_after_their_stage(alarms):
    assert all(
        alarm["AlarmName"] == f"signin-notifier-prod-{path}" for path, alarm in alarms.items()
    )


def _dimension(metric):
    """The construct that a metric is of."""
    [dimension] = metric["Dimensions"]
    return dimension["Value"]
