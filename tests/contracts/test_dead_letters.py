"""The operators' list of dead jobs: newest first, complete, a page at a time."""

from itertools import chain

import pytest

from functions.adapters.dynamodb import dead_letters
from functions.adapters.dynamodb.dead_letters import DeadLetterFilter, DeadLetterPage
from functions.adapters.dynamodb.items import SHARDS, shard
from functions.domain.accept import WINDOW_MS
from functions.domain.errors import Invalid
from functions.domain.model import DeadLetter, ErrorClass, Status
from tests.builders import SIGNED_IN_AT_MS, a_failure, a_sign_in, job_number
from tests.contracts.conftest import RETENTION_DAYS

DIED_AT_MS = SIGNED_IN_AT_MS + 31_000
ALL = DeadLetterFilter()


def bury(jobs, n, *, at_ms=None, status=Status.DLQ, unknown_outcomes=0, **failure):
    """Let job `n` be dead since `at_ms`, by default a second later than job `n - 1`."""
    job = job_number(
        n,
        sign_in=a_sign_in(user_id=f"user-{n}"),
        status=status,
        processed_at_ms=DIED_AT_MS + n * 1000 if at_ms is None else at_ms,
        attempt_count=5,
        unknown_outcomes=unknown_outcomes,
        last_failure=a_failure(**failure),
    )
    jobs.add(job, window_start_ms=job.created_at_ms - WINDOW_MS)
    return job.job_id


def listed(jobs, wanted=ALL, *, limit=100):
    page = jobs.page(wanted, now_ms=DIED_AT_MS, limit=limit, cursor=None)
    assert page.next_cursor is None
    return [letter.job_id for letter in page.letters]


def walked(jobs, wanted=ALL, *, limit, after_page=lambda: None):
    """Return the ids of every page up to the last."""
    pages, cursor = [], None
    while not pages or cursor is not None:
        page = jobs.page(wanted, now_ms=DIED_AT_MS, limit=limit, cursor=cursor)
        pages.append([letter.job_id for letter in page.letters])
        cursor = page.next_cursor
        after_page()
    return pages


def flat(pages):
    return list(chain.from_iterable(pages))


def test_nothing_is_listed_where_nothing_died(jobs):
    assert jobs.page(ALL, now_ms=DIED_AT_MS, limit=10, cursor=None) == DeadLetterPage(
        letters=(), next_cursor=None
    )


def test_an_expired_dead_job_is_listed_no_more(jobs):
    job_id = bury(jobs, 0)
    expires_at_ms = (SIGNED_IN_AT_MS // 1000 + RETENTION_DAYS * 86_400) * 1000

    def listed_at(now_ms):
        page = jobs.page(ALL, limit=10, cursor=None, now_ms=now_ms)
        return [letter.job_id for letter in page.letters]

    assert listed_at(expires_at_ms - 1) == [job_id]
    assert listed_at(expires_at_ms) == []


def test_a_dead_letter_says_what_a_list_shows_with_its_recipient_masked(jobs):
    job_id = bury(jobs, 0, error_class=ErrorClass.PERMANENT, error_type="MessageRejected")
    page = jobs.page(ALL, now_ms=DIED_AT_MS, limit=10, cursor=None)
    assert page.letters == (
        DeadLetter(
            job_id=job_id,
            error=a_failure().error,
            error_class=ErrorClass.PERMANENT,
            error_type="MessageRejected",
            attempt_count=5,
            created_at_ms=SIGNED_IN_AT_MS,
            processed_at_ms=DIED_AT_MS,
            recipient_masked="u***@example.com",
            may_have_left=False,
        ),
    )


def test_a_dead_letter_says_whether_its_mail_may_have_left(jobs):
    for n, unknown_outcomes in enumerate((0, 1, 2)):
        bury(jobs, n, unknown_outcomes=unknown_outcomes)
    page = jobs.page(ALL, now_ms=DIED_AT_MS, limit=10, cursor=None)
    assert [letter.may_have_left for letter in page.letters] == [True, True, False]


def test_dead_letters_of_all_shards_come_newest_first(jobs):
    one_of_each = {shard(Status.DLQ, job_number(n).job_id): n for n in range(200)}
    assert len(one_of_each) == SHARDS
    ids = [bury(jobs, n) for n in sorted(one_of_each.values())]
    assert listed(jobs) == ids[::-1]


def test_many_dead_letters_of_one_shard_come_newest_first(jobs):
    of_one_shard = [n for n in range(300) if shard(Status.DLQ, job_number(n).job_id) == "dlq#00"]
    ids = [bury(jobs, n) for n in of_one_shard]
    assert len(ids) > 10
    assert listed(jobs) == ids[::-1]


def test_jobs_that_died_in_the_same_millisecond_are_all_listed(jobs):
    ids = [bury(jobs, n, at_ms=DIED_AT_MS) for n in range(5)]
    assert flat(walked(jobs, limit=2)) == sorted(ids, reverse=True)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DLQ])
def test_only_dead_jobs_are_listed(jobs, status):
    bury(jobs, 0, status=status)
    assert listed(jobs) == []


def test_a_filter_admits_one_class_of_errors(jobs):
    wanted = bury(jobs, 0, error_class=ErrorClass.PERMANENT)
    bury(jobs, 1, error_class=ErrorClass.TRANSIENT)
    assert listed(jobs, DeadLetterFilter(error_class=ErrorClass.PERMANENT)) == [wanted]


def test_a_filter_admits_one_type_of_errors(jobs):
    wanted = bury(jobs, 0, error_type="MessageRejected")
    bury(jobs, 1, error_type="ReadTimeout")
    assert listed(jobs, DeadLetterFilter(error_type="MessageRejected")) == [wanted]


def test_class_and_type_must_both_be_the_ones_asked_for(jobs):
    both = {"error_class": ErrorClass.PERMANENT, "error_type": "MessageRejected"}
    wanted = bury(jobs, 0, **both)
    bury(jobs, 1, **both | {"error_type": "BadRequestException"})
    bury(jobs, 2, **both | {"error_class": ErrorClass.ACCOUNT})
    assert listed(jobs, DeadLetterFilter(**both)) == [wanted]


def test_since_is_included_and_until_is_not(jobs):
    ids = [bury(jobs, n, at_ms=DIED_AT_MS + n) for n in range(4)]
    wanted = DeadLetterFilter(since_ms=DIED_AT_MS + 1, until_ms=DIED_AT_MS + 3)
    assert listed(jobs, wanted) == [ids[2], ids[1]]


@pytest.mark.parametrize(
    ("since_ms", "until_ms"),
    [(DIED_AT_MS + 1, None), (None, DIED_AT_MS), (DIED_AT_MS + 1, DIED_AT_MS), (10**14, None)],
)
def test_nothing_is_listed_outside_since_and_until(jobs, since_ms, until_ms):
    bury(jobs, 0)
    assert listed(jobs, DeadLetterFilter(since_ms=since_ms, until_ms=until_ms)) == []


@pytest.mark.parametrize(
    ("since_ms", "until_ms"),
    [(-1, None), (None, 10**13), (None, 10**14), (-(10**12), 253_402_300_799_999)],
)
def test_the_ends_of_time_are_no_limits(jobs, since_ms, until_ms):
    job_id = bury(jobs, 0)
    assert listed(jobs, DeadLetterFilter(since_ms=since_ms, until_ms=until_ms)) == [job_id]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (100, [7])])
def test_pages_are_full_and_meet_without_gap_or_repeat(jobs, limit, sizes):
    ids = [bury(jobs, n) for n in range(7)]
    pages = walked(jobs, limit=limit)
    assert [len(page) for page in pages] == sizes
    assert flat(pages) == ids[::-1]


def test_pages_keep_their_filter(jobs):
    ids = [bury(jobs, n, error_type="AB"[n % 2]) for n in range(8)]
    wanted = DeadLetterFilter(error_type="A", since_ms=DIED_AT_MS + 1000)
    assert walked(jobs, wanted, limit=2) == [[ids[6], ids[4]], [ids[2]]]


def test_pages_meet_while_more_jobs_die(jobs):
    ids = [bury(jobs, n) for n in range(7)]
    newcomers = iter(range(100, 200))

    pages = walked(jobs, limit=2, after_page=lambda: bury(jobs, next(newcomers)))

    assert flat(pages) == ids[::-1]


def test_a_page_ends_after_so_many_examined_rows_and_the_next_goes_on(jobs, monkeypatch):
    monkeypatch.setattr(dead_letters, "MAX_ROWS_EXAMINED", 3)
    wanted = [bury(jobs, n, error_type="A") for n in range(2)]
    for n in range(2, 6):
        bury(jobs, n, error_type="B")

    pages = walked(jobs, DeadLetterFilter(error_type="A"), limit=10)

    assert pages == [[], wanted[::-1]]


def test_a_cursor_and_a_narrower_filter_both_hold(jobs):
    ids = [bury(jobs, n) for n in range(5)]
    cursor = jobs.page(ALL, now_ms=DIED_AT_MS, limit=1, cursor=None).next_cursor
    narrower = DeadLetterFilter(until_ms=DIED_AT_MS + 2000)
    page = jobs.page(narrower, limit=10, cursor=cursor, now_ms=DIED_AT_MS)
    assert [letter.job_id for letter in page.letters] == [ids[1], ids[0]]


def damaged(cursor):
    yield ""
    yield "x"
    yield "Ä" + cursor
    yield cursor[:-1]
    yield cursor[1:]
    yield cursor + "A"
    yield cursor + cursor
    yield "=" * len(cursor)
    yield "A" * 1000
    for position in range(len(cursor)):
        replaced = "B" if cursor[position] != "B" else "C"
        yield cursor[:position] + replaced + cursor[position + 1 :]


def test_a_damaged_cursor_is_refused(jobs):
    for n in range(2):
        bury(jobs, n)
    cursor = jobs.page(ALL, now_ms=DIED_AT_MS, limit=1, cursor=None).next_cursor
    for wrong in damaged(cursor):
        with pytest.raises(Invalid):
            jobs.page(ALL, now_ms=DIED_AT_MS, limit=1, cursor=wrong)
