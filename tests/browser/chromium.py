"""The system's own Chromium, which needs no download, driven by Playwright."""

from contextlib import contextmanager
from shutil import which

from playwright.sync_api import sync_playwright

PROGRAM = which("chromium") or which("chromium-browser") or which("google-chrome")


@contextmanager
def chromium():
    """Start it, until the context is left."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=PROGRAM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()
