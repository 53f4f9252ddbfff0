"""The OpenAPI document, made of the models that validate and of the doors' own table of errors."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from functions.admin_requests import BulkRequest, DlqQuery, StatsQuery, UserQuery
from functions.domain import errors
from functions.domain.model import JOB_ID
from functions.domain.request import SignInRequest
from openapi import answers
from openapi.pages import page_paths
from openapi.parts import REF, TEXT, answer, operation, query

_BODIES: Final[tuple[type[BaseModel], ...]] = (SignInRequest, BulkRequest)
_ANSWERS: Final[tuple[type[BaseModel], ...]] = (
    *(answers.Accepted, answers.Job, answers.DeadLetters, answers.JobsOfUser, answers.JobInFull),
    *(answers.Matched, answers.Replayed, answers.Discarded, answers.Statistics),
    *(answers.Problem, answers.InvalidProblem, answers.AlreadyAcceptedProblem),
    answers.GatewayThrottled,
)
_JOB_ID: Final = {
    "name": "jobId",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": f"^{JOB_ID.pattern}$"},
}
_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same for one sign-in; 1-255 visible ASCII characters, quoted or bare.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def document() -> dict[str, Any]:
    """Return the whole document."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in (*_BODIES, *_ANSWERS)],
        ref_template=REF,
        by_alias=True,
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "signin-notifier",
            "version": "1",
            "description": "Tells people by mail that someone signed in to their account.",
        },
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The producer key; on /api/admin the admin key.",
                }
            },
        },
    }


def _paths() -> dict[str, Any]:
    bad, missing, too_large = errors.Invalid, errors.JobNotFound, errors.BodyTooLarge
    return {
        "/api/jobs/signin-notification": {
            "post": operation(
                "postSignIn",
                "Tell of a sign-in",
                {
                    "202": answer(
                        "Accepted and durable.",
                        answers.Accepted,
                        headers={"Location": {**TEXT, "description": "Where the job is read."}},
                    )
                },
                (
                    *(bad, too_large, errors.AlreadyAccepted, errors.IdempotencyKeyReused),
                    errors.LimitReached,
                ),
                parameters=[_IDEMPOTENCY_KEY],
                body=SignInRequest,
            )
        },
        "/api/jobs/{jobId}": {
            "get": operation(
                "getJob",
                "Read how a job stands",
                {"200": answer("How it stands.", answers.Job)},
                (missing,),
                parameters=[_JOB_ID],
            )
        },
        "/api/admin/dlq": {
            "get": operation(
                "listDeadLetters",
                "List dead jobs, newest first",
                {"200": answer("Dead jobs.", answers.DeadLetters)},
                (bad,),
                parameters=query(DlqQuery),
            )
        },
        "/api/admin/dlq/replays": {
            "post": operation(
                "replay",
                "Send dead jobs' mails again, or count them in a dry run",
                {"200": answer("Done.", answers.Replayed, answers.Matched)},
                (bad, too_large),
                body=BulkRequest,
            )
        },
        "/api/admin/dlq/discards": {
            "post": operation(
                "discard",
                "End dead jobs, or count them in a dry run",
                {"200": answer("Done.", answers.Discarded, answers.Matched)},
                (bad, too_large),
                body=BulkRequest,
            )
        },
        "/api/admin/jobs": {
            "get": operation(
                "listJobsOfUser",
                "List a user's last jobs",
                {"200": answer("The user's jobs.", answers.JobsOfUser)},
                (bad,),
                parameters=query(UserQuery),
            )
        },
        "/api/admin/jobs/{jobId}": {
            "get": operation(
                "getJobInFull",
                "Read all that is known of a job, masked",
                {"200": answer("All that is known.", answers.JobInFull)},
                (missing,),
                parameters=[_JOB_ID],
            )
        },
        "/api/admin/stats": {
            "get": operation(
                "getStatistics",
                "Read how the service fares",
                {"200": answer("Statistics.", answers.Statistics)},
                (bad,),
                parameters=query(StatsQuery),
            )
        },
        **page_paths(),
    }
