"""How doors answer over HTTP: JSON, and problems as RFC 9457 wants them."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit

from functions.domain.accept import LIMIT, WINDOW_MS
from functions.domain.errors import (
    AlreadyAccepted,
    BodyTooLarge,
    IdempotencyKeyReused,
    Invalid,
    JobNotFound,
    KeyForAnotherDoor,
    LimitReached,
    Refused,
    SigninNotifierError,
    Unauthenticated,
    Unavailable,
)
from functions.domain.failure import stack_of
from functions.domain.model import Status

#: what the old clients know a job of ours by
JOB_TYPE: Final = "user.signin.notification"

_UNAVAILABLE_RETRY_AFTER_S: Final = 5
_WINDOW_S: Final = WINDOW_MS // 1000

#: the one table from an error to its status, its problem type and its sentence
PROBLEMS: Final[dict[type[SigninNotifierError], tuple[HTTPStatus, str, str]]] = {
    Unauthenticated: (
        HTTPStatus.UNAUTHORIZED,
        "unauthenticated",
        "Send a valid key as 'Authorization: Bearer <key>'.",
    ),
    KeyForAnotherDoor: (
        HTTPStatus.FORBIDDEN,
        "key-for-another-door",
        "This key is valid, but not for this route.",
    ),
    BodyTooLarge: (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        "The body must not be longer than 16 KiB.",
    ),
    Invalid: (HTTPStatus.BAD_REQUEST, "invalid-request", "The request is not valid."),
    JobNotFound: (HTTPStatus.NOT_FOUND, "job-not-found", "There is no such job."),
    AlreadyAccepted: (
        HTTPStatus.CONFLICT,
        "already-accepted",
        "This sign-in was accepted before; the original job stands.",
    ),
    IdempotencyKeyReused: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "This Idempotency-Key was used for another payload.",
    ),
    LimitReached: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "limit-reached",
        "Too many sign-in notifications. Please try again later.",
    ),
    Unavailable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The service can't answer now. Repeat the same request, with the same key.",
    ),
}


def ok(body: dict[str, Any]) -> Response[str]:
    """Answer 200 with a JSON object."""
    return _response(HTTPStatus.OK, "application/json", body)


def accepted(job_id: str) -> Response[str]:
    """Answer 202 for a job that is durable now."""
    return _response(
        HTTPStatus.ACCEPTED,
        "application/json",
        {
            "message": "Sign-in notification job enqueued",
            "jobId": job_id,
            "status": Status.ENQUEUED,
        },
        {"Location": f"/api/jobs/{job_id}"},
    )


def problem(error: SigninNotifierError) -> Response[str]:
    """Answer with the problem that the table gives for `error`."""
    status, slug, sentence = PROBLEMS[type(error)]
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    match error:
        case Unauthenticated():
            headers = {"WWW-Authenticate": "Bearer"}
        case Invalid():
            sentence = error.detail
            if error.faults:
                more["errors"] = [
                    {"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults
                ]
        case AlreadyAccepted():
            # `status` is the problem's own, so the job's needs another name.
            more = {"jobId": error.job_id, "jobStatus": error.status}
        case LimitReached():
            headers = {
                "Retry-After": str(error.retry_after_s),
                "RateLimit-Policy": f'"user";q={LIMIT};w={_WINDOW_S}',
                "RateLimit": f'"user";r=0;t={error.retry_after_s}',
            }
        case Unavailable():
            headers = {"Retry-After": str(_UNAVAILABLE_RETRY_AFTER_S)}
    return _problem(status, slug, sentence, headers, more)


def answer_problems(app: APIGatewayHttpResolver, logger: Logger, metrics: Metrics) -> None:
    """Make `app` answer errors as problems, and tell the log and the metrics of them."""

    def refuse(error: SigninNotifierError) -> Response[str]:
        _, slug, _ = PROBLEMS[type(error)]
        if isinstance(error, Unavailable):
            cause = type(error.__cause__).__name__
            logger.error("request not served", problem=slug, cause=cause, frames=stack_of(error))
        else:
            logger.info("request refused", problem=slug)
        if isinstance(error, LimitReached):
            metrics.add_metric(name="Refused", unit=MetricUnit.Count, value=1)
        return problem(error)

    def fail(error: Exception) -> Response[str]:
        # Never the message: it may quote the request or name an address. Not under the name
        # `stack_trace`, which the logger keeps for itself and would drop.
        logger.error("request failed", error_type=type(error).__name__, frames=stack_of(error))
        return unforeseen()

    app.exception_handler([Refused, Unavailable])(refuse)
    app.exception_handler(NotFoundError)(lambda _: unknown_route())
    app.exception_handler(Exception)(fail)


def unknown_route() -> Response[str]:
    """Answer 404 for a route that nobody serves."""
    return _problem(HTTPStatus.NOT_FOUND, "unknown-route", "There is no such route.", {}, {})


def unforeseen() -> Response[str]:
    """Answer 500; what happened is in the log, not in the answer."""
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen", "Something went wrong on our side.", {}, {}
    )


def iso(ms: int | None) -> str | None:
    """Return epoch milliseconds as ISO 8601 in UTC with `Z`."""
    if ms is None:
        return None
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _problem(
    status: HTTPStatus, slug: str, sentence: str, headers: dict[str, str], more: dict[str, Any]
) -> Response[str]:
    return _response(
        status,
        "application/problem+json",
        {
            "type": f"urn:signin-notifier:problem:{slug}",
            "title": status.phrase,
            "status": status,
            "detail": sentence,
            "error": sentence,
            **more,
        },
        headers,
    )


def _response(
    status: HTTPStatus,
    content_type: str,
    body: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> Response[str]:
    return Response(
        status_code=status,
        content_type=content_type,
        headers={"Cache-Control": "no-store", **(headers or {})},
        body=json.dumps(body, ensure_ascii=False),
    )
