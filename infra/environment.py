"""What the functions are told."""

from typing import TYPE_CHECKING

from aws_cdk import Duration

from infra.config import StageConfig

if TYPE_CHECKING:
    from infra.stack import NotifierStack

METRICS_NAMESPACE = "SigninNotifier"


def environment_of(
    notifier: "NotifierStack", config: StageConfig, *, worker_timeout: Duration
) -> dict[str, str]:
    """Name what functions/settings.py reads, in capitals, the same for every function."""
    values = {
        "STAGE": config.stage,
        "TABLE_NAME": notifier.jobs.table.table_name,
        "QUEUE_URL": notifier.queue.queue_url,
        "DEAD_LETTER_QUEUE_URL": notifier.dead_letters.queue_url,
        "PRODUCER_KEY_SECRET_ARN": notifier.producer_key.arn,
        "ADMIN_KEY_SECRET_ARN": notifier.admin_key.arn,
        "LINK_KEY_SECRET_ARN": notifier.reporting.link_key.arn,
        "TRUSTED_PROXIES": str(config.trusted_proxies),
        "RETENTION_DAYS": str(config.retention_days),
        "WORKER_TIMEOUT_SECONDS": str(worker_timeout.to_seconds()),
        "SEND_INTERVAL_MS": str(config.send_interval_ms),
        "BRAND_NAME": config.brand_name,
        "BRAND_COLOR": config.brand_color,
        "MAIL_SENDER": config.mail_sender,
        "SUPPORT_ADDRESS": config.support_address,
        "SECURITY_PAGE_URL": config.security_page_url,
        "DEFAULT_LOCALE": config.default_locale,
        "DEFAULT_TIME_ZONE": config.default_time_zone,
        "MAIL_TRANSPORT": config.mail_transport,
        "SIMULATOR": str(config.simulator).lower(),
        "MAIL_ALLOWLIST": ",".join(config.mail_allowlist),
        "MAIL_SINK": config.mail_sink or "",
        "POWERTOOLS_SERVICE_NAME": notifier.service_name,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    if notifier.sender:
        values["CONFIGURATION_SET"] = notifier.sender.configuration_set.configuration_set_name
    if config.mail_transport == "smtp":
        values |= {
            "SMTP_HOST": config.smtp_host,
            "SMTP_PORT": str(config.smtp_port),
            "SMTP_TLS": config.smtp_tls,
            "SMTP_CREDENTIALS_SECRET_ARN": config.smtp_credentials_secret_arn,
        }
    return {name: value for name, value in values.items() if value}
