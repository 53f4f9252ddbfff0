"""The mail as a test wants to read it: rendered from few words, and as its reader sees it."""

from html.parser import HTMLParser

from functions.adapters.catalogs import DIRECTORY
from functions.adapters.templates import Templates
from functions.domain.model import Location, Mail
from tests.builders import a_job, a_sign_in

SECURITY_PAGE = "https://yellowbooks.mn/security"
REPORT_LINK = "https://api.example.com/report/TOKEN"
DARKHAN = Location(city="Дархан", region="Дархан-Уул", country="MN")


def templates(directory=DIRECTORY, **changes):
    configuration = {
        "brand_name": "Yellow Books",
        "brand_color": "#ffc53d",
        "support_address": "support@yellowbooks.mn",
        "security_page_url": SECURITY_PAGE,
        "report_link": lambda _job: REPORT_LINK,
        "default_locale": "mn",
        "default_time_zone": "Asia/Ulaanbaatar",
    }
    return Templates(**configuration | changes, directory=directory)


def mail_of(ours, **changes) -> Mail:
    """Render a Mongolian sign-in with changes."""
    return ours.render(a_job(sign_in=a_sign_in(**{"locale": "mn"} | changes)))


class Page(HTMLParser):
    """What a browser would make of the HTML part: its elements, and the text that is shown."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.words = []
        self.labelled_links = []
        self._hidden = self._in_link = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self._hidden = tag in ("style", "title")
        if tag == "a":
            self.labelled_links.append(("", dict(attrs).get("href")))
            self._in_link = True

    def handle_endtag(self, tag):
        self._hidden = False
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)
        if self._in_link:
            label, target = self.labelled_links.pop()
            self.labelled_links.append((label + data, target))

    def handle_comment(self, data):
        self.elements.append(("comment", data))

    def handle_pi(self, data):
        self.elements.append(("pi", data))

    def unknown_decl(self, data):
        self.elements.append(("declaration", data))

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    @property
    def links(self):
        return [
            value
            for _, attrs in self.elements
            for name, value in attrs
            if name in ("href", "src", "background", "action", "srcset")
        ]


def parts(mail: Mail) -> tuple[str, str]:
    """Both parts as their reader sees them."""
    return mail.text, Page(mail.html).text


def assert_shown(mail: Mail, *texts: str) -> None:
    for part in parts(mail):
        for text in texts:
            assert text in part


def assert_not_shown(mail: Mail, *texts: str) -> None:
    for part in (*parts(mail), mail.html, mail.subject, *map(str, mail.headers)):
        for text in texts:
            assert text not in part
