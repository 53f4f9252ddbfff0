"""What the dashboard shows."""

import json

import pytest

from tests.infra.templates import a_config, synthesize
from tests.watched import METRICS

OURS = "SigninNotifier"


def graphs(stacks):
    """The metrics of each graph, by its title: namespace, name, dimensions, and options."""
    [dashboard] = stacks.monitoring.every("AWS::CloudWatch::Dashboard").values()
    shown = {}
    for widget in json.loads(dashboard["DashboardBody"])["widgets"]:
        properties = widget["properties"]
        shown[properties["title"]] = [
            {
                "namespace": namespace,
                "name": name,
                "dimensions": dict(zip(rest[::2], rest[1::2], strict=True)),
                **options,
            }
            for namespace, name, *rest, options in map(_with_options, properties.get("metrics", []))
        ]
    return shown


def _with_options(metric):
    return metric if isinstance(metric[-1], dict) else [*metric, {}]


@pytest.fixture(scope="module")
def shown(prod):
    return graphs(prod)


def names(graph):
    return [metric["name"] for metric in graph]


def test_all_alarms_stand_on_top(prod):
    [dashboard] = prod.monitoring.every("AWS::CloudWatch::Dashboard").values()
    first, *_ = json.loads(dashboard["DashboardBody"])["widgets"]
    assert first["type"] == "alarm"
    assert {arn.removesuffix(".Arn") for arn in first["properties"]["alarms"]} == set(
        prod.monitoring.every("AWS::CloudWatch::Alarm")
    )


def test_jobs_are_shown_from_acceptance_to_their_end(shown):
    assert names(shown["Sign ins"]) == ["Accepted", "Refused", "NotQueued"]
    assert names(shown["Reports"]) == ["Reported", "ReportNotSent"]
    assert names(shown["Jobs"]) == ["Completed", "Retried", "Parked", "Dead"]
    assert {metric["stat"] for metric in shown["Enqueue to sent"]} == {"p50", "p95", "p99"}


def test_queues_are_shown_with_depth_age_and_dead_letters(shown):
    assert names(shown["Queue"]) == [
        "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfMessagesNotVisible",
    ]
    assert names(shown["Oldest message"]) == ["ApproximateAgeOfOldestMessage"]
    assert [metric["label"] for metric in shown["Dead letters"]] == [
        "dead",
        "dead SES events",
        "reports",
    ]


@pytest.mark.parametrize(
    ("title", "metric"),
    [
        ("Errors", "Errors"),
        ("Throttles", "Throttles"),
        ("Duration p99", "Duration"),
        ("Concurrency", "ConcurrentExecutions"),
    ],
)
def test_each_function_is_in_each_graph_of_functions(title, metric, shown):
    assert {m["label"] for m in shown[title]} == {
        *("api", "worker", "admin", "sweeper", "feedback", "report")
    }
    assert set(names(shown[title])) == {metric}


def test_the_table_and_its_index_are_shown_with_throttles_and_latency(shown):
    assert names(shown["Table throttles"]) == ["ReadThrottleEvents", "WriteThrottleEvents"] * 2
    assert {m["dimensions"].get("GlobalSecondaryIndexName") for m in shown["Table throttles"]} == {
        None,
        "by-state",
    }
    assert {m["dimensions"]["Operation"] for m in shown["Table latency p99"]} == {
        "TransactWriteItems",
        "UpdateItem",
        "GetItem",
        "Query",
    }


def test_the_api_is_shown_with_answers_and_latency(shown):
    assert names(shown["API answers"]) == ["Count", "4xx", "5xx"]
    assert {metric["stat"] for metric in shown["API latency"]} == {"p50", "p95", "p99"}


def test_mails_are_shown_of_the_account_and_of_this_stage(shown):
    assert names(shown["Mails of the whole account"]) == [
        *("Send", "Delivery", "Bounce", "Complaint", "Reject")
    ]
    assert names(shown["Reputation of the whole account"]) == [
        "Reputation.BounceRate",
        "Reputation.ComplaintRate",
    ]
    assert names(shown["Bounces and complaints of this stage"]) == ["BouncedHard", "Complained"]


def test_what_the_functions_tell_is_shown_of_this_stage_and_really_written(stage_on_aws):
    function = stage_on_aws.notifier.at("Worker/Function")["Environment"]["Variables"]
    own = [m for graph in graphs(stage_on_aws).values() for m in graph if m["namespace"] == OURS]
    assert {metric["name"] for metric in own} <= METRICS.keys()
    assert [m["dimensions"] for m in own] == [
        {"service": function["POWERTOOLS_SERVICE_NAME"]}
    ] * len(own)


def test_it_is_found_by_its_stage_s_name_and_address(prod):
    [dashboard] = prod.monitoring.every("AWS::CloudWatch::Dashboard").values()
    assert dashboard["DashboardName"] == "signin-notifier-prod"
    assert prod.monitoring.outputs["DashboardUrl"].endswith(
        "#dashboards/dashboard/signin-notifier-prod"
    )


def test_a_stage_that_mails_by_smtp_shows_and_rings_nothing_of_ses(tmp_path):
    config = a_config("dev", mail_transport="smtp", smtp_host="smtp.example.com")
    stacks = synthesize(config, tmp_path)
    assert "AWS/SES" not in str(stacks.monitoring.resources)
    assert [metric["label"] for metric in graphs(stacks)["Dead letters"]] == ["dead", "reports"]
