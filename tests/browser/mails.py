"""The mail as Chromium draws it: run with a folder, every case in every form."""

import argparse
from functools import cache
from pathlib import Path

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
    """Draw every case in every form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to")
    folder = parser.parse_args().folder
    with chromium() as browser:
        for case in CASES:
            for locale in LOCALES:
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        name = f"{case}-{locale}-{width}-{scheme}.png"
                        draw(browser, folder / name, case, locale, width=width, scheme=scheme)


def draw(browser, path, case, locale, *, width=600, scheme="light"):
    """Draw a case into a file, as high as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": width, "height": 100}, color_scheme=scheme)
    page.set_content(html_of(case, locale))
    page.screenshot(path=path, full_page=True)
    page.close()


if __name__ == "__main__":
    main()
