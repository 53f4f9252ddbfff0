"""Sends that start no faster than a rate, from however many threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.adapters.pace import Pace


class VirtualTime:
    """A clock that does not move, and sleeps that are remembered."""

    def __init__(self):
        self.now_s = 100.0
        self.slept_s = []

    def clock(self):
        return self.now_s


@pytest.fixture
def time():
    return VirtualTime()


@pytest.fixture
def pace(time):
    return Pace(interval_s=0.5, clock_s=time.clock, sleep=time.slept_s.append)


def test_starts_of_many_threads_are_an_interval_apart(pace, time, giving_way):
    with ThreadPoolExecutor(max_workers=10) as threads:
        list(threads.map(lambda _: pace.wait(), range(20)))
    assert sorted(time.slept_s) == [n * 0.5 for n in range(1, 20)]


def test_nobody_waits_after_a_pause(pace, time):
    pace.wait()
    time.now_s += 60
    pace.wait()
    assert time.slept_s == []


def test_an_idle_minute_is_not_saved_up_for_a_burst(pace, time):
    time.now_s += 60
    for _ in range(3):
        pace.wait()
    assert time.slept_s == [0.5, 1.0]
