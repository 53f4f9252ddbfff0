"""What SQS's door needs if mails go over SMTP."""

import json
import time
from typing import Final

import boto3

from functions.adapters.rotating_secret import RotatingSecret
from functions.adapters.smtp import Login, SmtpMailer
from functions.adapters.smtp_session import Limits
from functions.bootstrap.shared import PROMPT, now_ms
from functions.settings import Settings

#: leaves the worker's 30 s enough for a claim before and a move after it, 4 s each at worst
SMTP_LIMITS: Final = Limits(exchange_s=2.5, session_s=18)


def smtp_mailer(settings: Settings, *, sender: str) -> SmtpMailer:
    """Wire the SMTP transport; its login is read when the first mail goes."""
    secret = RotatingSecret(
        boto3.client("secretsmanager", config=PROMPT),
        secret_id=settings.smtp_credentials_secret_arn,
        clock=now_ms,
    )
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        login=(
            (lambda: Login(**json.loads(secret.current())))
            if settings.smtp_credentials_secret_arn
            else None
        ),
        sender=sender,
        limits=SMTP_LIMITS,
        clock=time.monotonic,
    )
