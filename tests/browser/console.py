"""The console as an operator sees it."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

#: Chromium reports each answer that is not a success; what the page makes of it is tested instead
EXPECTED = re.compile(r"Failed to load resource")

_RECORD_VIOLATIONS = """
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""
_STOP = """
[...document.querySelectorAll("dialog button")]
  .find(({ textContent }) => textContent === "Stop").click();
"""


class Console:
    """The console in one tab."""

    def __init__(self, page: Page, *, url: str) -> None:
        self.page = page
        self.url = url
        self._faults: list[str] = []
        page.add_init_script(_RECORD_VIOLATIONS)
        page.on("pageerror", lambda error: self._faults.append(f"uncaught: {error}"))
        page.on("console", self._hear)

    def _hear(self, message):
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self._faults.append(f"{message.type}: {message.text}")

    def faults(self):
        """Return what went wrong unseen: uncaught errors, and what the policy has refused."""
        return self._faults + self.page.evaluate("violations")

    def open(self, view=""):
        """Open a view by its address."""
        self.page.goto(self.url + view)

    def sign_in(self, key):
        """Give a key, as by hand."""
        self.page.get_by_label("Admin key").fill(key)
        self.page.keyboard.press("Enter")
        expect(self.heading("Operators' console")).to_be_hidden()

    def heading(self, text):
        return self.page.get_by_role("heading", name=text)

    def button(self, text):
        return self.page.get_by_role("button", name=text, exact=True)

    def link(self, text):
        return self.page.get_by_role("link", name=text)

    @property
    def alert(self):
        """What went wrong, in words."""
        return self.page.get_by_role("alert")

    @property
    def dialog(self):
        return self.page.get_by_role("dialog")

    @property
    def rows(self):
        """The dead jobs that are listed."""
        return self.page.get_by_role("table", name="Dead jobs").locator("tbody tr")

    def list_dead(self, **query):
        """List dead jobs by a link that somebody has passed on."""
        self.open(f"#/dead?{urlencode(query)}")
        expect(self.page.get_by_text("Loading")).to_be_hidden()

    def open_job(self, job_id):
        self.open(f"#/jobs/{job_id}")
        expect(self.heading("What happened")).to_be_visible()

    def stop_in_batch(self, number, *, at):
        """Press Stop while the n-th batch of a run is on its way to an address."""
        asked = []

        def pressing(route):
            asked.append(route)
            if len(asked) == number:
                self.page.evaluate(_STOP)
            route.fallback()

        self.page.route(at, pressing)

    def refresh(self):
        """Load the page anew, which also asks for new statistics."""
        self.page.reload()

    def figures(self, column):
        """Return a column of the table beside the chart, the running hour first."""
        table = self.page.get_by_role("table", name="Figures per hour")
        if not table.is_visible():
            self.page.get_by_text("As a table").click()
        expect(table.locator("tbody tr")).not_to_have_count(0)
        names = table.locator("thead th").all_inner_texts()
        cells = table.locator(f"tbody tr > :nth-child({names.index(column) + 1})")
        return [int(text.replace(",", "")) for text in cells.all_inner_texts()]

    def accessibility_faults(self):
        """Return what axe-core finds serious or critical in what is shown now."""
        # Evaluated by the browser's debugger, so that the page's own policy need not allow it.
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['id']}: {json.dumps([node['target'] for node in violation['nodes']])}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
        ]
