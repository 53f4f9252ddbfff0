"""What must hold of the service once all faults are over and time has passed."""

from functions.adapters.dynamodb.dead_letters import DeadLetterFilter
from functions.domain.model import Status
from tests.domain.world import DAY_MS, MINUTE_MS, OPEN, RETENTION_DAYS, World
from tests.fake_dead_letters import InMemoryDeadLetters


def check_at_rest(world: World) -> None:
    """Check what holds once all faults are over and time has passed."""
    assert world.violations == []
    alive = {job.job_id: job for job in world.jobs.all(now_ms=world.now_ms)}
    page = InMemoryDeadLetters(world.jobs).page(
        DeadLetterFilter(), limit=1_000, cursor=None, now_ms=world.now_ms
    )
    listed = {letter.job_id for letter in page.letters}
    for job_id, accepted_at_ms in world.acknowledged.items():
        if accepted_at_ms + RETENTION_DAYS * DAY_MS > world.now_ms + MINUTE_MS:
            assert job_id in alive, "an accepted job has vanished"
    for job in alive.values():
        assert job.status not in OPEN, f"a job is stuck: {job.status}"
        assert (job.status is Status.DLQ) == (job.job_id in listed), "a dead job is not listed"
        if (job.job_id, job.created_at_ms) in world.gone_while_open:
            assert job.status is Status.COMPLETED, "a mail is known to have left, in vain"
        unknowable = world.unknowable[job.job_id, job.created_at_ms]
        assert job.unknown_outcomes <= unknowable, "an outcome counts as unknown, and is not"
        if job.status is Status.COMPLETED:
            runs = range(1, job.run + 1)
            gone = any(world.mails[job.job_id, job.created_at_ms, run] for run in runs)
            assert gone or job.went_out, "a job is completed, and no mail left"
        extra = world.mails[job.job_id, job.created_at_ms, job.run] - 1
        assert extra <= job.unknown_outcomes, "an extra mail is unexplained"
    for letter in [*world.letters.waiting, *world.letters.dead]:
        job = alive.get(letter.message.job_id)
        assert job is None or letter.message.run == job.run, "a message of an older run is left"
