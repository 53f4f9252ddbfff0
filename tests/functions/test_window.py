"""Ten mails per user in any sixty minutes, to the millisecond."""

from collections import Counter

import pytest

from tests.functions.events import a_body

HOUR_S = 3600


@pytest.fixture
def full(api, clock):
    """A window whose ten places were taken one minute apart, the first ten minutes ago."""
    for _ in range(10):
        api.accept(a_body())
        clock.advance(seconds=60)


def retry_after_s(answer):
    assert answer.status == 429
    return int(answer.headers["Retry-After"])


def test_ten_sign_ins_are_accepted_and_the_eleventh_is_refused(api, cloud):
    answers = [api.post(a_body()).status for _ in range(11)]

    assert answers == [202] * 10 + [429]
    assert len(cloud.receive()) == 10


def test_a_refused_sign_in_is_told_when_to_come_back(api, full):
    answer = api.post(a_body())

    assert answer.status == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == "urn:signin-notifier:problem:limit-reached"
    assert answer.json["error"] == "Too many sign-in notifications. Please try again later."
    assert answer.headers["Retry-After"] == str(HOUR_S - 10 * 60)
    assert answer.headers["RateLimit-Policy"] == '"user";q=10;w=3600'
    assert answer.headers["RateLimit"] == f'"user";r=0;t={HOUR_S - 10 * 60}'


def test_who_waits_as_told_is_accepted_and_a_second_less_is_refused(api, full, clock):
    wait_s = retry_after_s(api.post(a_body()))

    clock.advance(seconds=wait_s - 1)
    assert retry_after_s(api.post(a_body())) == 1
    clock.advance(seconds=1)
    assert api.post(a_body()).status == 202


@pytest.mark.parametrize(
    ("passed_ms", "told_s"), [(1, 3600), (999, 3600), (1000, 3599), (1001, 3599)]
)
def test_a_wait_is_told_in_whole_seconds_and_never_too_short(passed_ms, told_s, api, clock):
    for _ in range(10):
        api.accept(a_body())
    clock.advance(ms=passed_ms)

    assert retry_after_s(api.post(a_body())) == told_s

    clock.advance(seconds=told_s)
    assert api.post(a_body()).status == 202


def test_a_place_is_free_after_sixty_minutes_to_the_millisecond(api, clock):
    for _ in range(10):
        api.accept(a_body())

    clock.advance(seconds=HOUR_S, ms=-1)
    assert retry_after_s(api.post(a_body())) == 1
    clock.advance(ms=1)
    assert [api.post(a_body()).status for _ in range(11)] == [202] * 10 + [429]


def test_the_window_slides_and_frees_one_place_at_a_time(api, full, clock):
    clock.advance(seconds=HOUR_S - 10 * 60)

    for _ in range(10):
        assert [api.post(a_body()).status, api.post(a_body()).status] == [202, 429]
        clock.advance(seconds=60)


def test_nothing_is_reset_at_the_full_hour(api, clock):
    # The clock stands at 07:00; from 07:55 to 08:04 there are ten.
    clock.advance(seconds=55 * 60)
    for _ in range(10):
        api.accept(a_body())
        clock.advance(seconds=60)

    assert retry_after_s(api.post(a_body())) == 50 * 60


def test_a_refused_sign_in_takes_no_place_and_leaves_only_its_count(api, full, clock, cloud):
    before = cloud.rows()

    for _ in range(5):
        assert api.post(a_body()).status == 429
        assert api.post(a_body(), idempotency_key="key").status == 429

    [hour] = [row for row in cloud.rows() if row not in before]
    assert set(hour) == {"pk", "expiresAt", "refused"}
    assert len(cloud.rows()) == len(before) + 1
    assert len(cloud.receive()) == 10
    clock.advance(seconds=HOUR_S - 10 * 60)
    assert api.post(a_body()).status == 202


def test_every_user_has_a_window_of_their_own(api, full):
    answers = Counter(api.post(a_body(userId=f"user-{n}")).status for n in range(10))

    assert answers == {202: 10}


def test_no_run_of_sign_ins_ever_gets_more_than_ten_into_an_hour(api, clock):
    accepted = []
    for gap_s in [0, 0, 200, 1, 1, 900, 30, 0, 0, 0, 5, 5, 1500, 0, 0, 800, 200, 0, 0, 599, 1, 0]:
        clock.advance(seconds=gap_s)
        if api.post(a_body()).status == 202:
            accepted.append(clock())

    assert len(accepted) > 10
    for first, eleventh in zip(accepted, accepted[10:], strict=False):
        assert eleventh - first >= HOUR_S * 1000
