"""The operators' door: is it healthy, what died and why, and once more."""

import os
from typing import Any, Literal

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.dynamodb.dead_letters import MAX_ROWS_EXAMINED
from functions.adapters.event_source import SourceState
from functions.adapters.keys import Role
from functions.admin_answers import (
    dead_letter,
    job_in_full,
    job_in_short,
    result_of,
    statistics,
)
from functions.admin_requests import MAX_CHANGED, BulkRequest, DlqQuery, StatsQuery, UserQuery
from functions.answers import answer_problems, ok
from functions.bootstrap.admin import AdminParts, admin_parts
from functions.bootstrap.shared import Handler
from functions.console import serve_console
from functions.domain.body import parse_body
from functions.domain.errors import JobNotFound, Unavailable
from functions.domain.intervene import Command, intervene
from functions.domain.model import JOB_ID, Action, Status
from functions.domain.statistics import HOUR_MS, hour_of
from functions.requests import parse_query, raw_body
from functions.settings import Settings


def build(parts: AdminParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    app = APIGatewayHttpResolver()
    answer_problems(app, parts.logger, parts.metrics)
    serve_console(app)
    _answer_questions(app, parts)
    _obey(app, parts)

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return app.resolve(event, context)

    return handler


def _answer_questions(app: APIGatewayHttpResolver, parts: AdminParts) -> None:
    """Serve what changes nothing."""

    @app.get("/api/admin/dlq")
    def list_dead_letters() -> Response[str]:
        _check_key(app, parts)
        query = parse_query(DlqQuery, app.current_event.query_string_parameters)
        page = parts.dead_letters.page(
            query.wanted(), limit=query.limit, cursor=query.cursor, now_ms=parts.clock()
        )
        return ok(
            {
                "count": len(page.letters),
                "jobs": [dead_letter(letter) for letter in page.letters],
                "nextCursor": page.next_cursor,
            }
        )

    @app.get("/api/admin/jobs")
    def list_jobs_of_user() -> Response[str]:
        _check_key(app, parts)
        query = parse_query(UserQuery, app.current_event.query_string_parameters)
        job_ids = parts.reader.job_ids_of(query.user_id)
        found = parts.reader.read_many(job_ids, now_ms=parts.clock())
        jobs = [job_in_short(found[job_id]) for job_id in job_ids if job_id in found]
        return ok({"count": len(jobs), "jobs": jobs})

    @app.get("/api/admin/jobs/<job_id>")
    def get_job(job_id: str) -> Response[str]:
        _check_key(app, parts)
        now_ms = parts.clock()
        job = parts.reader.read(job_id, now_ms=now_ms) if JOB_ID.fullmatch(job_id) else None
        if job is None:
            raise JobNotFound
        return ok(job_in_full(job, parts.reports.read(job_id, now_ms=now_ms)))

    @app.get("/api/admin/stats")
    def get_statistics() -> Response[str]:
        _check_key(app, parts)
        query = parse_query(StatsQuery, app.current_event.query_string_parameters)
        last = hour_of(parts.clock())
        hours = [last - back * HOUR_MS for back in range(query.hours)]
        return ok(
            statistics(
                parts.states.count(),
                parts.counters.read(hours),
                worker=_worker_state(parts),
            )
        )


def _worker_state(parts: AdminParts) -> SourceState | None:
    try:
        return parts.worker_source.state()
    except Unavailable:
        # All else is worth knowing all the same, most of all while AWS has troubles.
        parts.logger.warning("state of the worker's event source not known")
        return None


def _obey(app: APIGatewayHttpResolver, parts: AdminParts) -> None:
    """Serve what changes jobs."""

    def change(action: Literal[Action.REPLAYED, Action.DISCARDED]) -> Response[str]:
        _check_key(app, parts)
        request = parse_body(BulkRequest, raw_body(app.current_event.raw_event))
        job_ids, next_cursor = _selected(request, parts)
        if request.dry_run:
            return ok({"matched": len(job_ids), "nextCursor": next_cursor})
        result = intervene(
            job_ids,
            Command(action=action, by=request.by, reason=request.reason),
            reader=parts.reader,
            jobs=parts.jobs,
            queue=parts.queue,
            now_ms=parts.clock(),
        )
        for job in result.done:
            parts.logger.info("job changed by hand", job_id=job.job_id, action=action, run=job.run)
        if not result.queued:
            # Durable all the same: the jobs' due times bring other messages.
            parts.logger.warning("jobs replayed but not queued", jobs=len(result.done))
            parts.metrics.add_metric(name="NotQueued", unit=MetricUnit.Count, value=1)
        return ok(result_of(result, done_as=action, next_cursor=next_cursor))

    @app.post("/api/admin/dlq/replays")
    def replay() -> Response[str]:
        return change(Action.REPLAYED)

    @app.post("/api/admin/dlq/discards")
    def discard() -> Response[str]:
        return change(Action.DISCARDED)


def _selected(request: BulkRequest, parts: AdminParts) -> tuple[list[str], str | None]:
    now_ms = parts.clock()
    job_ids = request.filter.job_ids
    if job_ids is None:
        page = parts.dead_letters.page(
            request.filter.wanted(),
            limit=request.limit or (MAX_ROWS_EXAMINED if request.dry_run else MAX_CHANGED),
            cursor=request.cursor,
            now_ms=now_ms,
        )
        return [letter.job_id for letter in page.letters], page.next_cursor
    if not request.dry_run:
        return job_ids, None
    found = parts.reader.read_many(job_ids, now_ms=now_ms)
    return [job.job_id for job in found.values() if job.status is Status.DLQ], None


def _check_key(app: APIGatewayHttpResolver, parts: AdminParts) -> None:
    parts.keys.check(app.current_event.headers.get("authorization"), allowed={Role.ADMIN})


handler = build(admin_parts(Settings.from_environment(os.environ)))
