"""Every command of docs/OPERATIONS.md is typed into a terminal, at the deployed stack.

Commands that change something do; what they changed is put back after each section.
"""

import json
import re
import shlex

import pytest

from tests.docs.put_back import put_back
from tests.docs.runbook import FUNCTIONS, PAGE, SECTIONS, SET_UP, here, typed
from tests.docs.shell import commands
from tests.docs.terminal import Terminal
from tests.e2e.people import a_person
from tests.e2e.stack import accepted
from tests.repository.files import ROOT

#: what the emulator does not have, as it says itself: only parsed, by test_aws_commands.py
LACKING = {
    "service-quotas request-service-quota-increase",
    "sesv2 delete-suppressed-destination",
    "sesv2 put-account-sending-attributes",
    "sqs list-message-move-tasks",
    "sqs start-message-move-task",
}

#: the first words of what can't be typed at a stack that other tests share, and why
NOT_TYPED = {
    "TABLE=$(output TableName)": "ends the stage; tests/e2e/test_road.py walks `make destroy`",
    "aws cloudformation continue-update-rollback": "asks for a stack whose rollback has failed",
}

#: what a log has beside our own words
LAMBDA_SAYS = {"ERROR", "WARNING", "Traceback", "timed out"}

EVERY = [code for text in SECTIONS.values() for code in typed(text)]

#: a dead letter of EventBridge, as it comes to the queue
REPORT = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "signin.reported",
    "source": "signin-notifier",
    "account": "000000000000",
    "time": "2026-11-25T12:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {"id": "signin-01a20081-1cea-7099-a422-1e6b36a62bf5", "stage": "local"},
}

#: what stage `local` has no place for, since the emulator has no alarms: see infra/app.py
MONITORING = {
    "Resources": {"Untold": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {
        "ReportDeadLetterQueueUrl": {"Value": {"Ref": "Untold"}},
        **{f"DkimRecord{n}": {"Value": f"a CNAME record {n}"} for n in (1, 2, 3)},
    },
}


@pytest.fixture(scope="module")
def untold(stack):
    """The queue of reports that nobody took, in the stack that has it on AWS."""
    client, name = stack.client("cloudformation"), "SigninNotifierMonitoring-local"
    client.create_stack(StackName=name, TemplateBody=json.dumps(MONITORING))
    client.get_waiter("stack_create_complete").wait(StackName=name)
    [described] = client.describe_stacks(StackName=name)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    yield outputs["ReportDeadLetterQueueUrl"]
    client.delete_stack(StackName=name)


@pytest.fixture(scope="module")
def jobs(stack):
    """Jobs of each kind that the runbook looks for: dead for good, dead for now, parked."""
    wishes = {"for good": "reject", "as well": "reject", "for now": "fail-5", "parked": "paused-1"}
    ids = {
        name: accepted(stack.post(a_person(email=f"{wish}@simulator.test")))
        for name, wish in wishes.items()
    }
    for name, job_id in ids.items():
        stack.until_job(job_id, "parked" if name == "parked" else "dlq", seconds=120)
    return ids


@pytest.fixture(scope="module")
def names(stack, jobs):
    """Something that there is, for each placeholder of the page."""
    identities = stack.client("sesv2")
    identities.create_email_identity(EmailIdentity="example.com")  # the page deletes it
    page = stack.call("GET", "/api/admin/dlq?limit=1", key=stack.admin_key).json()
    rules = stack.client("events").list_rules(NamePrefix="SigninNotifier-local-EveryMinute")
    yield {
        "SigninNotifier-prod-": "SigninNotifier-local-",
        "jobs/ID": f"jobs/{jobs['for good']}",
        "signin-...": jobs["for good"],
        "TYPE": "SimulatedRejection",
        "CURSOR": page["nextCursor"],
        "NAME": rules["Rules"][0]["Name"],
        "ADDRESS": "somebody@example.com",
        "SENDER": "no-reply@yellowbooks.example",
        "DOMAIN": "no-reply@yellowbooks.example",
        "AWS_REGION=eu-west-1": "AWS_REGION=us-east-1",
    }
    identities.delete_email_identity(EmailIdentity="example.com")


@pytest.fixture(scope="module")
def terminal(stack, untold, tmp_path_factory):
    return Terminal(tmp_path_factory.mktemp("terminal"), endpoint=stack.emulator)


@pytest.fixture(scope="module")
def set_up(terminal):
    """The functions of the page, and what its set-up found out."""
    [block] = [code for code in typed(SECTIONS[SET_UP]) if "STAGE=prod" in code]
    found = re.findall(r"^(\w+)=", block, re.MULTILINE)
    variables = terminal.run(f"{here(block, {})}\ndeclare -p {' '.join(found)}")
    return "\n".join([variables, *FUNCTIONS.values()])


def lose_the_link_key(stack, untold):
    """Schedule its deletion, as somebody may by mistake."""
    secret_id = stack.outputs["LinkKeyCommand"].split()[-1]
    stack.client("secretsmanager").delete_secret(SecretId=secret_id, RecoveryWindowInDays=7)


def fail_to_tell_of_a_report(stack, untold):
    """Put an event where EventBridge puts those that nobody took."""
    stack.client("sqs").send_message(QueueUrl=untold, MessageBody=json.dumps(REPORT))


#: what sends an operator to a section
SITUATIONS = {
    "Signing key": lose_the_link_key,
    "Report dead letters": fail_to_tell_of_a_report,
    "Redrive": fail_to_tell_of_a_report,
}


def the_reports_are_told(stack, jobs, untold):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = stack.client("sqs")
    answer = sqs.get_queue_attributes(QueueUrl=untold, AttributeNames=names)
    return {int(answer["Attributes"][name]) for name in names} == {0}


#: where it shows that a section was worth typing
EFFECTS = {
    "Redrive": the_reports_are_told,
    "Replay": lambda stack, jobs, untold: stack.until_job(jobs["for now"], "completed"),
    "A leaked key": lambda stack, jobs, untold: (
        "keys rotated" in stack.function("Api")["Description"]
    ),
}


@pytest.mark.parametrize("heading", [heading for heading, text in SECTIONS.items() if typed(text)])
def test_what_a_section_tells_to_type_does_it(
    stack, terminal, set_up, names, jobs, untold, heading
):
    chosen = [c for c in typed(SECTIONS[heading]) if not c.startswith(tuple(NOT_TYPED))]
    script = "\n".join(
        f"echo {shlex.quote(code.splitlines()[0])} | tee /dev/stderr\n{here(code, names)}"
        for code in dict.fromkeys(chosen)
    )
    with put_back(stack):
        if heading in SITUATIONS:
            SITUATIONS[heading](stack, untold)
        printed = terminal.run(f"{set_up}\n{script}")
        assert heading not in EFFECTS or EFFECTS[heading](stack, jobs, untold)
    assert not {"null", "None"} & set(printed.splitlines()), f"nothing was found:\n{printed}"
    asked = {" ".join(call[:2]) for code in chosen for call in commands(code, "aws")}
    assert terminal.refused() == LACKING & asked


def test_the_loop_that_replays_gives_up_as_well(stack, terminal, set_up, jobs):
    filters = json.dumps({"jobIds": [jobs["as well"]]})
    terminal.run(f"{set_up}\nrepeat dlq/discards '{filters}' 'a typo'")
    assert stack.job(jobs["as well"])["status"] == "discarded"


def test_jq_asks_for_what_the_api_answers():
    programs = re.findall(r"\badmin \S.*\| jq (?:-\w+ )*('[^']+'|[.\w]+)", "\n".join(EVERY))
    asked = {name for program in programs for name in re.findall(r"\.([A-Za-z]\w*)", program)}
    described = (ROOT / "docs" / "openapi.json").read_text()
    assert len(asked) >= 8
    assert {name for name in asked if f'"{name}"' not in described} == set()


def test_what_logs_are_searched_for_is_what_the_functions_say():
    patterns = re.findall(r"--filter-pattern '([^']+)'", PAGE.read_text())
    terms = {term.lstrip("?") for pattern in patterns for term in shlex.split(pattern)}
    assert terms >= LAMBDA_SAYS
    source = "\n".join(path.read_text() for path in (ROOT / "functions").rglob("*.py"))
    assert {term for term in terms - LAMBDA_SAYS if term not in source} == set()


def test_every_output_that_is_named_exists(stack):
    named = re.findall(r"\b(?:output|rotate) ([A-Z]\w+)", "\n".join(EVERY))
    assert set(named) <= {*stack.outputs, *MONITORING["Outputs"]}


def test_what_is_told_of_the_page_is_there():
    assert {*SITUATIONS, *EFFECTS} <= set(SECTIONS)
    for words in NOT_TYPED:
        assert len([code for code in EVERY if code.startswith(words)]) == 1, words
    asked = {" ".join(call[:2]) for code in EVERY for call in commands(code, "aws")}
    assert asked >= LACKING
