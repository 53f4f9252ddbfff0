"""Who may do what, in full."""

import pytest

from tests.infra.templates import a_config

FUNCTIONS = ("Admin", "Api", "Feedback", "Report", "Sweeper", "Worker")
#: EventBridge's, which calls the address that is told of reports
EVENTS_ROLE = "ReportTarget/Destination/EventsRole"
X_RAY = {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}
KEYS = {
    ("secretsmanager:GetSecretValue", "ProducerKey/Secret.Id"),
    ("secretsmanager:GetSecretValue", "AdminKey/Secret.Id"),
}
WORKER_SOURCE = (
    "arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId"
    ":event-source-mapping:Worker/Function/Messages"
)
LINK_KEY = ("secretsmanager:GetSecretValue", "Reporting/LinkKey/Secret.Id")
TELL = (
    "events:PutEvents",
    "arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/default",
)
SES = "arn:AWS::Partition:ses:AWS::Region:AWS::AccountId"
#: what SES's sandbox asks for beside the sender
IN_THE_SANDBOX = {
    ("ses:SendEmail", f"{SES}:identity/*"),
    ("ses:SendRawEmail", f"{SES}:identity/*"),
}
TABLE, QUEUE = "Jobs/Table.Arn", "Delivery/Queue.Arn"
DEAD_LETTERS, EVENTS = "Delivery/DeadLetters.Arn", "SesEvents/Inbox/Queue.Arn"


def grants(template, role):
    """Pairs of action and resource that a role is allowed."""
    return {
        (action, resource)
        for policy in template.every("AWS::IAM::Policy").values()
        if role in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def on_the_laptop(template, role):
    """The same, with account and region as the other stages spell them."""
    return {
        (action, resource.replace("us-east-1:000000000000", "AWS::Region:AWS::AccountId"))
        for action, resource in grants(template, role)
    }


def _listed(value):
    return value if isinstance(value, list) else [value]


def writes_own_log(function):
    log = f"{function}/Logs.Arn"
    return {("logs:CreateLogStream", log), ("logs:PutLogEvents", log)}


def test_the_api_may_accept_and_read_jobs(stage_on_aws):
    assert grants(stage_on_aws.notifier, "Api/Role") == {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:PutItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        ("sqs:SendMessage", QUEUE),
        *KEYS,
        *X_RAY,
        *writes_own_log("Api"),
    }


def test_the_worker_may_take_messages_move_jobs_and_send_mail(stage_on_aws):
    assert grants(stage_on_aws.notifier, "Worker/Role") - IN_THE_SANDBOX == {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        ("sqs:ReceiveMessage", QUEUE),
        ("sqs:DeleteMessage", QUEUE),
        ("sqs:ChangeMessageVisibility", QUEUE),
        ("sqs:GetQueueAttributes", QUEUE),
        ("sqs:GetQueueUrl", QUEUE),
        ("ses:SendEmail", f"{SES}:identity/Sender/Identity"),
        ("ses:SendRawEmail", f"{SES}:identity/Sender/Identity"),
        ("ses:SendEmail", f"{SES}:configuration-set/Sender/ConfigurationSet"),
        ("ses:SendRawEmail", f"{SES}:configuration-set/Sender/ConfigurationSet"),
        LINK_KEY,
        *X_RAY,
        *writes_own_log("Worker"),
    }


def test_only_in_dev_which_may_be_in_ses_s_sandbox_recipients_are_named_too(dev, local, prod):
    for template, sandbox in ((dev, IN_THE_SANDBOX), (local, set()), (prod, set())):
        assert grants(template.notifier, "Worker/Role") & IN_THE_SANDBOX == sandbox
    [statement] = [
        statement
        for policy in dev.notifier.every("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Resource"] == f"{SES}:identity/*"
    ]
    assert statement["Condition"] == {
        "StringEquals": {"ses:FromAddress": a_config("dev").mail_sender}
    }


def test_the_admin_may_read_and_change_jobs_send_their_messages_and_see_what_feeds_the_worker(
    stage_on_aws,
):
    assert grants(stage_on_aws.notifier, "Admin/Role") == {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:BatchGetItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        ("sqs:SendMessage", QUEUE),
        ("dynamodb:Query", f"{TABLE}/index/by-state"),
        ("lambda:GetEventSourceMapping", WORKER_SOURCE),
        *KEYS,
        *X_RAY,
        *writes_own_log("Admin"),
    }


def test_the_sweeper_may_repair_jobs_send_their_messages_and_clear_dead_ones(stage_on_aws):
    assert grants(stage_on_aws.notifier, "Sweeper/Role") == {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:PutItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        ("dynamodb:Query", f"{TABLE}/index/by-state"),
        ("sqs:SendMessage", QUEUE),
        ("sqs:ReceiveMessage", DEAD_LETTERS),
        ("sqs:DeleteMessage", DEAD_LETTERS),
        ("sqs:GetQueueAttributes", DEAD_LETTERS),
        TELL,
        *X_RAY,
        *writes_own_log("Sweeper"),
    }


def test_report_may_read_jobs_note_reports_and_tell_of_them(stage_on_aws):
    assert grants(stage_on_aws.notifier, "Report/Role") == {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:PutItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        TELL,
        LINK_KEY,
        *X_RAY,
        *writes_own_log("Report"),
    }


def test_feedback_may_take_events_and_write_what_they_tell(stage_on_aws):
    assert grants(stage_on_aws.notifier, "Feedback/Role") == {
        ("dynamodb:UpdateItem", TABLE),
        ("sqs:ReceiveMessage", EVENTS),
        ("sqs:DeleteMessage", EVENTS),
        ("sqs:ChangeMessageVisibility", EVENTS),
        ("sqs:GetQueueAttributes", EVENTS),
        ("sqs:GetQueueUrl", EVENTS),
        *X_RAY,
        *writes_own_log("Feedback"),
    }


def test_the_report_target_s_rule_may_call_its_destination(prod):
    assert grants(prod.notifier, EVENTS_ROLE) == {
        ("events:InvokeApiDestination", "ReportTarget/Destination/ApiDestination.Arn")
    }


def test_every_role_is_one_whose_grants_are_listed_here(any_stage):
    roles = any_stage.notifier.every("AWS::IAM::Role").keys()
    assert roles - {EVENTS_ROLE} == {f"{function}/Role" for function in FUNCTIONS}
    if any_stage.monitoring:
        assert not any_stage.monitoring.every("AWS::IAM::Role")


@pytest.mark.parametrize("role", ["Api/Role", "Sweeper/Role", "Feedback/Role", "Report/Role"])
def test_the_laptop_grants_what_aws_grants(role, local, prod):
    assert on_the_laptop(local.notifier, role) == grants(prod.notifier, role)


def test_the_laptop_adds_only_what_the_emulator_asks_of_the_worker(local, prod):
    assert on_the_laptop(local.notifier, "Worker/Role") ^ grants(prod.notifier, "Worker/Role") == {
        ("ses:SendEmail", "*")
    }


def test_the_laptop_adds_only_what_the_emulator_asks_of_the_admin(local, prod):
    assert on_the_laptop(local.notifier, "Admin/Role") ^ grants(prod.notifier, "Admin/Role") == {
        ("lambda:ListEventSourceMappings", WORKER_SOURCE),
        ("sqs:SendMessageBatch", QUEUE),
    }


def test_no_action_is_a_wildcard_and_only_x_ray_has_one_for_a_resource(stage_on_aws):
    for template in (stage_on_aws.notifier, stage_on_aws.monitoring):
        roles = template.every("AWS::IAM::Role")
        pairs = {pair for role in roles for pair in grants(template, role)}
        wild = {(action, resource) for action, resource in pairs if "*" in action + resource}
        assert wild - IN_THE_SANDBOX <= X_RAY


def test_no_role_has_a_policy_that_grants_above_do_not_show(any_stage):
    for role in any_stage.notifier.every("AWS::IAM::Role").values():
        assert set(role) == {"AssumeRolePolicyDocument"}


def test_each_function_has_a_role_of_its_own(any_stage):
    roles = [
        function["Role"] for function in any_stage.notifier.every("AWS::Lambda::Function").values()
    ]
    assert sorted(roles) == [f"{function}/Role.Arn" for function in FUNCTIONS]
