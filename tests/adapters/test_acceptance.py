"""Accepting while others write the same items, or the table does not answer."""

import json

import pytest
from botocore.exceptions import ClientError

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.conflicts import ConflictRetry
from functions.domain.accept import LIMIT, WINDOW_MS
from functions.domain.errors import Unavailable
from functions.domain.model import Status
from functions.domain.ports import Added, Exists, WindowFull
from tests.builders import SIGNED_IN_AT_MS, a_job, job_number
from tests.jobs_table import AT_ONCE, TABLE_NAME

NOW_MS = SIGNED_IN_AT_MS
CONFLICTS = [
    ["TransactionConflict", "None"],
    ["None", "TransactionConflict"],
    ["TransactionConflict", "TransactionConflict"],
    # Whoever is in conflict over the job may be its original: the window alone decides nothing.
    ["TransactionConflict", "ConditionalCheckFailed"],
    ["ThrottlingError", "None"],
]


class Contended:
    """A client of a table where others are faster, so many times."""

    def __init__(self, client, *, times, codes=CONFLICTS[0]):
        self._client = client
        self._times = times
        self._codes = codes
        self.requests = []

    def transact_write_items(self, **request):
        self.requests.append(request)
        if len(self.requests) > self._times:
            return self._client.transact_write_items(**request)
        raise ClientError(
            {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": [{"Code": code} for code in self._codes],
                "ResponseMetadata": {"HTTPStatusCode": 400},
            },
            "TransactWriteItems",
        )

    def __getattr__(self, name):
        return getattr(self._client, name)


def acceptance(client, *, retry=AT_ONCE):
    tokens = iter(f"token-{n}" for n in range(100))
    return JobAcceptance(
        client,
        table_name=TABLE_NAME,
        retention_days=30,
        retry=retry,
        new_token=lambda: next(tokens),
    )


def add(jobs, job):
    return jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)


@pytest.mark.parametrize("codes", CONFLICTS)
def test_a_conflict_is_tried_again_until_it_is_over(table, codes):
    contended = Contended(table, times=3, codes=codes)
    assert add(acceptance(contended), a_job()) == Added()
    assert len(contended.requests) == 4


def test_every_try_has_the_very_same_parameters_and_token(table):
    contended = Contended(table, times=3)
    add(acceptance(contended), a_job())
    first, *others = contended.requests
    assert first["ClientRequestToken"] == "token-0"
    assert others == [first] * 3


def test_each_job_has_a_token_of_its_own(table):
    contended = Contended(table, times=0)
    jobs = acceptance(contended)
    add(jobs, job_number(0))
    add(jobs, job_number(1))
    assert [request["ClientRequestToken"] for request in contended.requests] == [
        "token-0",
        "token-1",
    ]


def test_the_waits_between_the_tries_grow_and_are_jittered(table):
    waits = []
    retry = ConflictRetry(sleep=waits.append, jitter=lambda: 0.5)
    jobs = acceptance(Contended(table, times=3), retry=retry)
    add(jobs, a_job())
    assert waits == [0.02, 0.04, 0.08]


def test_a_retried_job_meets_what_the_others_wrote(table):
    add(acceptance(table), a_job(payload_hash="a" * 64))
    contended = Contended(table, times=1)
    outcome = add(acceptance(contended), a_job(payload_hash="b" * 64))
    assert outcome == Exists(payload_hash="a" * 64, status=Status.ENQUEUED)


def test_conflicts_without_end_are_tried_four_times_and_then_unavailable(table):
    contended = Contended(table, times=100)
    with pytest.raises(Unavailable):
        add(acceptance(contended), a_job())
    assert len(contended.requests) == 4
    assert table.scan(TableName=TABLE_NAME)["Count"] == 0


def test_conflicts_without_end_over_an_accepted_job_are_a_repeat_of_it(table):
    add(acceptance(table), a_job(payload_hash="a" * 64))
    outcome = add(acceptance(Contended(table, times=100)), a_job(payload_hash="b" * 64))
    assert outcome == Exists(payload_hash="a" * 64, status=Status.ENQUEUED)


def test_conflicts_without_end_over_an_expired_job_are_unavailable(table):
    add(acceptance(table), a_job())
    again = a_job(created_at_ms=NOW_MS + 30 * 86_400_000)
    with pytest.raises(Unavailable):
        add(acceptance(Contended(table, times=100)), again)


def test_conflicts_without_end_over_a_full_window_are_its_refusal(table):
    for n in range(LIMIT):
        add(acceptance(table), job_number(n))
    outcome = add(acceptance(Contended(table, times=100)), job_number(LIMIT))
    assert outcome == WindowFull(oldest_ms=NOW_MS)


def test_conflicts_without_end_over_both_are_a_repeat(table):
    for n in range(LIMIT):
        add(acceptance(table), job_number(n))
    outcome = add(acceptance(Contended(table, times=100)), job_number(0))
    assert isinstance(outcome, Exists)


def test_conflicts_without_end_over_a_window_with_a_place_are_unavailable(table):
    for n in range(LIMIT):
        add(acceptance(table), job_number(n))
    in_time = job_number(LIMIT, created_at_ms=NOW_MS + WINDOW_MS)
    with pytest.raises(Unavailable):
        add(acceptance(Contended(table, times=100)), in_time)


def test_the_decision_after_conflicts_reads_what_was_written_last(service, client_of):
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    conflict = {"__type": "x#TransactionCanceledException", "CancellationReasons": reasons}
    for _ in range(4):
        service.answers(400, json.dumps(conflict).encode())
    service.answers(200, b"{}")

    with pytest.raises(Unavailable):
        add(acceptance(client_of("dynamodb", service.url)), a_job())

    *writes, job, window = [json.loads(body) for body in service.bodies]
    assert writes == [writes[0]] * 4
    job_id, user_id = a_job().job_id, a_job().sign_in.user_id
    assert job == {"TableName": TABLE_NAME, "Key": {"pk": {"S": job_id}}, "ConsistentRead": True}
    assert window == job | {"Key": {"pk": {"S": f"user#{user_id}"}}}


def test_a_table_that_does_not_answer_leaves_acceptance_unknown(service, client_of):
    service.hangs()
    with pytest.raises(Unavailable):
        add(acceptance(client_of("dynamodb", service.url)), a_job())
    # The client's own retries are its configuration's; ours are for conflicts alone.
    assert len(service.bodies) == 1


def test_a_transaction_still_in_progress_leaves_acceptance_unknown(service, client_of):
    service.answers(400, json.dumps({"__type": "x#TransactionInProgressException"}).encode())
    with pytest.raises(Unavailable):
        add(acceptance(client_of("dynamodb", service.url)), a_job())


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "Unheard"])
def test_an_unknown_refusal_passes_through(service, client_of, code):
    service.answers(400, json.dumps({"__type": f"x#{code}"}).encode())
    with pytest.raises(ClientError) as caught:
        add(acceptance(client_of("dynamodb", service.url)), a_job())
    assert caught.value.response["Error"]["Code"] == code
