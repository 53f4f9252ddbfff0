"""Dead jobs to work on: made through the front door, as users make them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from tests.e2e.people import a_person
from tests.e2e.stack import accepted

#: a user gets ten mails an hour, and a post that is repeated must not become the eleventh
JOBS_A_USER = 9


@dataclass(frozen=True)
class DeadJobs:
    """Jobs that have died since a time, and their filter."""

    ids: list[str]
    since: str
    error_type: str

    @property
    def query(self):
        return {"errorType": self.error_type, "since": self.since}


def bury(stack, number, *, wish, error_type):
    """Post jobs whose mails fail, and wait until all of them are dead."""
    since = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    people = [
        a_person(email=f"{wish}@simulator.test") for _ in range((number - 1) // JOBS_A_USER + 1)
    ]
    posts = [partial(stack.post, people[n // JOBS_A_USER]) for n in range(number)]
    with ThreadPoolExecutor(6) as pool:
        ids = [accepted(answer) for answer in pool.map(lambda post: post(), posts)]
    stack.until_all(ids, "dlq", seconds=180)
    return DeadJobs(ids=ids, since=since, error_type=error_type)
