"""The mail as Chromium draws it: `make screenshots` for the README, or all of it into a folder."""

import argparse
from functools import cache
from pathlib import Path

from infra.config import ROOT
from local.cases import CASES, job
from tests.adapters.mail import templates
from tests.browser.chromium import chromium

WIDTHS = (600, 360)
SCHEMES = ("light", "dark")
LOCALES = ("mn", "en")


@cache
def html_of(case, locale):
    """Return a case's HTML part."""
    return templates().render(job(case, locale=locale)).html


def main():
    """Draw the README's two pictures, or with a folder every case in every form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="draw everything, into this folder")
    folder = parser.parse_args().folder
    with chromium() as browser:
        if folder is None:
            for locale in LOCALES:
                _draw(browser, ROOT / "docs" / "images" / f"mail-{locale}.png", "github", locale)
            return
        for case in CASES:
            for locale in LOCALES:
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        name = f"{case}-{locale}-{width}-{scheme}.png"
                        _draw(browser, folder / name, case, locale, width=width, scheme=scheme)


def _draw(browser, path, case, locale, *, width=600, scheme="light"):
    path.parent.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": width, "height": 100}, color_scheme=scheme)
    page.set_content(html_of(case, locale))
    page.screenshot(path=path, full_page=True)
    page.close()


if __name__ == "__main__":
    main()
