"""Whom the resources themselves let in, in full; what roles may do is test_grants' matter."""

import json

import pytest

from tests.infra.test_api import ROUTES

ACCOUNT = "AWS::AccountId"
HTTP_API = f"arn:AWS::Partition:execute-api:AWS::Region:{ACCOUNT}:Http/HttpApi"
#: types whose policies are read here, wherever in their properties they stand
READ = {
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
}
#: types that let nobody in: they have no policy, or it would be a resource of a type of its own
LET_NOBODY_IN = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::ApiDestination",
    "AWS::Events::Connection",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::QueryDefinition",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
}


def allow(principal, action, resource, condition=None):
    """One statement, as templates have it."""
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    }


def may_assume(service):
    return [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]


def may_use_the_key(service, condition=None):
    actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
    return allow({"Service": service}, actions, "*", condition)


#: through IAM, which a key's policy must hand itself over to
THE_ACCOUNT = allow({"AWS": f"arn:AWS::Partition:iam::{ACCOUNT}:root"}, "kms:*", "*")
OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
EVERYWHERE = {
    **{
        f"{function}/Role": may_assume("lambda.amazonaws.com")
        for function in ("Admin", "Api", "Feedback", "Report", "Sweeper", "Worker")
    },
    "SesEvents/TopicKey": [THE_ACCOUNT, may_use_the_key("ses.amazonaws.com")],
    "SesEvents/Topic/Policy": [
        allow(
            {"Service": "ses.amazonaws.com"},
            "sns:Publish",
            "SesEvents/Topic",
            {
                "StringEquals": {
                    "AWS:SourceAccount": ACCOUNT,
                    "AWS:SourceArn": f"arn:AWS::Partition:ses:AWS::Region:{ACCOUNT}"
                    ":configuration-set/Sender/ConfigurationSet",
                }
            },
        )
    ],
    "SesEvents/Inbox/Queue/Policy": [
        allow(
            {"Service": "sns.amazonaws.com"},
            "sqs:SendMessage",
            "SesEvents/Inbox/Queue.Arn",
            {"ArnEquals": {"aws:SourceArn": "SesEvents/Topic"}},
        )
    ],
}
ALARMS_MAY_USE_THE_KEY = may_use_the_key("cloudwatch.amazonaws.com", OF_THIS_ACCOUNT)
ALARMS_MAY_PUBLISH = allow(
    {"Service": "cloudwatch.amazonaws.com"}, "sns:Publish", "Alarms/Topic", OF_THIS_ACCOUNT
)


def may_leave_what_went_unheard(queue, rule):
    return allow(
        {"Service": "events.amazonaws.com"},
        "sqs:SendMessage",
        f"{queue}.Arn",
        {"ArnEquals": {"aws:SourceArn": f"{rule}.Arn"}},
    )


NOTIFIER = {
    "local": EVERYWHERE,
    "dev": EVERYWHERE,
    "prod": {
        **EVERYWHERE,
        "ReportTarget/Destination/EventsRole": may_assume("events.amazonaws.com"),
        "ReportTarget/DeadLetters/Policy": [
            may_leave_what_went_unheard("ReportTarget/DeadLetters", "ReportTarget/Rule")
        ],
    },
}
MONITORING = {
    "dev": {
        "Alarms/TopicKey": [
            THE_ACCOUNT,
            ALARMS_MAY_USE_THE_KEY,
            may_use_the_key("events.amazonaws.com"),
        ],
        "Alarms/Topic/Policy": [
            ALARMS_MAY_PUBLISH,
            allow({"Service": "events.amazonaws.com"}, "sns:Publish", "Alarms/Topic"),
        ],
        "Alarms/UntoldReports/Policy": [
            may_leave_what_went_unheard("Alarms/UntoldReports", "Alarms/Reports")
        ],
    },
    "prod": {
        "Alarms/TopicKey": [THE_ACCOUNT, ALARMS_MAY_USE_THE_KEY],
        "Alarms/Topic/Policy": [ALARMS_MAY_PUBLISH],
    },
}


def let_in(template):
    """What each resource's own policy allows, by path; a statement's name says nothing."""
    allowed = {
        path: [
            {key: value for key, value in statement.items() if key != "Sid"}
            for statement in _statements(_anywhere(resource["Properties"]))
            if statement["Effect"] != "Deny"
        ]
        for path, resource in template.resources.items()
        if resource["Type"] != "AWS::IAM::Policy"
    }
    return {path: statements for path, statements in allowed.items() if statements}


def _anywhere(properties):
    """The same, with account and region of the laptop as the other stages spell them."""
    text = json.dumps(properties)
    return json.loads(text.replace("000000000000", ACCOUNT).replace("us-east-1", "AWS::Region"))


def _statements(value):
    match value:
        case {"Statement": list(statements)}:
            yield from statements
        case {"Statement": statement}:
            yield statement
        case dict():
            for item in value.values():
                yield from _statements(item)
        case list():
            for item in value:
                yield from _statements(item)


@pytest.mark.parametrize("stage", NOTIFIER)
def test_the_service_s_resources_let_in_these_and_nobody_else(stage, request):
    assert let_in(request.getfixturevalue(stage).notifier) == NOTIFIER[stage]


@pytest.mark.parametrize("stage", MONITORING)
def test_the_monitoring_s_resources_let_in_these_and_nobody_else(stage, request):
    assert let_in(request.getfixturevalue(stage).monitoring) == MONITORING[stage]


def test_the_table_has_no_policy_of_its_own(any_stage):
    assert "Policy" not in str(any_stage.notifier.at("Jobs/Table"))


def test_each_function_is_called_by_its_routes_and_the_sweeper_by_its_clock(any_stage):
    callers = [
        ("apigateway.amazonaws.com", f"{HTTP_API}/*/*{route.partition(' ')[2]}", function)
        for route, function in ROUTES.items()
    ]
    callers.append(("events.amazonaws.com", "EveryMinute.Arn", "Sweeper/Function"))
    permissions = any_stage.notifier.every("AWS::Lambda::Permission").values()
    assert _sorted(_anywhere(permission) for permission in permissions) == _sorted(
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": f"{function}.Arn",
            "Principal": service,
            "SourceArn": source,
        }
        for service, source, function in callers
    )


def _sorted(permissions):
    return sorted(permissions, key=lambda permission: json.dumps(permission, sort_keys=True))


def test_every_type_of_resource_is_one_whose_policy_is_read_or_that_lets_nobody_in(any_stage):
    stacks = [stack for stack in (any_stage.notifier, any_stage.monitoring) if stack]
    types = {resource["Type"] for stack in stacks for resource in stack.resources.values()}
    assert types <= READ | LET_NOBODY_IN
