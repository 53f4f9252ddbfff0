"""What is deployed, property by property."""

import json
import sys
from typing import get_args

import pytest
from aws_cdk import Stack

from infra.function import LogGroup
from infra.setting_types import LogRetention
from tests.infra.templates import an_app
from tests.jobs_table import JOBS_TABLE

QUEUES = (
    "Delivery/Queue",
    "Delivery/DeadLetters",
    "SesEvents/Inbox/Queue",
    "SesEvents/Inbox/DeadLetters",
)


def test_the_table_is_restorable_and_encrypted(any_stage):
    table = any_stage.notifier.at("Jobs/Table")
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}


def test_rows_expire(any_stage):
    assert any_stage.notifier.at("Jobs/Table")["TimeToLiveSpecification"] == {
        "AttributeName": "expiresAt",
        "Enabled": True,
    }


def test_the_table_and_its_index_are_those_of_the_tests_without_a_stack(any_stage):
    table = any_stage.notifier.at("Jobs/Table")
    assert {name: table[name] for name in JOBS_TABLE} == JOBS_TABLE


def test_keys_are_made_at_deploy(stage_on_aws):
    for name in ("ProducerKey", "AdminKey", "Reporting/LinkKey"):
        secret = stage_on_aws.notifier.at(f"{name}/Secret")
        assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 40}
        assert "SecretString" not in secret


def test_the_laptop_s_keys_are_the_documented_ones(local):
    assert local.notifier.at("ProducerKey/Secret")["SecretString"] == "local-producer-key"
    assert local.notifier.at("AdminKey/Secret")["SecretString"] == "local-admin-key"


def test_a_message_returns_only_after_six_timeouts_of_the_worker(any_stage):
    timeout = any_stage.notifier.at("Worker/Function")["Timeout"]
    assert any_stage.notifier.at("Delivery/Queue")["VisibilityTimeout"] == 6 * timeout == 180


def test_an_event_returns_only_after_six_timeouts_of_feedback(any_stage):
    timeout = any_stage.notifier.at("Feedback/Function")["Timeout"]
    queue = any_stage.notifier.at("SesEvents/Inbox/Queue")
    assert queue["VisibilityTimeout"] == 6 * timeout == 360


def test_redrive_is_a_backstop_behind_the_table_s_count(any_stage):
    assert any_stage.notifier.at("Delivery/Queue")["RedrivePolicy"] == {
        "deadLetterTargetArn": "Delivery/DeadLetters.Arn",
        "maxReceiveCount": 10,
    }


def test_an_event_that_fails_five_times_becomes_a_dead_letter(any_stage):
    assert any_stage.notifier.at("SesEvents/Inbox/Queue")["RedrivePolicy"] == {
        "deadLetterTargetArn": "SesEvents/Inbox/DeadLetters.Arn",
        "maxReceiveCount": 5,
    }


@pytest.mark.parametrize("queue", ["Delivery/DeadLetters", "SesEvents/Inbox/DeadLetters"])
def test_dead_letters_stay_for_fourteen_days_and_five_minutes_out_of_sight(queue, any_stage):
    queue = any_stage.notifier.at(queue)
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["VisibilityTimeout"] == 5 * 60


@pytest.mark.parametrize("queue", QUEUES)
def test_queues_are_encrypted(queue, any_stage):
    assert any_stage.notifier.at(queue)["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("queue", QUEUES)
def test_queues_refuse_plain_http_on_aws(queue, stage_on_aws):
    policy = stage_on_aws.notifier.at(f"{queue}/Policy")
    assert policy["Queues"] == [queue]
    denials = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    ]
    assert denials == [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "sqs:*",
            "Resource": f"{queue}.Arn",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_the_emulator_s_queues_and_topic_take_plain_http(local):
    policies = [
        *local.notifier.every("AWS::SQS::QueuePolicy").values(),
        *local.notifier.every("AWS::SNS::TopicPolicy").values(),
    ]
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
    }
    assert effects == {"Allow"}


def test_the_worker_takes_ten_messages_and_reports_each_failure(prod):
    mapping = prod.notifier.at("Worker/Function/Messages")
    assert mapping == {
        "FunctionName": "Worker/Function",
        "EventSourceArn": "Delivery/Queue.Arn",
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 4},
    }


@pytest.mark.parametrize("name", ["Api", "Worker", "Admin", "Sweeper", "Feedback", "Report"])
def test_functions_run_python_3_13_on_arm_in_1_gb_with_traces_and_their_own_log(name, stage_on_aws):
    function = stage_on_aws.notifier.at(f"{name}/Function")
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == f"functions.{name.lower()}.handler"
    assert function["MemorySize"] == 1024
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert function["LoggingConfig"] == {"LogGroup": f"{name}/Logs"}


@pytest.mark.parametrize("name", ["Api", "Admin", "Report"])
def test_a_function_behind_the_api_ends_before_api_gateway_gives_up(name, stage_on_aws):
    # 30 s: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    assert stage_on_aws.notifier.at(f"{name}/Function")["Timeout"] < 30


def test_the_laptop_s_functions_run_the_python_that_they_are_built_with(local):
    for function in local.notifier.every("AWS::Lambda::Function").values():
        assert function["Runtime"] == f"python{sys.version_info.major}.{sys.version_info.minor}"


def test_all_functions_share_one_asset(any_stage):
    functions = any_stage.notifier.every("AWS::Lambda::Function").values()
    assert len({json.dumps(function["Code"]) for function in functions}) == 1


@pytest.mark.parametrize(("stage", "days"), [("local", 7), ("dev", 30), ("prod", 90)])
def test_every_log_is_kept_for_the_stage_s_days(stage, days, request):
    logs = request.getfixturevalue(stage).notifier.every("AWS::Logs::LogGroup")
    assert set(logs) == {
        *(f"{name}/Logs" for name in ("Api", "Worker", "Admin", "Sweeper", "Feedback", "Report")),
        "AccessLog",
    }
    assert {log["RetentionInDays"] for log in logs.values()} == {days}


@pytest.mark.parametrize("days", get_args(get_args(LogRetention)[0]))
def test_a_log_can_be_kept_for_all_days_that_a_stage_may_name(days, tmp_path):
    stack = Stack(an_app(tmp_path))
    log = LogGroup(stack, "Log", retention_days=days)
    assert stack.resolve(log.node.default_child.retention_in_days) == days


@pytest.mark.parametrize(
    ("stage", "identity"), [("dev", "no-reply@example.com"), ("prod", "example.com")]
)
def test_ses_verifies_the_sender_in_dev_and_its_whole_domain_in_prod(stage, identity, request):
    template = request.getfixturevalue(stage).notifier
    assert template.at("Sender/Identity")["EmailIdentity"] == identity


def test_the_outputs_lead_to_everything_and_contain_no_key(prod):
    fetch = (
        "aws secretsmanager get-secret-value --region AWS::Region"
        " --query SecretString --output text --secret-id"
    )
    assert prod.notifier.outputs == {
        "ApiUrl": "Http/HttpApi.ApiEndpoint",
        "PublicUrl": "https://notices.example.com",
        "ApiId": "Http/HttpApi",
        "TableName": "Jobs/Table",
        "QueueUrl": "Delivery/Queue",
        "DeadLetterQueueUrl": "Delivery/DeadLetters",
        "WorkerEventSourceMappingId": "Worker/Function/Messages",
        "ProducerKeyCommand": f"{fetch} ProducerKey/Secret.Id",
        "AdminKeyCommand": f"{fetch} AdminKey/Secret.Id",
        "LinkKeyCommand": f"{fetch} Reporting/LinkKey/Secret.Id",
        "ApiLogGroup": "Api/Logs",
        "WorkerLogGroup": "Worker/Logs",
        "AdminLogGroup": "Admin/Logs",
        "SweeperLogGroup": "Sweeper/Logs",
        "FeedbackLogGroup": "Feedback/Logs",
        "ReportLogGroup": "Report/Logs",
        "ReportDeadLetterQueueUrl": "ReportTarget/DeadLetters",
        "FeedbackTopicArn": "SesEvents/Topic",
        "FeedbackQueueUrl": "SesEvents/Inbox/Queue",
        "FeedbackDeadLetterQueueUrl": "SesEvents/Inbox/DeadLetters",
        **{
            f"DkimRecord{number}": f"Sender/Identity.DkimDNSTokenName{number} CNAME"
            f" Sender/Identity.DkimDNSTokenValue{number}"
            for number in (1, 2, 3)
        },
    }


def test_an_address_needs_no_dns_records(dev):
    assert not [name for name in dev.notifier.outputs if name.startswith("Dkim")]
