"""The operators' door: what died, and why."""

import os
from datetime import datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from functions.adapters.dynamodb.dead_letters import DeadLetterFilter
from functions.adapters.keys import Role
from functions.answers import JOB_TYPE, answer_problems, iso, ok
from functions.bootstrap.admin import AdminParts, admin_parts
from functions.bootstrap.shared import Handler
from functions.console import serve_console
from functions.domain.errors import Invalid
from functions.domain.faults import fault_of
from functions.domain.model import DeadLetter, ErrorClass, Status
from functions.domain.request import Rfc3339
from functions.settings import Settings


class DlqQuery(BaseModel):
    """The query of `GET /api/admin/dlq`."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", hide_input_in_errors=True)

    error_class: ErrorClass | None = None
    error_type: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    since: Rfc3339 | None = None
    until: Rfc3339 | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=1000)] | None = None


def build(parts: AdminParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    app = APIGatewayHttpResolver()
    answer_problems(app, parts.logger, parts.metrics)
    serve_console(app)

    @app.get("/api/admin/dlq")
    def list_dead_letters() -> Response[str]:
        event = app.current_event
        parts.keys.check(event.headers.get("authorization"), allowed={Role.ADMIN})
        query = _query(event.query_string_parameters)
        page = parts.dead_letters.page(
            DeadLetterFilter(
                error_class=query.error_class,
                error_type=query.error_type,
                since_ms=_ms(query.since),
                until_ms=_ms(query.until),
            ),
            limit=query.limit,
            cursor=query.cursor,
            now_ms=parts.clock(),
        )
        return ok(
            {
                "count": len(page.letters),
                "jobs": [_dead_letter(letter) for letter in page.letters],
                "nextCursor": page.next_cursor,
            }
        )

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return app.resolve(event, context)

    return handler


def _query(parameters: dict[str, str]) -> DlqQuery:
    try:
        return DlqQuery.model_validate(parameters)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    # A pointer leads into a body; these name the query's parameters the same way.
    raise Invalid(
        "The query breaks the rules of these parameters.",
        [fault_of(detail) for detail in details],
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def _dead_letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "jobId": letter.job_id,
        "jobType": JOB_TYPE,
        "status": Status.DLQ,
        "error": letter.error,
        "errorClass": letter.error_class,
        "errorType": letter.error_type,
        "attemptCount": letter.attempt_count,
        "createdAt": iso(letter.created_at_ms),
        "processedAt": iso(letter.processed_at_ms),
        "recipient": letter.recipient_masked,
    }


handler = build(admin_parts(Settings.from_environment(os.environ)))
