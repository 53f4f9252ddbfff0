"""The OpenAPI document, made of the models that validate and of the doors' own table of errors."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from functions.admin_requests import BulkRequest, DlqQuery, StatsQuery, UserQuery
from functions.answers import PROBLEMS
from functions.domain import errors
from functions.domain.request import SignInRequest
from functions.requests import JOB_ID
from openapi import answers

_REF: Final = "#/components/schemas/{model}"
_BODIES: Final[tuple[type[BaseModel], ...]] = (SignInRequest, BulkRequest)
_ANSWERS: Final[tuple[type[BaseModel], ...]] = (
    *(answers.Accepted, answers.Job, answers.DeadLetters, answers.JobsOfUser, answers.JobInFull),
    *(answers.Matched, answers.Replayed, answers.Discarded, answers.Statistics),
    *(answers.Problem, answers.InvalidProblem, answers.AlreadyAcceptedProblem),
    answers.GatewayThrottled,
)
#: what any route may answer, beside its own
_ANYWHERE: Final = (errors.Unauthenticated, errors.KeyForAnotherDoor, errors.Unavailable)
_RETRY_AFTER: Final = {
    "description": "Seconds to wait before the request can succeed.",
    "schema": {"type": "integer", "minimum": 0},
}
_TEXT: Final = {"schema": {"type": "string"}}
_HEADERS: Final[dict[type[errors.SigninNotifierError], dict[str, Any]]] = {
    errors.Unauthenticated: {"WWW-Authenticate": _TEXT},
    errors.Unavailable: {"Retry-After": _RETRY_AFTER},
    errors.LimitReached: {
        "Retry-After": {**_RETRY_AFTER, "description": "Exact; absent if API Gateway throttles."},
        "RateLimit-Policy": _TEXT,
        "RateLimit": _TEXT,
    },
}
_MORE: Final[dict[type[errors.SigninNotifierError], str]] = {
    errors.AlreadyAccepted: " Already accepted: treat as success.",
    errors.LimitReached: " Without Retry-After it is API Gateway's own throttling.",
}
_MODELS: Final[dict[type[errors.SigninNotifierError], type[BaseModel]]] = {
    errors.Invalid: answers.InvalidProblem,
    errors.AlreadyAccepted: answers.AlreadyAcceptedProblem,
}
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
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[A-Za-z0-9._-]+$"},
}


def document() -> dict[str, Any]:
    """Return the whole document."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in (*_BODIES, *_ANSWERS)],
        ref_template=_REF,
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
    bad, missing = errors.Invalid, errors.JobNotFound
    too_large = errors.BodyTooLarge
    return {
        "/api/jobs/signin-notification": {
            "post": _operation(
                "postSignIn",
                "Tell of a sign-in",
                {
                    "202": _answer(
                        "Accepted and durable.",
                        answers.Accepted,
                        headers={"Location": {**_TEXT, "description": "Where the job is read."}},
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
            "get": _operation(
                "getJob",
                "Read how a job stands",
                {"200": _answer("How it stands.", answers.Job)},
                (missing,),
                parameters=[_JOB_ID],
            )
        },
        "/api/admin/dlq": {
            "get": _operation(
                "listDeadLetters",
                "List dead jobs, newest first",
                {"200": _answer("Dead jobs.", answers.DeadLetters)},
                (bad,),
                parameters=_query(DlqQuery),
            )
        },
        "/api/admin/dlq/replays": {
            "post": _operation(
                "replay",
                "Send dead jobs' mails again, or count them in a dry run",
                {"200": _answer("Done.", answers.Replayed, answers.Matched)},
                (bad, too_large),
                body=BulkRequest,
            )
        },
        "/api/admin/dlq/discards": {
            "post": _operation(
                "discard",
                "End dead jobs, or count them in a dry run",
                {"200": _answer("Done.", answers.Discarded, answers.Matched)},
                (bad, too_large),
                body=BulkRequest,
            )
        },
        "/api/admin/jobs": {
            "get": _operation(
                "listJobsOfUser",
                "List a user's last jobs",
                {"200": _answer("The user's jobs.", answers.JobsOfUser)},
                (bad,),
                parameters=_query(UserQuery),
            )
        },
        "/api/admin/jobs/{jobId}": {
            "get": _operation(
                "getJobInFull",
                "Read all that is known of a job, masked",
                {"200": _answer("All that is known.", answers.JobInFull)},
                (missing,),
                parameters=[_JOB_ID],
            )
        },
        "/api/admin/stats": {
            "get": _operation(
                "getStatistics",
                "Read how the service fares",
                {"200": _answer("Statistics.", answers.Statistics)},
                (bad,),
                parameters=_query(StatsQuery),
            )
        },
        "/api/admin/console": {
            "get": {
                "operationId": "console",
                "summary": "The operators' console, a static page that needs no key",
                "security": [],
                "responses": {"200": {"description": "The page.", "content": {"text/html": _TEXT}}},
            }
        },
    }


def _operation(
    operation_id: str,
    summary: str,
    successes: Mapping[str, Any],
    refusals: tuple[type[errors.SigninNotifierError], ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: type[BaseModel] | None = None,
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            **successes,
            **{
                str(int(PROBLEMS[refusal][0])): _problem(refusal)
                for refusal in (*refusals, *_ANYWHERE)
            },
        },
    }
    operation["responses"].setdefault("429", _throttled())
    if body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(body)}},
        }
    return operation


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return a query model's fields as parameters; null is written by leaving one out."""
    schema = model.model_json_schema(by_alias=True)
    defined = schema.get("$defs", {})
    parameters = []
    for name, field in schema["properties"].items():
        options = [option for option in field.get("anyOf", [field]) if option != {"type": "null"}]
        [option] = options
        if "$ref" in option:
            option = defined[option["$ref"].rpartition("/")[2]]
        kept = {key: value for key, value in option.items() if key not in {"title", "description"}}
        required = name in schema.get("required", [])
        parameters.append({"name": name, "in": "query", "required": required, "schema": kept})
    return parameters


def _answer(
    description: str, *models: type[BaseModel], headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    schemas = [_ref(model) for model in models]
    return {
        "description": description,
        "headers": headers or {},
        "content": {
            "application/json": {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}
        },
    }


def _problem(error: type[errors.SigninNotifierError]) -> dict[str, Any]:
    _, _, sentence = PROBLEMS[error]
    model = _MODELS.get(error, answers.Problem)
    content = {"application/problem+json": {"schema": _ref(model)}}
    if error is errors.LimitReached:
        content |= _throttled()["content"]
    return {
        "description": sentence + _MORE.get(error, ""),
        "headers": _HEADERS.get(error, {}),
        "content": content,
    }


def _throttled() -> dict[str, Any]:
    return {
        "description": "API Gateway's own throttling: try again in a second.",
        "content": {"application/json": {"schema": _ref(answers.GatewayThrottled)}},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
