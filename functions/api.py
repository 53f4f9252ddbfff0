"""The auth flow's door: a sign-in in, 202 out; and how a job stands."""

import os
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.keys import Role
from functions.answers import JOB_TYPE, accepted, answer_problems, iso, ok
from functions.bootstrap.api import ApiParts, api_parts
from functions.bootstrap.shared import Handler
from functions.domain.accept import accept, parse_idempotency_key
from functions.domain.errors import JobNotFound, LimitReached
from functions.domain.model import JOB_ID, Job
from functions.domain.request import parse_request
from functions.domain.statistics import refusal
from functions.requests import raw_body
from functions.settings import Settings
from functions.tallying import write_counters


def build(parts: ApiParts) -> Handler:
    """Return the door's Lambda handler over these parts."""
    app = APIGatewayHttpResolver()
    answer_problems(app, parts.logger, parts.metrics)

    @app.post("/api/jobs/signin-notification")
    def post_sign_in() -> Response[str]:
        headers = app.current_event.headers
        parts.keys.check(headers.get("authorization"), allowed={Role.PRODUCER})
        now_ms = parts.clock()
        try:
            receipt = accept(
                parse_request(
                    raw_body(app.current_event.raw_event),
                    now_ms=now_ms,
                    trusted_proxies=parts.trusted_proxies,
                ),
                idempotency_key=parse_idempotency_key(headers.get("idempotency-key")),
                jobs=parts.acceptance,
                queue=parts.queue,
                now_ms=now_ms,
                random_bits=parts.random_bits(),
            )
        except LimitReached:
            write_counters(
                refusal(now_ms),
                counters=parts.counters,
                logger=parts.logger,
                metrics=parts.metrics,
            )
            raise
        parts.metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
        if receipt.queued:
            parts.logger.info("job accepted", job_id=receipt.job_id)
        else:
            # Durable all the same: the job's due time brings another message.
            parts.logger.warning("job accepted but not queued", job_id=receipt.job_id)
            parts.metrics.add_metric(name="NotQueued", unit=MetricUnit.Count, value=1)
        return accepted(receipt.job_id)

    @app.get("/api/jobs/<job_id>")
    def get_job(job_id: str) -> Response[str]:
        parts.keys.check(
            app.current_event.headers.get("authorization"), allowed={Role.PRODUCER, Role.ADMIN}
        )
        if not JOB_ID.fullmatch(job_id):
            raise JobNotFound
        job = parts.reader.read(job_id, now_ms=parts.clock())
        if job is None:
            raise JobNotFound
        return ok(_job(job))

    @parts.logger.inject_lambda_context
    @parts.metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return app.resolve(event, context)

    return handler


def _job(job: Job) -> dict[str, Any]:
    failure = job.last_failure
    return {
        "jobId": job.job_id,
        "type": JOB_TYPE,
        "status": job.status,
        "createdAt": iso(job.created_at_ms),
        "processedAt": iso(job.processed_at_ms),
        "attemptCount": job.attempt_count,
        "error": failure and failure.error,
        "errorClass": failure and failure.error_class,
        "errorType": failure and failure.error_type,
        "delivery": job.delivery,
    }


handler = build(api_parts(Settings.from_environment(os.environ)))
