"""The console of the files as they are now: its answers are given, and no stack has to run."""

import mimetypes

from infra.config import ROOT
from tests.browser.console import Console

CONSOLE = ROOT / "templates" / "console"
ORIGIN = "https://notices.example.com"


def console_of_files(page):
    """Return the console in a tab, not opened yet."""
    page.route(f"{ORIGIN}/**", _file)
    return Console(page, url=f"{ORIGIN}/api/admin/console")


def _file(route):
    name = route.request.url.rpartition("/")[2].partition("#")[0]
    file = CONSOLE / ("index.html" if name == "console" else name)
    route.fulfill(body=file.read_text(), content_type=mimetypes.guess_type(file)[0])
