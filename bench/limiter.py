"""The limit under contention: 64 callers post for one user, all at the same moment."""

import json
import multiprocessing
import secrets
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING, Final

from bench.conflicts import conflicting
from bench.emulated import Aws, emulated
from bench.figures import Figure, Target
from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.sqs import JobQueue
from functions.bootstrap.shared import RETRY, now_ms
from functions.domain.accept import LIMIT, accept
from functions.domain.errors import AlreadyAccepted, LimitReached, Unavailable
from functions.domain.request import parse_request
from tests.jobs_table import TABLE_NAME, create_jobs_table

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

RUNS: Final = 5
CALLERS: Final = 64
#: by each caller, one after the other: a 99th percentile needs more than one answer of each
POSTS: Final = 2
#: all callers have started by then, or none of them begins
_START_S: Final = 60

#: the job's id, or the error's name; and how long the answer took
_Answer = tuple[str, float]
_Post = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    accepted: list[str]
    unavailable: int
    p99_ms: float


def measure() -> Sequence[Figure]:
    """Let all callers post for a fresh user, several times; then with conflicts, as on AWS."""
    with emulated() as aws:
        create_jobs_table(aws.client("dynamodb"))
        queue_url = aws.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        reader = JobsById(aws.client("dynamodb"), table_name=TABLE_NAME)
        plain = _runs(_post(aws, queue_url), reader)
        with conflicting(aws.endpoint) as endpoint:
            conflicts = _runs(_post(Aws(endpoint), queue_url), reader)
    return [
        *_figures("limiter", plain, table=""),
        *_figures("limiter.conflicts", conflicts, table=", with conflicts"),
    ]


def _runs(post: _Post, reader: JobsById) -> list[_Run]:
    runs = []
    for _ in range(RUNS):
        user_id = f"contended-{uuid.uuid4()}"
        run = _contend(post, user_id)
        _check(run, kept=set(reader.job_ids_of(user_id)), reader=reader)
        runs.append(run)
    return runs


def _figures(name: str, runs: Sequence[_Run], *, table: str) -> list[Figure]:
    load = f"limiter, {CALLERS} callers of one user{table}"
    return [
        Figure(
            name=f"{name}.accepted",
            what=f"{load}: accepted",
            unit="",
            runs=[len(run.accepted) for run in runs],
            target=Target("=", LIMIT),
        ),
        Figure(
            name=f"{name}.unavailable",
            what=f"{load}: 503s",
            unit="",
            runs=[run.unavailable for run in runs],
            target=Target("<=", 0),
            counts="highest",
        ),
        Figure(
            name=f"{name}.p99_ms",
            what=f"{load}: p99",
            unit="ms",
            runs=[run.p99_ms for run in runs],
        ),
    ]


def _post(aws: Aws, queue_url: str) -> _Post:
    """Return a way to post for a user; it opens no connection before it is first used."""
    acceptance = JobAcceptance(
        aws.function_client("dynamodb"),
        table_name=TABLE_NAME,
        retention_days=30,
        retry=RETRY,
        new_token=lambda: str(uuid.uuid4()),
    )
    queue = JobQueue(aws.function_client("sqs"), queue_url=queue_url)

    def post(user_id: str) -> str:
        at_ms = now_ms()
        body = {"userId": user_id, "email": "contended@people.example", "provider": "github"}
        request = parse_request(json.dumps(body).encode(), now_ms=at_ms, trusted_proxies=0)
        return accept(
            request,
            idempotency_key=None,
            jobs=acceptance,
            queue=queue,
            now_ms=at_ms,
            random_bits=secrets.randbits(74),
        ).job_id

    return post


def _contend(post: _Post, user_id: str) -> _Run:
    # Processes, as functions are: in threads of one, callers would wait for each other's Python.
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(CALLERS, timeout=_START_S), context.SimpleQueue()
    callers = [
        context.Process(target=_caller, args=(post, user_id, start, answers), daemon=True)
        for _ in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    given: list[_Answer] = [answer for _ in callers for answer in answers.get()]
    for caller in callers:
        caller.join()
    if len(given) != CALLERS * POSTS:
        raise RuntimeError(f"{len(given)} answers of {CALLERS * POSTS}")
    counted = Counter(answer for answer, _ in given)
    return _Run(
        accepted=[answer for answer, _ in given if answer.startswith("signin-")],
        unavailable=counted[Unavailable.__name__],
        p99_ms=statistics.quantiles([took_ms for _, took_ms in given], n=100)[98],
    )


def _caller(
    post: _Post, user_id: str, start: Barrier, answers: "SimpleQueue[list[_Answer]]"
) -> None:
    given: list[_Answer] = []
    try:
        start.wait()
        for _ in range(POSTS):
            began = time.perf_counter()
            answer = _answer(post, user_id)
            given.append((answer, (time.perf_counter() - began) * 1000))
    finally:
        answers.put(given)


def _answer(post: _Post, user_id: str) -> str:
    try:
        return post(user_id)
    except AlreadyAccepted as already:
        # Its own transaction, whose answer came too late, and conflicts after it.
        return already.job_id
    except (LimitReached, Unavailable) as refusal:
        return type(refusal).__name__


def _check(run: _Run, *, kept: set[str], reader: JobsById) -> None:
    """See that no accepted job is lost, and that no other one was kept but after a 503."""
    rows = set(reader.read_many([*kept], now_ms=now_ms()))
    unasked = kept - set(run.accepted)
    if not set(run.accepted) <= kept == rows or len(unasked) > run.unavailable:
        raise RuntimeError(f"answers: {run}, the user's window: {kept}, the table: {rows}")
    if len(kept) > LIMIT:
        raise RuntimeError(f"{len(kept)} jobs were kept")
