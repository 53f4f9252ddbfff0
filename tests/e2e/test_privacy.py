"""Runs last (see running.py): what the whole run has logged, some of everything among it.

The logs of the stack of another process are looked at when that is ended.
"""

from tests.e2e.people import a_person
from tests.e2e.process import wait_until


def test_no_log_line_of_the_whole_run_tells_of_a_person_or_a_key(stack):
    for wish, end in (("ok", "completed"), ("fail-1", "completed"), ("reject", "dlq")):
        job_id = stack.post(a_person(email=f"{wish}@simulator.test")).json()["jobId"]
        stack.until_job(job_id, end)
    stack.post(a_person(email="nobody"))
    stack.client("sqs").send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody="rubbish")
    job_id = stack.post(a_person()).json()["jobId"]
    stack.until_job(job_id, "completed")
    wait_until(
        lambda: any("job completed" in line and job_id in line for line in stack.log_lines()),
        seconds=30,
        what="the last job's log line",
    )
    lines = stack.log_lines()
    # The emulator writes no access log; its format is checked in tests/infra.
    for event in ("job accepted", "request refused", "job retrying", "job dead", "is no job"):
        assert any(event in line for line in lines), event
    assert stack.lines_about_people() == []
