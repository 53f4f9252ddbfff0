"""The API's door at work: it accepts, and tells the worker of each ten jobs by a pipe."""

import os

from bench.doors.api import post
from bench.doors.marks import is_due, mark
from bench.process import Tell


def main(tell: Tell, messages: str, jobs: str, warm_up: str, every: str) -> None:
    """Accept so many sign-ins, and tell how the process stands from time to time."""
    with os.fdopen(int(messages), "w") as queue:
        accepted = []
        for number in range(1, int(jobs) + 1):
            accepted.append(post().rpartition("/")[2])
            if len(accepted) == 10:  # noqa: PLR2004 - a batch
                queue.write(" ".join(accepted) + "\n")
                queue.flush()
                accepted = []
            if is_due(number, warm_up=int(warm_up), every=int(every)):
                tell(mark(number))
