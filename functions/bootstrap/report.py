"""What the recipient's door needs."""

from dataclasses import dataclass

import boto3
from aws_lambda_powertools import Logger, Metrics

from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.report_links import ReportLinks
from functions.adapters.report_pages import ReportPages
from functions.bootstrap.shared import PROMPT, default_bus, now_ms, report_links, reports
from functions.domain.ports import Clock, EventBus, JobReader, Reports
from functions.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportParts:
    """What the recipient's door needs."""

    links: ReportLinks
    pages: ReportPages
    reader: JobReader
    reports: Reports
    bus: EventBus
    clock: Clock
    logger: Logger
    metrics: Metrics


def report_parts(settings: Settings) -> ReportParts:
    """Wire the recipient's door."""
    table = boto3.client("dynamodb", config=PROMPT)
    return ReportParts(
        links=report_links(settings),
        pages=ReportPages(
            brand_name=settings.brand_name,
            brand_color=settings.brand_color,
            support_address=settings.support_address,
            security_page_url=settings.security_page_url,
            default_locale=settings.default_locale,
            default_time_zone=settings.default_time_zone,
        ),
        reader=JobsById(table, table_name=settings.table_name),
        reports=reports(table, settings),
        bus=default_bus(settings),
        clock=now_ms,
        logger=Logger(),
        metrics=Metrics(),
    )
