"""What the logs of a stack tell of people, which is nothing."""

from tests.e2e.people import a_person, all_personal_texts
from tests.e2e.process import wait_until
from tests.e2e.stack import Stack, accepted


def lines_about_people(stack: Stack) -> list[tuple[str, str]]:
    """Return each log line so far that tells of a person or a key, after what it tells."""
    job_id = accepted(stack.post(a_person()))
    wait_until(
        lambda: any("job completed" in line and job_id in line for line in stack.log_lines()),
        seconds=60,
        what="the last job's log line",
    )
    secrets = all_personal_texts() | {stack.producer_key, stack.admin_key}
    return [(text, line) for line in stack.log_lines() for text in secrets if text in line]
