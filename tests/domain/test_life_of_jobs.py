"""Nothing is lost and nothing is sent twice, whatever dies in between; and the test can fail."""

import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from functions.domain.model import Status
from tests.domain.machine import LifeOfJobs
from tests.domain.world import World
from tests.fake_jobs import InMemoryJobs

THOROUGH = settings(
    max_examples=1_000,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
#: a fault need not be shrunk to be shown, and must not escape by bad luck
UNTIL_CAUGHT = settings(
    THOROUGH, max_examples=10_000, phases=[Phase.generate], print_blob=False, database=None
)


def test_nothing_is_lost_and_nothing_is_sent_twice():
    run_state_machine_as_test(LifeOfJobs, settings=THOROUGH)


class NoFence(InMemoryJobs):
    def _stands(self, found, before):
        return True


class NoLease(InMemoryJobs):
    def _claimable(self, found, message, *, now_ms):
        found = (
            replace(found, status=Status.RETRYING) if found.status is Status.PROCESSING else found
        )
        return super()._claimable(found, message, now_ms=now_ms)


class NoNotBefore(InMemoryJobs):
    def _claimable(self, found, message, *, now_ms):
        return super()._claimable(replace(found, not_before_ms=0), message, now_ms=now_ms)


class NoWentOut(InMemoryJobs):
    def record(self, event):
        recorded = super().record(event)
        row = self._rows[event.job_id]
        self._rows[event.job_id] = replace(row, job=replace(row.job, went_out=False))
        return recorded


class NoWentOutMeanwhile(InMemoryJobs):
    def _went_out_since(self, found, before):
        return False


class NoRelease(InMemoryJobs):
    def release(self, message, *, fence, due_ms):
        """Keep the job until the lease runs out."""


class NoWindow(InMemoryJobs):
    def _has_place(self, oldest_ms, window_start_ms):
        return True


class NoRun(World):
    """Every message is taken for one of its job's latest run."""

    def as_seen(self, message):
        job = self.jobs.read(message.job_id, now_ms=self.now_ms)
        return replace(message, run=job.run) if job else message


class NoSweeper(World):
    sweeps = False


SABOTAGES = {
    "fence": {"jobs_type": NoFence},
    "lease": {"jobs_type": NoLease},
    "not before": {"jobs_type": NoNotBefore},
    "went out": {"jobs_type": NoWentOut},
    "went out meanwhile": {"jobs_type": NoWentOutMeanwhile},
    "release": {"jobs_type": NoRelease},
    "window": {"jobs_type": NoWindow},
    "run": {"world_type": NoRun},
    "sweeper": {"world_type": NoSweeper},
}


@pytest.mark.parametrize("broken", SABOTAGES)
def test_without_each_guard_the_same_test_fails(broken):
    sabotaged = type("Sabotaged", (LifeOfJobs,), {"runs": 0, **SABOTAGES[broken]})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(sabotaged, settings=UNTIL_CAUGHT)
    # Shown by `pytest -rP`: how soon it was caught.
    sys.stdout.write(f"without {broken}: caught in world {sabotaged.runs}\n")
