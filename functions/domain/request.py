"""A sign-in as a caller posts it: hostile until parsed here."""

import hashlib
import ipaddress
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from functions.domain import model
from functions.domain.body import Strict, parse_body
from functions.domain.fields import CONTROL, Rfc3339, SingleLine, UserId

MAX_USER_AGENT_CHARACTERS: Final = 1024
MAX_AGE: Final = timedelta(hours=24)
MAX_LEAD: Final = timedelta(minutes=5)

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}", re.ASCII)
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](:\d+)?|(?P<v4>[0-9.]+):\d+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Circumstances:
    now: datetime
    trusted_proxies: int


def _one_address(text: str) -> str:
    try:
        # `test_environment` admits the reserved `.test` domains, the simulator's among them.
        parsed = validate_email(
            text,
            strict=True,
            allow_smtputf8=False,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        # The library's own sentence quotes the address.
        raise PydanticCustomError(
            "address",
            "must be one plain e-mail address: ASCII before the @, no display name, no list",
        ) from None
    return parsed.ascii_email or text


def _recent(value: datetime, info: ValidationInfo[_Circumstances]) -> datetime:
    now = info.context.now
    if value < now - MAX_AGE:
        raise PydanticCustomError("too_old", "must not be older than 24 hours")
    if value > now + MAX_LEAD:
        raise PydanticCustomError("ahead", "must not be more than 5 minutes ahead")
    return value


def _only_name(value: datetime, info: ValidationInfo[_Circumstances]) -> datetime:
    if info.data.get("signed_in_at"):
        raise PydanticCustomError("two_names", "must not be given beside signedInAt")
    return value


def _known_tag(text: str) -> str | None:
    return text if _LANGUAGE_TAG.fullmatch(text) else None


def _known_zone(text: str) -> str | None:
    return text if len(text) <= 64 and _ZONE_NAME.fullmatch(text) else None  # noqa: PLR2004


def _readable_agent(text: str) -> str | None:
    return CONTROL.sub(" ", text[:MAX_USER_AGENT_CHARACTERS]).strip() or None


def _client_address(text: str, info: ValidationInfo[_Circumstances]) -> str | None:
    entries = [entry.strip() for entry in text.split(",")]
    ours = info.context.trusted_proxies if len(entries) > 1 else 0
    return _canonical_address(entries[-1 - ours]) if ours < len(entries) else None


def _canonical_address(text: str) -> str | None:
    match = _WITH_PORT.fullmatch(text)
    bare = (match["v6"] or match["v4"]) if match else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


_Moment = Annotated[Rfc3339, AfterValidator(_recent)]
_Place = Annotated[str, Field(max_length=100), SingleLine]


class LocationRequest(Strict):
    """An approximate place, as the caller's edge saw it."""

    city: _Place | None = None
    region: _Place | None = None
    country: _Place | None = None


class SignInRequest(Strict):
    """The body of `POST /api/jobs/signin-notification`.

    What only decorates the mail falls back to None when it can't be understood: a security notice
    is never refused for it.
    """

    user_id: Annotated[
        UserId, Field(description="Yours; limits and idempotency keys are per user.")
    ]
    email: Annotated[
        str,
        Field(
            max_length=254,
            json_schema_extra={"format": "email"},
            description="One plain address; an international domain is converted to punycode.",
        ),
        AfterValidator(_one_address),
    ]
    name: Annotated[str, Field(max_length=200), SingleLine] | None = None
    provider: Annotated[
        str,
        Field(min_length=1, max_length=64, description="`github`, `google`, `credentials`..."),
        SingleLine,
    ]
    signed_in_at: Annotated[
        _Moment | None,
        Field(description="With offset, at most 24 h old and 5 min ahead; default: now."),
    ] = None
    #: `parse_request` moves it to `signed_in_at`
    timestamp: Annotated[
        Annotated[_Moment, AfterValidator(_only_name)] | None,
        Field(description="Another name of `signedInAt`; give one of them."),
    ] = None
    ip_address: Annotated[
        Annotated[str, Field(max_length=512), AfterValidator(_client_address)] | None,
        Field(description="An address, also with a port, or an `X-Forwarded-For` list."),
    ] = None
    user_agent: Annotated[
        Annotated[str, AfterValidator(_readable_agent)] | None,
        Field(description=f"Cut at {MAX_USER_AGENT_CHARACTERS} characters."),
    ] = None
    locale: Annotated[
        Annotated[str, AfterValidator(_known_tag)] | None,
        Field(description="BCP 47; what can't be understood falls back to the default."),
    ] = None
    time_zone: Annotated[
        Annotated[str, AfterValidator(_known_zone)] | None,
        Field(description="IANA name; what can't be understood falls back to the default."),
    ] = None
    location: LocationRequest | None = None

    def payload_hash(self) -> str:
        """SHA-256, in hex, of the validated fields; null counts as absent, defaults don't count."""
        fields = self.model_dump(mode="json", exclude_none=True)
        if self.signed_in_at:
            fields["signed_in_at"] = self.signed_in_at.astimezone(UTC).isoformat()
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

    def sign_in(self, *, now_ms: int) -> model.SignIn:
        """What the request tells, with the defaults of its acceptance filled in."""
        place = self.location
        return model.SignIn(
            user_id=self.user_id,
            email=self.email,
            name=self.name,
            provider=self.provider,
            signed_in_at_ms=(
                round(self.signed_in_at.timestamp() * 1000) if self.signed_in_at else now_ms
            ),
            ip_address=self.ip_address,
            user_agent=self.user_agent,
            locale=self.locale,
            time_zone=self.time_zone,
            location=(
                model.Location(city=place.city, region=place.region, country=place.country)
                if place and (place.city or place.region or place.country)
                else None
            ),
        )


def parse_request(body: bytes, *, now_ms: int, trusted_proxies: int) -> SignInRequest:
    """Parse a posted sign-in.

    Raises:
        BodyTooLarge, Invalid: as `parse_body` says.
    """
    context = _Circumstances(
        now=datetime.fromtimestamp(now_ms / 1000, UTC), trusted_proxies=trusted_proxies
    )
    request = parse_body(SignInRequest, body, context=context)
    if request.timestamp is None:
        return request
    return request.model_copy(update={"signed_in_at": request.timestamp, "timestamp": None})
