"""The only place that reads the environment."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


class Settings(BaseModel):
    """One function's environment; a variable is its field's name in capitals."""

    model_config = ConfigDict(frozen=True)

    stage: Literal["local", "dev", "prod"]
    table_name: str
    queue_url: str
    dead_letter_queue_url: str
    producer_key_secret_arn: str
    admin_key_secret_arn: str
    #: what the report links in mails are signed with
    link_key_secret_arn: str
    #: entries of our own proxies at the right end of an `X-Forwarded-For` list
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    #: how long a job's row is kept
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    #: the worker function's own timeout; a lease lasts a little longer
    worker_timeout_seconds: Annotated[int, Field(ge=10, le=900)]

    #: the least time between two sends of one worker process
    send_interval_ms: Annotated[int, Field(ge=0)] = 0

    brand_name: str
    #: `#rrggbb`, behind the brand's name and on the button
    brand_color: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#ffc53d"
    mail_sender: str
    support_address: str
    #: where a person can secure the account; beside the report link, mails lead nowhere else
    security_page_url: str
    default_locale: str = "mn"
    default_time_zone: str = "Asia/Ulaanbaatar"

    mail_transport: Literal["ses", "smtp", "log"]
    #: SES's; empty for the other transports
    configuration_set: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    #: secret `{"username": ..., "password": ...}`; empty for a relay without login
    smtp_credentials_secret_arn: str = ""

    #: answers addresses at simulator.test with the outcome that they name
    simulator: bool = False
    #: outside `prod`, `local`: addresses that may get mail, a leading `@` for a whole domain
    mail_allowlist: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    #: outside `prod`, `local`: who gets all other mail
    mail_sink: str = ""

    #: the origin of the report links; only the worker gets it
    public_url: str = ""
    #: what feeds the worker; only the admin function gets it
    worker_event_source_mapping_id: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read `environment`; a SystemExit names every variable that is missing or wrong."""
        given = {
            name: environment[name.upper()]
            for name in cls.model_fields
            if name.upper() in environment
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            faults = "; ".join(
                f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()
            )
            raise SystemExit(f"environment: {faults}") from None
