"""The queue's door at work: it mails the jobs of which a pipe tells, ten at a time."""

import os

from bench.doors.marks import is_due, mark
from bench.doors.worker import mail
from bench.process import Tell


def main(tell: Tell, messages: str, jobs: str, warm_up: str, every: str) -> None:
    """Mail so many jobs, and tell how the process stands from time to time."""
    done = 0
    with os.fdopen(int(messages)) as queue:
        for line in queue:
            job_ids = line.split()
            mail(job_ids)
            done += len(job_ids)
            if is_due(done, warm_up=int(warm_up), every=int(every)):
                tell(mark(done))
    if done != int(jobs):
        raise RuntimeError(f"{done} jobs came of {jobs}")
