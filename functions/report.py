"""The recipient's door: "this wasn't me". To look changes nothing; only the button reports.

Mail scanners open every link of a mail. The link is the only key: it is never logged, and neither
is anything that a person wrote.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.bootstrap.report import ReportParts, report_parts
from functions.bootstrap.shared import Handler
from functions.domain.errors import LinkInvalid, Unavailable
from functions.domain.failure import stack_of
from functions.domain.model import Job
from functions.domain.report import Pending, ReportedBefore, report
from functions.requests import preferred_languages
from functions.settings import Settings

_PATH: Final = "/report/<token>"
_RETRY_AFTER_S: Final = 5

Languages = Sequence[str]
#: draws the page for a job whose link is good, in the best of the languages
Draw = Callable[[Job, Languages], str]
Answer = tuple[HTTPStatus, str]


def build(parts: ReportParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    app = APIGatewayHttpResolver()

    @app.route(_PATH, method=["GET", "HEAD"])
    def ask(token: str) -> Response[str]:
        return answer(token, parts.pages.ask)

    @app.post(_PATH)
    def confirm(token: str) -> Response[str]:
        return answer(token, partial(_report, parts))

    def answer(token: str, draw: Draw) -> Response[str]:
        event = app.current_event
        languages = preferred_languages(event.headers.get("accept-language", ""))
        try:
            status, page = _open(token, draw, languages, parts)
        except Unavailable as error:
            cause = type(error.__cause__).__name__
            parts.logger.error("report not served", cause=cause, frames=stack_of(error))
            status = HTTPStatus.SERVICE_UNAVAILABLE
        except Exception as error:  # noqa: BLE001 - whoever reports a theft is not shown JSON
            parts.logger.error(
                # Never its message: it may name an address.
                "report failed",
                error_type=type(error).__name__,
                frames=stack_of(error),
            )
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            page = parts.pages.unavailable(languages, again=event.http_method == "POST")
        return _response(status, "" if event.http_method == "HEAD" else page, parts)

    def no_such_page(_error: NotFoundError) -> Response[str]:
        return _response(HTTPStatus.NOT_FOUND, parts.pages.invalid([]), parts)

    app.exception_handler(NotFoundError)(no_such_page)

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return app.resolve(event, context)

    return handler


def _open(token: str, draw: Draw, languages: Languages, parts: ReportParts) -> Answer:
    now_ms = parts.clock()
    try:
        link = parts.links.read(token)
    except LinkInvalid:
        parts.logger.info("report link refused", reason="invalid")
        return HTTPStatus.NOT_FOUND, parts.pages.invalid(languages)
    if link.expires_at_ms <= now_ms:
        with suppress(Unavailable):  # it has expired, whatever the table says
            languages = _known_to(parts.reader.read(link.job_id, now_ms=now_ms), languages)
        parts.logger.info("report link refused", job_id=link.job_id, reason="expired")
        return HTTPStatus.GONE, parts.pages.expired(languages)
    job = parts.reader.read(link.job_id, now_ms=now_ms)
    if job is None:
        parts.logger.info("report link refused", job_id=link.job_id, reason="no such job")
        return HTTPStatus.NOT_FOUND, parts.pages.invalid(languages)
    return HTTPStatus.OK, draw(job, _known_to(job, languages))


def _known_to(job: Job | None, preferred: Languages) -> Languages:
    """Return the mail's language before those of the browser, if the sign-in named one."""
    return [job.sign_in.locale, *preferred] if job and job.sign_in.locale else preferred


def _report(parts: ReportParts, job: Job, languages: Languages) -> str:
    outcome = report(job, reports=parts.reports, bus=parts.bus, clock=parts.clock)
    if not isinstance(outcome, ReportedBefore):
        parts.metrics.add_metric(name="Reported", unit=MetricUnit.Count, value=1)
    if isinstance(outcome, Pending):
        # Durable all the same: its due time brings another try.
        parts.metrics.add_metric(name="ReportNotSent", unit=MetricUnit.Count, value=1)
        parts.logger.error("report not sent", job_id=job.job_id, frames=stack_of(outcome.cause))
    parts.logger.info("sign-in reported", job_id=job.job_id, outcome=type(outcome).__name__)
    return parts.pages.done(languages)


def _response(status: HTTPStatus, page: str, parts: ReportParts) -> Response[str]:
    troubled = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": parts.pages.policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Cache-Control": "no-store",
            **({"Retry-After": str(_RETRY_AFTER_S)} if troubled else {}),
        },
        body=page,
    )


handler = build(report_parts(Settings.from_environment(os.environ)))
