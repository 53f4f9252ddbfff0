"""Any order of events that the service can meet, for Hypothesis to choose from."""

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from functions.domain.life import UNKNOWN_WAIT_MS
from functions.domain.model import Action, Delivery, Status
from tests.domain.at_rest import check_at_rest
from tests.domain.mishaps import Answer, Fault
from tests.domain.world import MINUTE_MS, SECOND_MS, World
from tests.fake_jobs import InMemoryJobs

#: clocks of two functions are at most 2 s apart
skews = st.sampled_from([0, 0, -SECOND_MS, SECOND_MS])
faults = st.lists(st.sampled_from([Fault.NONE, Fault.NONE, *Fault]), max_size=4)
answers = st.sampled_from([Answer.TAKEN, *Answer])
#: what an event tells while an attempt is under way
meanwhile = st.sampled_from([None, None, None, Delivery.SENT, Delivery.REJECTED])
picks = st.integers(min_value=0, max_value=1_000)


class LifeOfJobs(RuleBasedStateMachine):
    """Posts, deliveries, sweeps, events and operators, with faults at every call."""

    #: how many worlds were tried
    runs: ClassVar[int] = 0
    world_type: ClassVar[type[World]] = World
    jobs_type: ClassVar[type[InMemoryJobs]] = InMemoryJobs

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.world = self.world_type(self.jobs_type())

    @rule(
        user=st.sampled_from(["bold", "tsetseg"]),
        key=st.sampled_from([None, "one", "two"]),
        variant=st.integers(1, 2),
        skew_ms=skews,
        faults=faults,
    )
    def post(self, user, key, variant, skew_ms, faults):
        self.world.post(user, key, variant, skew_ms=skew_ms, faults=faults)

    @rule(posts=st.integers(5, 12), gap_ms=st.sampled_from([0, SECOND_MS, 6 * MINUTE_MS]))
    def post_many(self, posts, gap_ms):
        for _ in range(posts):
            self.world.post("bold", None, 1, skew_ms=0, faults=[])
            self.world.now_ms += gap_ms

    @precondition(lambda self: self.world.letters.visible())
    @rule(pick=picks, answer=answers, meanwhile=meanwhile, skew_ms=skews, faults=faults)
    def work(self, pick, answer, meanwhile, skew_ms, faults):
        visible = self.world.letters.visible()
        letter = visible[pick % len(visible)]
        self.world.work(letter, answer, meanwhile=meanwhile, skew_ms=skew_ms, faults=faults)

    @precondition(lambda self: self.world.letters.visible())
    @rule(pick=picks)
    def lose_the_answer_to_a_claim(self, pick):
        visible = self.world.letters.visible()
        letter = visible[pick % len(visible)]
        self.world.work(letter, Answer.TAKEN, faults=[Fault.ANSWER_LOST])

    @precondition(lambda self: self.world.letters.visible())
    @rule(pick=picks, answer=st.sampled_from([Answer.LOST_AFTER, Answer.REFUSED, Answer.PAUSED]))
    def work_again_while_an_event_comes(self, pick, answer):
        """An event tells of the first mail only when the second attempt is under way."""
        visible = self.world.letters.visible()
        letter = visible[pick % len(visible)]
        self.world.work(letter, Answer.LOST_AFTER)
        self.world.now_ms += UNKNOWN_WAIT_MS
        if letter in self.world.letters.visible():
            self.world.work(letter, answer, meanwhile=Delivery.SENT)

    @precondition(lambda self: self.world.letters.visible())
    @rule(answer=st.sampled_from([Answer.TAKEN, Answer.THROTTLED, Answer.REFUSED]))
    def work_all(self, answer):
        for letter in self.world.letters.visible():
            self.world.work(letter, answer)

    @precondition(lambda self: self.world.letters.waiting)
    @rule(pick=picks)
    def deliver_twice(self, pick):
        """Queues deliver at least once: a copy of a message, in flight or not, comes at once."""
        letters = self.world.letters
        letters.send(letters.waiting[pick % len(letters.waiting)].message)

    @precondition(lambda self: self.world.letters.waiting)
    @rule(pick=picks)
    def lose_a_message(self, pick):
        waiting = self.world.letters.waiting
        waiting.pop(pick % len(waiting))

    @rule(skew_ms=skews, faults=faults)
    def sweep(self, skew_ms, faults):
        self.world.sweep(skew_ms=skew_ms, faults=faults)

    @precondition(lambda self: self.world.mails)
    @rule(pick=picks, delivery=st.sampled_from(Delivery))
    def hear(self, pick, delivery):
        job_id, *_ = list(self.world.mails)[pick % len(self.world.mails)]
        self.world.hear(job_id, delivery)

    @precondition(lambda self: self.world.letters.dead)
    @rule()
    def redrive(self):
        self.world.letters.redrive()

    @rule(
        picked=st.lists(picks, min_size=1, max_size=3),
        action=st.sampled_from([Action.REPLAYED, Action.REPLAYED, Action.DISCARDED]),
        skew_ms=skews,
        faults=faults,
    )
    def intervene(self, picked, action, skew_ms, faults):
        """Operators choose from a list that may be older than what they do."""
        jobs = self.world.jobs.all(now_ms=self.world.now_ms)
        known = [job for job in jobs if job.status in {Status.DLQ, Status.COMPLETED}]
        if known:
            chosen = [known[pick % len(known)].job_id for pick in picked]
            self.world.intervene(chosen, action, skew_ms=skew_ms, faults=faults)

    @rule(seconds=st.sampled_from([1, 2, 5, 15, 40, 130, 700, 3_600]))
    def wait(self, seconds):
        self.world.now_ms += seconds * SECOND_MS

    @rule(months=st.sampled_from([0, 0, 0, 0, 0, 1]))
    def wait_a_month(self, months):
        if months:
            self.world.a_month_passes()

    def teardown(self):
        self.world.settle()
        check_at_rest(self.world)
