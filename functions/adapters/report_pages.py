"""The pages where a sign-in is reported: plain HTML, without script and template engine.

Somebody who may have lost an account a minute ago waits for them, while a function starts cold.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from functions.adapters.catalogs import DIRECTORY, Catalog, Catalogs
from functions.adapters.contrast import ink_on
from functions.adapters.local_time import offset_of, zone_of
from functions.domain.model import Job

#: posts to the page's own address, which has the token
_FORM = '<form method="post"><button>{label}</button></form>'


class ReportPages:
    """Draws the pages; `languages` are the tags that their reader may know, the best first."""

    def __init__(
        self,
        *,
        brand_name: str,
        brand_color: str,
        support_address: str,
        security_page_url: str,
        default_locale: str,
        default_time_zone: str,
        directory: Path = DIRECTORY,
    ) -> None:
        """Take the colour as `#rrggbb`; a page links to the address and the security page only."""
        self._brand = brand_name
        address = escape(support_address)
        self._support = f'<a href="mailto:{address}">{address}</a>'
        self._security_page_url = security_page_url
        self._default_zone = ZoneInfo(default_time_zone)
        self._catalogs = Catalogs(directory / "locales", default=default_locale)
        self._page = Template((directory / "report.html").read_text(encoding="utf-8"))
        self._style = Template((directory / "report.css").read_text(encoding="utf-8")).substitute(
            color=brand_color, color_ink=ink_on(brand_color)
        )
        style_hash = b64encode(sha256(self._style.encode()).digest()).decode()
        #: the Content-Security-Policy of all pages: their one style, their one form, nothing else
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )

    def ask(self, job: Job, languages: Sequence[str]) -> str:
        """Ask whether the job's sign-in is to be reported, by what its mail has shown of it."""
        catalog = self._catalog(languages)
        facts = "".join(
            f"<div><dt>{escape(catalog.texts[key])}</dt><dd>{escape(value)}</dd></div>"
            for key, value in (
                ("signed_in_at", self._moment(job)),
                ("reference", job.reference),
            )
        )
        return self._drawn(
            catalog,
            self._paragraph(catalog, "page_text"),
            f"<dl>{facts}</dl>",
            self._form(catalog),
            self._security_page(catalog),
        )

    def done(self, languages: Sequence[str]) -> str:
        """Say that the report is received, and what happens next."""
        catalog = self._catalog(languages)
        return self._drawn(
            catalog,
            self._notice(catalog, "page_done"),
            self._paragraph(catalog, "page_next"),
            self._security_page(catalog),
        )

    def expired(self, languages: Sequence[str]) -> str:
        """Say that the link was good once."""
        return self._refusal("page_expired", "page_contact", languages)

    def invalid(self, languages: Sequence[str]) -> str:
        """Say that the link leads to nothing."""
        return self._refusal("page_invalid", "page_help", languages)

    def unavailable(self, languages: Sequence[str], *, again: bool) -> str:
        """Say that it is worth another try, with the button for it if it was pressed before."""
        catalog = self._catalog(languages)
        return self._drawn(
            catalog,
            self._notice(catalog, "page_unavailable"),
            self._form(catalog) if again else "",
            self._paragraph(catalog, "page_help"),
            self._security_page(catalog),
        )

    def _refusal(self, what: str, contact: str, languages: Sequence[str]) -> str:
        catalog = self._catalog(languages)
        return self._drawn(
            catalog,
            self._notice(catalog, what),
            self._paragraph(catalog, contact),
            self._security_page(catalog),
        )

    def _catalog(self, languages: Sequence[str]) -> Catalog:
        found = (self._catalogs.find(language) for language in languages)
        return next((catalog for catalog in found if catalog), self._catalogs.default)

    def _drawn(self, catalog: Catalog, *content: str) -> str:
        return self._page.substitute(
            language=catalog.tag,
            title=self._said(catalog, "page_title"),
            brand=escape(self._brand),
            style=self._style,
            content="\n".join(part for part in content if part),
        )

    def _said(self, catalog: Catalog, key: str) -> str:
        # The texts are ours, but not their markup: only the support address is a link.
        text = escape(catalog.texts[key], quote=False)
        return text.format(brand=escape(self._brand), support=self._support)

    def _paragraph(self, catalog: Catalog, key: str) -> str:
        return f"<p>{self._said(catalog, key)}</p>"

    def _notice(self, catalog: Catalog, key: str) -> str:
        return f'<p class="notice" role="status">{self._said(catalog, key)}</p>'

    def _form(self, catalog: Catalog) -> str:
        return _FORM.format(label=self._said(catalog, "page_button"))

    def _security_page(self, catalog: Catalog) -> str:
        url = escape(self._security_page_url)
        return f'<p><a href="{url}">{self._said(catalog, "security_page")}</a></p>'

    def _moment(self, job: Job) -> str:
        """Return `2025-12-19 15:00 (UTC+8)`, which every language reads, without Babel."""
        zone = zone_of(job.sign_in.time_zone, self._default_zone)
        moment = datetime.fromtimestamp(job.sign_in.signed_in_at_ms / 1000, zone)
        return f"{moment:%Y-%m-%d %H:%M} ({offset_of(moment)})"
