"""The only place that builds AWS clients and wires adapters: per door, what that door needs."""

import secrets
import time
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr
from typing import TYPE_CHECKING, Any, Final

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from functions.adapters.dynamodb.acceptance import JobAcceptance
from functions.adapters.dynamodb.dead_letters import DeadLetters
from functions.adapters.dynamodb.life import JobLives
from functions.adapters.dynamodb.reader import JobsById
from functions.adapters.keys import Keys, Role
from functions.adapters.sqs import JobQueue
from functions.domain.ports import Clock, Mailer, Renderer
from functions.settings import Settings

if TYPE_CHECKING:
    from functions.adapters.smtp import Login

# A request that is only read, or refused, has no metric of its own: nothing to warn of.
warnings.filterwarnings("ignore", message="No application metrics to publish")

#: a sign-in waits for these calls: one second each, and one more try
_PROMPT: Final = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
)
#: SES has no idempotency token, so nobody but the job's own attempts may try again
_ONCE: Final = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"total_max_attempts": 1},
    tcp_keepalive=True,
)
#: what clocks of functions may differ by, and then some
_LEASE_MARGIN_MS: Final = 5_000


#: a Lambda handler: the event and the context in, the answer out
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiParts:
    """What the auth flow's door needs."""

    keys: Keys
    acceptance: JobAcceptance
    reader: JobsById
    queue: JobQueue
    clock: Clock
    random_bits: Callable[[], int]
    trusted_proxies: int
    logger: Logger
    metrics: Metrics


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminParts:
    """What the operators' door needs."""

    keys: Keys
    dead_letters: DeadLetters
    clock: Clock
    logger: Logger
    metrics: Metrics


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerParts:
    """What the queue's door needs."""

    jobs: JobLives
    queue: JobQueue
    renderer: Renderer
    mailer: Mailer
    clock: Clock
    new_fence: Callable[[], str]
    lease_ms: int
    logger: Logger
    metrics: Metrics


def api_parts(settings: Settings) -> ApiParts:
    """Wire the auth flow's door."""
    table = boto3.client("dynamodb", config=_PROMPT)
    return ApiParts(
        keys=_keys(settings),
        acceptance=JobAcceptance(
            table,
            table_name=settings.table_name,
            retention_days=settings.retention_days,
            sleep=time.sleep,
            jitter=secrets.SystemRandom().random,
            new_token=lambda: str(uuid.uuid4()),
        ),
        reader=JobsById(table, table_name=settings.table_name),
        queue=_queue(settings),
        clock=_now_ms,
        random_bits=lambda: secrets.randbits(74),
        trusted_proxies=settings.trusted_proxies,
        logger=Logger(),
        metrics=Metrics(),
    )


def admin_parts(settings: Settings) -> AdminParts:
    """Wire the operators' door."""
    return AdminParts(
        keys=_keys(settings),
        dead_letters=DeadLetters(
            boto3.client("dynamodb", config=_PROMPT), table_name=settings.table_name
        ),
        clock=_now_ms,
        logger=Logger(),
        metrics=Metrics(),
    )


def worker_parts(settings: Settings) -> WorkerParts:
    """Wire the queue's door."""
    # Imported here, so that the other doors never load what only a mail needs.
    from functions.adapters.templates import Templates  # noqa: PLC0415

    logger = Logger()
    return WorkerParts(
        jobs=JobLives(boto3.client("dynamodb", config=_PROMPT), table_name=settings.table_name),
        queue=_queue(settings),
        renderer=Templates(
            brand_name=settings.brand_name,
            support_address=settings.support_address,
            security_page_url=settings.security_page_url,
            default_time_zone=settings.default_time_zone,
        ),
        mailer=_mailer(settings, logger),
        clock=_now_ms,
        new_fence=lambda: uuid.uuid4().hex,
        lease_ms=settings.worker_timeout_seconds * 1000 + _LEASE_MARGIN_MS,
        logger=logger,
        metrics=Metrics(),
    )


def _mailer(settings: Settings, logger: Logger) -> Mailer:
    mailer = _transport(settings, logger)
    if settings.stage == "dev":
        from functions.adapters.redirect import Redirect  # noqa: PLC0415

        mailer = Redirect(mailer, allowlist=settings.mail_allowlist, sink=settings.mail_sink)
    if settings.simulator:
        from functions.adapters.simulator import Simulator  # noqa: PLC0415

        mailer = Simulator(mailer)
    return mailer


def _transport(settings: Settings, logger: Logger) -> Mailer:
    sender = formataddr((settings.brand_name, settings.mail_sender))
    match settings.mail_transport:
        case "ses":
            from functions.adapters.ses import SesMailer  # noqa: PLC0415

            return SesMailer(
                boto3.client("sesv2", config=_ONCE),
                sender=sender,
                configuration_set=settings.configuration_set,
            )
        case "smtp":
            from functions.adapters.smtp import SmtpMailer  # noqa: PLC0415

            return SmtpMailer(
                host=settings.smtp_host,
                port=settings.smtp_port,
                tls=settings.smtp_tls,
                login=_login(settings.smtp_credentials_secret_arn),
                sender=sender,
            )
        case "log":
            from functions.adapters.log import LogMailer  # noqa: PLC0415

            return LogMailer(logger)


def _login(secret_arn: str) -> "Login | None":
    if not secret_arn:
        return None
    from aws_lambda_powertools.utilities import parameters  # noqa: PLC0415

    from functions.adapters.smtp import Login  # noqa: PLC0415

    return Login(**parameters.get_secret(secret_arn, transform="json"))


def _keys(settings: Settings) -> Keys:
    return Keys(
        boto3.client("secretsmanager", config=_PROMPT),
        secrets={
            Role.PRODUCER: settings.producer_key_secret_arn,
            Role.ADMIN: settings.admin_key_secret_arn,
        },
        clock=_now_ms,
    )


def _queue(settings: Settings) -> JobQueue:
    return JobQueue(boto3.client("sqs", config=_PROMPT), queue_url=settings.queue_url)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
