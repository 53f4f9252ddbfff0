"""The mail in its reader's language."""

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from functions.adapters.catalogs import DIRECTORY, PAGE_PREFIX, Catalog, Catalogs
from functions.adapters.contrast import ink_on
from functions.adapters.local_time import offset_of, zone_of
from functions.adapters.sign_in_method import name_and_kind
from functions.adapters.untrusted_text import one_line, without_links
from functions.adapters.user_agent import describe
from functions.domain.model import Job, Location, Mail

#: addresses that are no place on the map; unlike `is_private`, without the ranges for documentation
_NOWHERE: Final = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8"),
        *("169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10"),
    )
)

#: characters of a name, and of each part of a place
_LIMIT: Final = 60


class Templates:
    """Renders mails from `templates/`; build it once per process, it compiles everything."""

    def __init__(
        self,
        *,
        brand_name: str,
        brand_color: str,
        support_address: str,
        security_page_url: str,
        report_link: Callable[[Job], str],
        default_locale: str,
        default_time_zone: str,
        directory: Path = DIRECTORY,
    ) -> None:
        """Take the colour as `#rrggbb`; a mail links to the page and the job's report link only."""
        self._brand = brand_name
        self._report_link = report_link
        self._default_zone = ZoneInfo(default_time_zone)
        self._headers = (("Reply-To", support_address), ("Auto-Submitted", "auto-generated"))
        self._catalogs = Catalogs(directory / "locales", default=default_locale)
        environment = Environment(
            loader=FileSystemLoader(directory),
            autoescape=select_autoescape(["html.j2"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(
            brand={"name": brand_name, "color": brand_color, "ink": ink_on(brand_color)},
            security_page_url=security_page_url,
        )
        self._html = environment.get_template("mail.html.j2")
        self._text = environment.get_template("mail.txt.j2")

    def render(self, job: Job) -> Mail:
        """Return the mail that tells of the job's sign-in."""
        sign_in = job.sign_in
        asked_for = self._catalogs.find(sign_in.locale)
        catalog = asked_for or self._catalogs.default
        # nobody told which language the reader knows: one line in another one
        second = None if asked_for else self._catalogs.second
        locale = _locale(catalog)
        name = without_links(sign_in.name, limit=_LIMIT)
        address = _address(sign_in.ip_address)
        place = _place(sign_in.location, address, locale)
        provider, kind = name_and_kind(sign_in.provider)
        say = {
            key: text.format(brand=self._brand, name=name, place=place, provider=provider)
            for key, text in catalog.texts.items()
            if not key.startswith(PAGE_PREFIX)
        }
        device = describe(sign_in.user_agent or "") or say["unknown"]
        moment = datetime.fromtimestamp(
            sign_in.signed_in_at_ms / 1000, zone_of(sign_in.time_zone, self._default_zone)
        )
        signed_in_at = (
            f"{format_datetime(moment, say['moment'], locale=locale)} ({offset_of(moment)})"
        )
        facts = {
            # in full: its reader may have several, and what a mail program links is their own
            "email": one_line(sign_in.email),
            "method": say[
                "method_provider" if provider and kind == "unknown" else f"method_{kind}"
            ],
            "device": device,
            "signed_in_at": signed_in_at,
            "ip_address": str(address or say["unknown"]),
            **({"location": say["location_value"]} if place else {}),
            "reference": job.reference,
        }
        context = {
            "say": say,
            "facts": facts,
            "greeting": say["greeting_by_name"] if name else say["greeting"],
            "advice": say[f"advice_{kind}"],
            "preheader": f"{device} · {signed_in_at}",
            "language": {"tag": catalog.tag, "direction": locale.text_direction},
            "report_link": self._report_link(job),
            "second": self._line_in(second) if second else None,
        }
        return Mail(
            recipient=sign_in.email,
            subject=say["subject"],
            text=self._text.render(context),
            html=self._html.render(context),
            headers=self._headers,
        )

    def _line_in(self, catalog: Catalog) -> dict[str, Any]:
        return {
            "text": catalog.texts["if_not_you"].format(brand=self._brand),
            "report": catalog.texts["report"],
            "attributes": {"lang": catalog.tag, "dir": _locale(catalog).text_direction},
        }


def _locale(catalog: Catalog) -> Locale:
    return Locale.parse(catalog.tag, sep="-")


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
