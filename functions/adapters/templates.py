"""The mail in its reader's language."""

import tomllib
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, negotiate_locale
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from functions.adapters.untrusted_text import one_line, without_links
from functions.adapters.user_agent import describe
from functions.domain.model import Job, Location, Mail

_DIRECTORY = Path(__file__).parents[2] / "templates"
_DEFAULT_LANGUAGE = "mn"

#: proper names; a provider that is not here is shown by its own id
_PROVIDERS = {
    "apple": "Apple",
    "azure-ad": "Microsoft",
    "discord": "Discord",
    "facebook": "Facebook",
    "github": "GitHub",
    "gitlab": "GitLab",
    "google": "Google",
    "instagram": "Instagram",
    "kakao": "Kakao",
    "line": "LINE",
    "linkedin": "LinkedIn",
    "microsoft": "Microsoft",
    "microsoft-entra-id": "Microsoft",
    "naver": "Naver",
    "slack": "Slack",
    "telegram": "Telegram",
    "twitch": "Twitch",
    "twitter": "X (Twitter)",
    "vk": "VK",
    "yahoo": "Yahoo",
    "yandex": "Yandex",
}
_PROVIDER_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
#: Auth.js's ids of a link by mail
_LINK_BY_MAIL = frozenset({"email", "nodemailer", "resend", "sendgrid"})

#: addresses that are no place on the map; unlike `is_private`, without the ranges for documentation
_NOWHERE = tuple(
    ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)

#: characters of a name, and of each part of a place
_LIMIT = 60


class _Language(NamedTuple):
    """One file of `templates/locales/`."""

    locale: Locale
    texts: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls(
            locale=Locale.parse(path.stem, sep="-"),
            texts=tomllib.loads(path.read_text(encoding="utf-8")),
        )

    @property
    def tag(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        return self.locale.text_direction


class Templates:
    """Renders mails from `templates/`; build it once per process, it compiles everything."""

    def __init__(
        self,
        *,
        brand_name: str,
        support_address: str,
        security_page_url: str,
        default_time_zone: str,
        directory: Path = _DIRECTORY,
    ) -> None:
        self._brand = brand_name
        self._default_zone = ZoneInfo(default_time_zone)
        self._headers = (("Reply-To", support_address), ("Auto-Submitted", "auto-generated"))
        self._languages = {
            path.stem.lower(): _Language.read(path) for path in directory.glob("locales/*.toml")
        }
        environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=select_autoescape(["html.j2"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(brand=brand_name, security_page_url=security_page_url)
        self._html = environment.get_template("mail.html.j2")
        self._text = environment.get_template("mail.txt.j2")

    def render(self, job: Job) -> Mail:
        """Return the mail that tells of the job's sign-in."""
        sign_in = job.sign_in
        language = self._language(sign_in.locale)
        name = without_links(sign_in.name, limit=_LIMIT)
        address = _address(sign_in.ip_address)
        place = _place(sign_in.location, address, language.locale)
        provider, method = _method(sign_in.provider.lower())
        say = {
            key: text.format(brand=self._brand, name=name, place=place, provider=provider)
            for key, text in language.texts.items()
        }
        device = describe(sign_in.user_agent or "") or say["unknown"]
        moment = datetime.fromtimestamp(
            sign_in.signed_in_at_ms / 1000, self._zone(sign_in.time_zone)
        )
        signed_in_at = (
            f"{format_datetime(moment, say['moment'], locale=language.locale)} ({_offset(moment)})"
        )
        facts = {
            "email": one_line(sign_in.email),
            "method": say[f"method_{method}"],
            "ip_address": str(address or say["unknown"]),
            "device": device,
            "signed_in_at": signed_in_at,
            **({"location": say["location_value"]} if place else {}),
            "reference": job.job_id[-8:],
        }
        context = {
            "say": say,
            "facts": facts,
            "greeting": say["greeting_by_name"] if name else say["greeting"],
            "advice": say[f"advice_{method}"],
            "preheader": f"{device} · {signed_in_at}",
            "language": language,
        }
        return Mail(
            recipient=sign_in.email,
            subject=say["subject"],
            text=self._text.render(context),
            html=self._html.render(context),
            headers=self._headers,
        )

    def _language(self, tag: str | None) -> _Language:
        found = negotiate_locale([tag or _DEFAULT_LANGUAGE], self._languages, sep="-")
        return self._languages[(found or _DEFAULT_LANGUAGE).lower()]

    def _zone(self, name: str | None) -> ZoneInfo:
        try:
            return ZoneInfo(name) if name else self._default_zone
        except (ZoneInfoNotFoundError, ValueError, OSError):  # the last: `Asia` is a folder
            return self._default_zone


def _offset(moment: datetime) -> str:
    """Return `UTC+8`, `UTC-3:30`; Babel knows only `+0800` and its kin."""
    offset = moment.strftime("%z")
    hours, minutes = int(offset[1:3]), int(offset[3:5])
    if not hours and not minutes:
        return "UTC"
    return f"UTC{offset[0]}{hours}" + (f":{minutes:02}" if minutes else "")


def _method(provider_id: str) -> tuple[str, str]:
    """Return the provider's name, and the kind of sign-in by which the texts differ."""
    name = _PROVIDERS.get(provider_id) or "".join(
        character for character in provider_id if character in _PROVIDER_CHARACTERS
    )
    if not name:
        return name, "unknown"
    if provider_id == "credentials":
        return name, "password"
    return name, "link" if provider_id in _LINK_BY_MAIL else "provider"


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0]) if text else None
    except ValueError:
        return None


def _place(
    location: Location | None, address: IPv4Address | IPv6Address | None, locale: Locale
) -> str | None:
    """Return `Darkhan, Mongolia`, the country in the reader's language if given as a code."""
    if location is None or (address and any(address in network for network in _NOWHERE)):
        return None
    country = locale.territories.get(location.country or "", location.country)
    parts = [
        part
        for text in (location.city, location.region, country)
        if (part := without_links(text, limit=_LIMIT)) and not part.isdigit()  # region "1"
    ]
    return ", ".join(dict.fromkeys(parts)) or None
