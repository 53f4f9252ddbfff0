"""What paths are made of: operations, and answers out of the models and the table of errors."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from functions.answers import PROBLEMS
from functions.domain import errors
from openapi import answers

REF: Final = "#/components/schemas/{model}"
#: what any route may answer, beside its own
_ANYWHERE: Final = (errors.Unauthenticated, errors.KeyForAnotherDoor, errors.Unavailable)
RETRY_AFTER: Final = {
    "description": "Seconds to wait before the request can succeed.",
    "schema": {"type": "integer", "minimum": 0},
}
TEXT: Final = {"schema": {"type": "string"}}
_HEADERS: Final[dict[type[errors.SigninNotifierError], dict[str, Any]]] = {
    errors.Unauthenticated: {"WWW-Authenticate": TEXT},
    errors.Unavailable: {"Retry-After": RETRY_AFTER},
    errors.LimitReached: {
        "Retry-After": {**RETRY_AFTER, "description": "Exact; absent if API Gateway throttles."},
        "RateLimit-Policy": TEXT,
        "RateLimit": TEXT,
    },
}
_MORE: Final[dict[type[errors.SigninNotifierError], str]] = {
    errors.AlreadyAccepted: " Already accepted: treat as success.",
    errors.LimitReached: " Without Retry-After it is API Gateway's own throttling.",
}
_MODELS: Final[dict[type[errors.SigninNotifierError], type[answers.Problem]]] = {
    errors.Invalid: answers.InvalidProblem,
    errors.AlreadyAccepted: answers.AlreadyAcceptedProblem,
}


def operation(
    operation_id: str,
    summary: str,
    successes: Mapping[str, Any],
    refusals: tuple[type[errors.SigninNotifierError], ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """Return an operation that takes a key, with what its refusals answer."""
    described: dict[str, Any] = {
        "operationId": operation_id,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            **successes,
            **{
                str(int(PROBLEMS[refusal][0])): problem(refusal)
                for refusal in (*refusals, *_ANYWHERE)
            },
            "500": plain_problem("Something went wrong on our side, and is in our logs."),
        },
    }
    described["responses"].setdefault("429", throttled())
    if body:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(body)}},
        }
    return described


def query(model: type[BaseModel]) -> list[dict[str, Any]]:
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


def answer(
    description: str, *models: type[BaseModel], headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a JSON answer that is one of the models."""
    schemas = [_ref(model) for model in models]
    return {
        "description": description,
        "headers": headers or {},
        "content": {
            "application/json": {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}
        },
    }


def problem(error: type[errors.SigninNotifierError]) -> dict[str, Any]:
    """Return the answer that the table of errors gives for an error."""
    _, _, sentence = PROBLEMS[error]
    described = plain_problem(sentence + _MORE.get(error, ""), _MODELS.get(error, answers.Problem))
    described["headers"] = _HEADERS.get(error, {})
    if error is errors.LimitReached:
        described["content"] |= throttled()["content"]
    return described


def plain_problem(
    description: str, model: type[answers.Problem] = answers.Problem
) -> dict[str, Any]:
    """Return an answer in the form of a problem."""
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": _ref(model)}},
    }


def throttled() -> dict[str, Any]:
    """Return API Gateway's own 429."""
    return {
        "description": "API Gateway's own throttling: try again in a second.",
        "content": {"application/json": {"schema": _ref(answers.GatewayThrottled)}},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}
