"""What the doors answer, as models: they build plain dicts, and tests hold both together."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from functions.adapters.event_source import SourceState
from functions.domain.intervene import Why
from functions.domain.model import JOB_ID, Action, Delivery, ErrorClass, Status

JobId = Annotated[str, Field(pattern=f"^{JOB_ID.pattern}$")]
JobType = Literal["user.signin.notification"]
Count = Annotated[int, Field(ge=0)]


class _Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Accepted(_Answer):
    """The sign-in is durable, and its mail will be sent or the job listed as dead."""

    message: str
    job_id: JobId
    status: Literal[Status.ENQUEUED]


class _Failed(_Answer):
    error: str | None
    error_class: ErrorClass | None
    error_type: str | None


class Job(_Failed):
    """How a job stands."""

    job_id: JobId
    type: JobType
    status: Status
    created_at: datetime
    processed_at: datetime | None
    attempt_count: Count
    delivery: Delivery | None


class DeadLetter(_Failed):
    """A dead job as the list has it."""

    job_id: JobId
    job_type: JobType
    status: Literal[Status.DLQ]
    attempt_count: Count
    created_at: datetime
    processed_at: datetime
    recipient: str
    #: the outcome of an attempt is unknown: a replay may mail its person twice
    may_have_left: bool


class DeadLetters(_Answer):
    """Dead jobs, newest first."""

    count: Count
    jobs: list[DeadLetter]
    next_cursor: str | None


class JobInShort(_Failed):
    """A job as one of several."""

    job_id: JobId
    job_type: JobType
    status: Status
    attempt_count: Count
    created_at: datetime
    processed_at: datetime | None
    delivery: Delivery | None
    recipient: str


class JobsOfUser(_Answer):
    """A user's last jobs."""

    count: Count
    jobs: list[JobInShort]


class Location(_Answer):
    """An approximate place, as the caller's edge saw it."""

    city: str | None
    region: str | None
    country: str | None


class SignIn(_Answer):
    """What was posted, masked."""

    user_id: str
    name: str | None
    provider: str
    signed_in_at: datetime
    ip_address: str | None
    user_agent: str | None
    locale: str | None
    time_zone: str | None
    location: Location | None


class Attempt(_Failed):
    """One try that did not succeed."""

    started_at: datetime
    ended_at: datetime
    stack_trace: str


class Intervention(_Answer):
    """An operator's hand in a job's life."""

    action: Action
    at: datetime
    by: str | None
    reason: str | None


class JobInFull(JobInShort):
    """All that is known of a job, masked."""

    stack_trace: str | None
    run: int
    tries: int
    not_before: datetime | None
    due: datetime | None
    went_out: bool
    may_have_left: bool
    reported_at: datetime | None
    #: null for a message that belonged to no job
    sign_in: SignIn | None
    attempts: list[Attempt]
    interventions: list[Intervention]


class Matched(_Answer):
    """A dry run: so many dead jobs match, and nothing has changed."""

    matched: Count
    next_cursor: str | None


class Skipped(_Answer):
    """A job that was left as it is."""

    job_id: JobId
    reason: Why


class _Changed(_Answer):
    skipped: Count
    skipped_jobs: list[Skipped]
    next_cursor: str | None


class Replayed(_Changed):
    """So many jobs are on their way again."""

    replayed: Count


class Discarded(_Changed):
    """So many jobs were ended."""

    discarded: Count


class Tally(_Answer):
    """What happened in a time; null where nothing did that could be measured."""

    accepted: Count
    refused: Count
    completed: Count
    retried: Count
    dead: Count
    success_rate: float | None
    mean_ms: float | None
    p95_ms: Annotated[float | None, Field(alias="p95Ms")]
    dead_by_error_type: dict[str, Count]


class Hour(Tally):
    """What happened in one hour."""

    hour: datetime


class Statistics(_Answer):
    """The states now, and the last hours with their sum."""

    worker: SourceState | None
    now: dict[Status, Count]
    now_at_least: list[Status]
    sum: Tally
    hours: list[Hour]


class FieldProblem(_Answer):
    """One field that breaks its rule."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An error of ours, as RFC 9457 wants it; `error` is for people."""

    model_config = ConfigDict(alias_generator=to_camel)

    type: Annotated[str, Field(pattern="^urn:signin-notifier:problem:[a-z-]+$")]
    title: str
    status: int
    detail: str
    error: str


class InvalidProblem(Problem):
    """A request that breaks rules; `errors` lists all of them."""

    errors: list[FieldProblem] = []


class AlreadyAcceptedProblem(Problem):
    """A request that was accepted before; `jobStatus` tells how its job stands."""

    job_id: JobId
    job_status: Status


class GatewayThrottled(BaseModel):
    """API Gateway's own refusal, without Retry-After: try again in a second."""

    message: str
