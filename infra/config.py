"""What distinguishes the stages: `stages/<stage>.toml`, typed, with nonsense refused by name."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from infra import pace

ROOT = Path(__file__).parent.parent
#: for how long a mail's "this wasn't me" leads somewhere; a job's row has to outlive it
REPORT_LINK_DAYS = 7
STAGES = ("local", "dev", "prod")
#: the account of MiniStack and LocalStack, never one of AWS
EMULATED_ACCOUNT = "000000000000"
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)

#: what AWS calls an API by itself
_IS_NOBODY_S_NAME = re.compile(r"\.amazonaws\.com(\.cn)?(:\d+)?$", re.IGNORECASE)
_COLOR = re.compile("#[0-9A-Fa-f]{6}")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError('write one bare address, "name@example.com"')
    return value


def _address_or_domain(value: str) -> str:
    return value if value.startswith("@") else _address(value)


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        raise ValueError('write six hex digits, "#ffc53d"')
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError('write an IANA name, "Asia/Ulaanbaatar"') from None
    return value


Address = Annotated[str, AfterValidator(_address)]


class RouteLimit(BaseModel):
    """How often API Gateway lets one route be called, over all callers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: requests per second
    rate: Annotated[int, Field(ge=1)]
    burst: Annotated[int, Field(ge=1)]


class Throttling(BaseModel):
    """One limit per route, so that no route can starve another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: `POST /api/jobs/signin-notification`
    post_sign_in: RouteLimit = RouteLimit(rate=200, burst=400)
    #: `GET /api/jobs/{jobId}`
    get_job: RouteLimit = RouteLimit(rate=100, burst=200)
    #: what operators ask for by the admin key
    admin: RouteLimit = RouteLimit(rate=10, burst=20)
    #: the console's page and its files, which a browser asks for all at once
    console: RouteLimit = RouteLimit(rate=20, burst=60)
    #: the page behind the report links, for its readers and for whoever scans their mail
    report: RouteLimit = RouteLimit(rate=50, burst=100)
    #: everything that no route matches
    other: RouteLimit = RouteLimit(rate=10, burst=20)


class StageConfig(BaseModel):
    """The settings of one stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: its file's name
    stage: Literal["local", "dev", "prod"]
    #: the only account that it may be deployed to; None: wherever the credentials lead
    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    #: the only region that it may be deployed to; None: wherever the credentials lead
    region: str | None = None

    #: what the mail calls the application
    brand_name: Annotated[str, Field(min_length=1)] = "Yellow Books"
    #: behind the brand's name and on the button, whose ink is chosen by contrast
    brand_color: Annotated[str, AfterValidator(_color)] = "#ffc53d"
    #: readers see it beside the brand's name
    mail_sender: Address
    #: what SES is asked to verify: the sender's address, or its whole domain
    sender_identity: Literal["email", "domain"] = "email"
    #: where an answer to a mail goes
    support_address: Address
    #: where a person can secure the account; beside the report link, mails lead nowhere else
    security_page_url: Annotated[str, Field(pattern=r"^https://[^\s/]\S*$")]
    #: the origin of the report links: a custom domain of the API; None: the API's own, whose name
    #: readers can't tell from a stranger's, so that prod needs one
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] | None = None
    #: of sign-ins that name no zone that is known
    default_time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Ulaanbaatar"

    #: how mails leave; "log": a masked line in the log, no mail
    mail_transport: Literal["ses", "smtp", "log"] = "ses"
    #: the relay
    smtp_host: str = ""
    #: its port
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    #: "none" is refused in prod
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    #: a Secrets Manager secret `{"username": ..., "password": ...}`; empty: no login
    smtp_credentials_secret_arn: str = ""

    #: answers addresses at simulator.test with the outcome that they name
    simulator: bool = False
    #: dev only: addresses that do get mail, "@example.com" for a whole domain
    mail_allowlist: tuple[Annotated[str, AfterValidator(_address_or_domain)], ...] = ()
    #: dev only: who gets all other mail
    mail_sink: Address | None = None

    #: our own entries at the right end of an `X-Forwarded-For` list
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    #: how long a job is kept
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    #: how long logs are kept
    log_retention_days: Literal[1, 3, 7, 14, 30, 90, 180, 365] = 30
    #: SES's send rate of the account, which the workers share:
    #: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
    mails_per_second: Annotated[int, Field(ge=1, le=10_000)] = 14
    #: requests per second and in one burst, for each route
    throttling: Throttling = Throttling()
    #: who is told of reported sign-ins, beside those who subscribe to them; None: the alarm topic
    report_target_url: Annotated[str, Field(pattern=r"^https://[^\s/]\S*$")] | None = None
    #: a Secrets Manager secret, the plain key that the target knows us by
    report_target_key_secret_arn: str = ""
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

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> Self:
        if refusals := list(self._refusals()):
            raise ValueError("\n".join(refusals))
        return self

    def _refusals(self) -> Iterator[str]:
        match self.stage:
            case "local":
                yield from self._refusals_of_local()
            case "dev":
                if not self.mail_allowlist and not self.mail_sink:
                    yield "mail_sink: fill it in, or mail_allowlist, or dev has nobody to mail to"
            case "prod":
                yield from self._refusals_of_prod()
        if self.stage != "dev":
            for name in ("mail_allowlist", "mail_sink"):
                if getattr(self, name):
                    yield f"{name}: remove it, {self.stage} mails everybody"
        if self.mail_transport == "smtp" and not self.smtp_host:
            yield 'smtp_host: fill it in, mail_transport is "smtp"'

        yield from self._refusals_of_reporting()

    def _refusals_of_reporting(self) -> Iterator[str]:
        if bool(self.report_target_url) != bool(self.report_target_key_secret_arn):
            yield "report_target_url: it goes together with report_target_key_secret_arn"
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
        if not self.alarm_email:
            yield "alarm_email: fill it in, or nobody hears of an alarm, nor of a reported sign-in"
        if not self.public_url or _IS_NOBODY_S_NAME.search(self.public_url):
            yield (
                "public_url: fill in a domain of yours, readers can't tell an execute-api address"
                " from a stranger's (how: docs/OPERATIONS.md#a-custom-domain)"
            )
        if self.retention_days <= REPORT_LINK_DAYS:
            yield f"retention_days: more than {REPORT_LINK_DAYS}, as long as the links in mails"


def load(
    stage: str, *, public_url: str | None = None, directory: Path = ROOT / "stages"
) -> StageConfig:
    """Read a stage's file; a SystemExit names the file, the setting and what to do.

    Args:
        public_url: overrides the file's, for a port that is known only when it is opened.
    """
    if stage not in STAGES:
        raise SystemExit(f'there is no stage "{stage}", use -c stage= with one of {STAGES}')
    path = directory / f"{stage}.toml"
    name = f"{directory.name}/{path.name}"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SystemExit(f"{name}: {error}") from None
    if public_url:
        given["public_url"] = public_url
    filled_in = {name: value for name, value in given.items() if value != ""}
    try:
        return StageConfig.model_validate({**filled_in, "stage": stage})
    except ValidationError as error:
        raise SystemExit("\n".join(f"{name}: {line}" for line in _explain(error))) from None


def _explain(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        setting = ".".join(str(part) for part in fault["loc"])
        match fault["type"]:
            case "missing":
                yield f"{setting}: fill it in"
            case "extra_forbidden":
                yield f"{setting}: there is no such setting, correct or remove it"
            case _:
                message = fault["msg"].removeprefix("Value error, ")
                yield from (f"{setting}: {message}" if setting else message).splitlines()
