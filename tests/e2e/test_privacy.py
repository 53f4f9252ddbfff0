"""Runs last (see running.py): what the whole run has logged, some of everything among it.

The logs of the stack of another process are looked at when that is ended.
"""

from tests.e2e.people import a_person
from tests.e2e.process import wait_until
from tests.e2e.stack import accepted

EVENTS = (
    "job accepted",
    "request refused",
    "job retrying",
    "job completed",
    "job dead",
    "is no job",
)


def test_no_log_line_of_the_whole_run_tells_of_a_person_or_a_key(stack):
    for wish, end in (("ok", "completed"), ("fail-1", "completed"), ("reject", "dlq")):
        job_id = accepted(stack.post(a_person(email=f"{wish}@simulator.test")))
        stack.until_job(job_id, end)
    stack.post(a_person(email="nobody"))
    stack.client("sqs").send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody="rubbish")
    # The emulator writes no access log; its format is checked in tests/infra.
    wait_until(
        lambda: all(any(event in line for line in stack.log_lines()) for event in EVENTS),
        seconds=60,
        what=f"a log line of each: {EVENTS}",
    )
    assert stack.lines_about_people() == []
