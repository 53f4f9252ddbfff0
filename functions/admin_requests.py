"""What operators may ask for: hostile until parsed here, like everything from outside."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from functions.adapters.dynamodb.batch import MAX_KEYS
from functions.adapters.dynamodb.dead_letters import MAX_ROWS_EXAMINED, DeadLetterFilter
from functions.domain.body import Strict
from functions.domain.fields import Rfc3339, SingleLine, UserId
from functions.domain.model import JOB_ID, ErrorClass

#: one command changes at most so many jobs: each costs a write, and an answer has to come in time
MAX_CHANGED: Final = MAX_KEYS
MAX_HOURS: Final = 7 * 24

_ErrorType = Annotated[str, Field(min_length=1, max_length=200)]
_Cursor = Annotated[str, Field(max_length=1000)]


class _Query(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", hide_input_in_errors=True)


class DlqQuery(_Query):
    """The query of `GET /api/admin/dlq`."""

    error_class: ErrorClass | None = None
    error_type: _ErrorType | None = None
    since: Rfc3339 | None = None
    until: Rfc3339 | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: _Cursor | None = None

    def wanted(self) -> DeadLetterFilter:
        """Return which dead jobs are asked for."""
        return _filter(self)


class StatsQuery(_Query):
    """The query of `GET /api/admin/stats`."""

    hours: Annotated[int, Field(ge=1, le=MAX_HOURS)] = 24


class UserQuery(_Query):
    """The query of `GET /api/admin/jobs`."""

    user_id: UserId


def _alone(job_ids: list[str], info: ValidationInfo) -> list[str]:
    if any(value is not None for value in info.data.values()):
        raise PydanticCustomError("not_alone", "must be the filter's only field")
    return job_ids


class Selection(Strict):
    """Which dead jobs: those with these ids, or all that the other fields admit."""

    error_class: ErrorClass | None = None
    error_type: _ErrorType | None = None
    since: Rfc3339 | None = None
    until: Rfc3339 | None = None
    job_ids: (
        Annotated[
            list[Annotated[str, Field(pattern=f"^{JOB_ID.pattern}$")]],
            Field(min_length=1, max_length=MAX_CHANGED),
            AfterValidator(_alone),
        ]
        | None
    ) = None

    def wanted(self) -> DeadLetterFilter:
        """Return which dead jobs are asked for, if not by id."""
        return _filter(self)


def _possible(limit: int, info: ValidationInfo) -> int:
    if not info.data.get("dry_run") and limit > MAX_CHANGED:
        raise PydanticCustomError(
            "limit", f"must not be more than {MAX_CHANGED}, unless dryRun is true"
        )
    return limit


def _only_for_all(value: int | str, info: ValidationInfo) -> int | str:
    selection = info.data.get("filter")
    if selection and selection.job_ids:
        raise PydanticCustomError("with_job_ids", "must not be given beside filter.jobIds")
    return value


class BulkRequest(Strict):
    """The body of `POST /api/admin/dlq/replays` and `/discards`."""

    #: required: an empty one, all dead jobs, has to be meant
    filter: Selection
    dry_run: bool = False
    limit: (
        Annotated[
            int,
            Field(ge=1, le=MAX_ROWS_EXAMINED),
            AfterValidator(_possible),
            AfterValidator(_only_for_all),
        ]
        | None
    ) = None
    cursor: Annotated[_Cursor, AfterValidator(_only_for_all)] | None = None
    by: Annotated[str, Field(max_length=100), SingleLine] | None = None
    reason: Annotated[str, Field(max_length=500), SingleLine] | None = None


def _filter(asked: DlqQuery | Selection) -> DeadLetterFilter:
    return DeadLetterFilter(
        error_class=asked.error_class,
        error_type=asked.error_type,
        since_ms=_ms(asked.since),
        until_ms=_ms(asked.until),
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
