"""What distinguishes the stages, typed, with nonsense refused by name."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from infra import pace
from infra.setting_types import (
    Account,
    Address,
    AddressOrDomain,
    CallableUrl,
    Color,
    HttpsUrl,
    LogRetention,
    MailHost,
    OneLine,
    Origin,
    Region,
    SecretArn,
    Switch,
    TimeZone,
    Whole,
)
from infra.throttling import Throttling

ROOT = Path(__file__).parent.parent
#: for how long a mail's "this wasn't me" leads somewhere; a job's row has to outlive it
REPORT_LINK_DAYS = 7
#: the account of MiniStack and LocalStack, never one of AWS
EMULATED_ACCOUNT = "000000000000"

#: the end of every name that AWS gives an API by itself
_AWS_HOST = re.compile(r"\.amazonaws\.com(\.cn)?(:\d+)?$", re.IGNORECASE)


class StageConfig(BaseModel):
    """The settings of one stage."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    #: its file's name
    stage: Literal["local", "dev", "prod"]
    #: the only account that it may be deployed to; None: wherever the credentials lead
    account: Account | None = None
    #: the only region that it may be deployed to; None: wherever the credentials lead
    region: Region | None = None

    #: what the mail calls the application
    brand_name: OneLine
    #: behind the brand's name and on the button, whose ink is chosen by contrast
    brand_color: Color = "#ffc53d"
    #: readers see it beside the brand's name
    mail_sender: Address
    #: what SES is asked to verify: the sender's address, or its whole domain
    sender_identity: Literal["email", "domain"] = "email"
    #: where an answer to a mail goes
    support_address: Address
    #: where a person can secure the account; beside the report link, mails lead nowhere else
    security_page_url: HttpsUrl
    #: the origin of the report links: a custom domain of the API; None: the API's own, whose name
    #: readers can't tell from a stranger's, so that prod needs one
    public_url: Origin | None = None
    #: of sign-ins that name no language that the mail has
    default_locale: str = "mn"
    #: of sign-ins that name no zone that is known
    default_time_zone: TimeZone = "Asia/Ulaanbaatar"

    #: how mails leave; "log": a masked line in the log, no mail
    mail_transport: Literal["ses", "smtp", "log"] = "ses"
    #: the relay
    smtp_host: MailHost = ""
    #: its port
    smtp_port: Annotated[Whole, Field(ge=1, le=65535)] = 587
    #: "none" is refused in prod
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    #: a Secrets Manager secret `{"username": ..., "password": ...}`; empty: no login
    smtp_credentials_secret_arn: SecretArn = ""

    #: answers addresses at simulator.test with the outcome that they name
    simulator: Switch = False
    #: dev only: addresses that do get mail, "@example.com" for a whole domain
    mail_allowlist: tuple[AddressOrDomain, ...] = ()
    #: dev only: who gets all other mail
    mail_sink: Address | None = None

    #: our own entries at the right end of an `X-Forwarded-For` list
    trusted_proxies: Annotated[Whole, Field(ge=0, le=10)] = 0
    #: how long a job is kept
    retention_days: Annotated[Whole, Field(ge=1, le=3650)] = 30
    #: how long logs are kept
    log_retention_days: LogRetention = 30
    #: SES's send rate of the account, which the workers share:
    #: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
    mails_per_second: Annotated[Whole, Field(ge=1, le=10_000)] = 14
    #: requests per second and in one burst, for each route
    throttling: Throttling = Throttling()
    #: who is told of reported sign-ins, beside those who subscribe to them; None: the alarm topic
    report_target_url: CallableUrl | None = None
    #: a Secrets Manager secret, the plain key that the target knows us by
    report_target_key_secret_arn: SecretArn = ""
    #: who is told of an alarm
    alarm_email: Address | None = None

    @property
    def worker_max_concurrency(self) -> int:
        """How many worker functions share the rate."""
        return pace.workers(self.mails_per_second)

    @property
    def feedback_max_concurrency(self) -> int:
        """How many feedback functions take the events of the mails."""
        return pace.feedback_functions(self.mails_per_second)

    @property
    def send_interval_ms(self) -> int:
        """What one worker leaves between two sends; the emulators have no rate, and few workers."""
        return 0 if self.stage == "local" else pace.interval_ms(self.mails_per_second)

    @property
    def worker_batch_size(self) -> int:
        """How many messages a worker takes at once."""
        return pace.batch_size(self.send_interval_ms)

    @field_validator("default_locale")
    @classmethod
    def _require_a_language_of_the_mail(cls, value: str) -> str:
        written = sorted(path.stem for path in (ROOT / "templates" / "locales").glob("*.toml"))
        if value not in written:
            choice = " or ".join(f'"{tag}"' for tag in written)
            raise ValueError(f"there is no templates/locales/{value}.toml, write {choice}")
        return value

    # As validators of single fields: one of the whole does not run while anything required is
    # missing, and whoever filled in the rest would be refused a second time.
    @field_validator("public_url", "mail_sink", "alarm_email")
    @classmethod
    def _require_of_the_stage(cls, value: str | None, field: ValidationInfo) -> str | None:
        match field.data.get("stage"), field.field_name:
            case "prod", "public_url" if not value or _AWS_HOST.search(value):
                raise ValueError(
                    "fill in a domain of yours, readers can't tell an execute-api address"
                    " from a stranger's (how: docs/OPERATIONS.md#a-custom-domain)"
                )
            case "prod", "alarm_email" if not value:
                raise ValueError(
                    "fill it in, or nobody hears of an alarm, nor of a reported sign-in"
                )
            case "dev", "mail_sink" if not value and field.data.get("mail_allowlist") == ():
                raise ValueError("fill it in, or mail_allowlist, or dev has nobody to mail to")
        return value

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> Self:
        if refusals := list(self._refusals()):
            raise ValueError("\n".join(refusals))
        return self

    def _refusals(self) -> Iterator[str]:
        if self.stage == "local":
            yield from self._refusals_of_local()
        if self.stage == "prod":
            yield from self._refusals_of_prod()
        if self.stage != "dev":
            for name in ("mail_allowlist", "mail_sink"):
                if getattr(self, name):
                    yield f"{name}: remove it, {self.stage} mails everybody"
        if self.mail_transport == "smtp":
            yield from self._refusals_of_smtp()
        yield from self._refusals_of_reporting()

    def _refusals_of_smtp(self) -> Iterator[str]:
        if not self.smtp_host:
            yield 'smtp_host: fill it in, mail_transport is "smtp"'
        # https://www.rfc-editor.org/rfc/rfc8314#section-3.3
        match self.smtp_tls, self.smtp_port:
            case "implicit", 587:
                yield 'smtp_port: write 465, or smtp_tls = "starttls", which 587 is for'
            case "starttls", 465:
                yield 'smtp_tls: write "implicit", which port 465 is for, or smtp_port = 587'
        yield from self._refusals_of_secret("smtp_credentials_secret_arn")
        # Of another account's, KMS would ask for a right that the worker has not.
        arn = self.smtp_credentials_secret_arn
        if arn and self.account and arn.split(":")[4] != self.account:
            yield f"smtp_credentials_secret_arn: write that of a secret in account {self.account}"

    def _refusals_of_secret(self, name: str) -> Iterator[str]:
        # Neither a function nor CloudFormation looks for a secret in another region.
        arn = getattr(self, name)
        if arn and self.region and arn.split(":")[3] != self.region:
            yield f"{name}: write that of a secret in {self.region}, where the stage is"

    def _refusals_of_reporting(self) -> Iterator[str]:
        if bool(self.report_target_url) != bool(self.report_target_key_secret_arn):
            yield (
                "report_target_url: it goes together with report_target_key_secret_arn,"
                " write both or neither"
            )
        yield from self._refusals_of_secret("report_target_key_secret_arn")
        if self.stage != "local" and (self.public_url or "").startswith("http:"):
            yield 'public_url: write "https://", the link in it is a key'

    def _refusals_of_local(self) -> Iterator[str]:
        if self.report_target_url:
            yield "report_target_url: remove it, the emulators have no API destinations"
        if self.account != EMULATED_ACCOUNT:
            yield f'account: keep "{EMULATED_ACCOUNT}", so that local keys never reach AWS'

    def _refusals_of_prod(self) -> Iterator[str]:
        if self.simulator:
            yield "simulator: remove it, prod never simulates"
        if self.mail_transport == "log":
            yield 'mail_transport: "log" sends nothing, write "ses" or "smtp"'
        if self.smtp_tls == "none":
            yield 'smtp_tls: "none" shows mails to the network, write "starttls" or "implicit"'
        if self.retention_days <= REPORT_LINK_DAYS:
            yield (
                f"retention_days: write more than {REPORT_LINK_DAYS}, or links in mails outlive"
                " their jobs"
            )
