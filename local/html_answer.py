"""The HTML that the laptop's port serves, with nothing allowed that it does not need."""

from pathlib import Path
from typing import Final

from aiohttp import web

PAGES: Final = Path(__file__).with_name("pages")
#: our own pages: nothing but our own files, in nobody's frame
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: somebody else's HTML: no script, no form, no request; a link opens in a window of its own
_MAIL_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
)
#: a standards-mode start, so that links leave the frame; the mail's own doctype is then skipped
_MAIL_START: Final = '<!doctype html><meta charset="utf-8"><base target="_blank">'


def page(text: str, *, status: int = 200) -> web.Response:
    """Answer with a page of our own."""
    return _html(text, policy=_PAGE_POLICY, status=status)


def mail(html: str) -> web.Response:
    """Answer with a mail's HTML part, for the sandboxed frame of a page."""
    return _html(_MAIL_START + html, policy=_MAIL_POLICY, status=200)


def _html(text: str, *, policy: str, status: int) -> web.Response:
    return web.Response(
        status=status,
        text=text,
        content_type="text/html",
        headers={
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )
