"""The console's files: who gets them, with which headers, and what may not be in them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

PAGE = "/api/admin/console"
FOLDER = Path(__file__).parents[2] / "templates" / "console"
FILES = sorted(path.name for path in FOLDER.iterdir())
MODULES = [name for name in FILES if name.endswith(".js")]

#: what turns text into markup or into code
MAKES_MARKUP = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|document\.write|DOMParser|srcdoc"
    r"|createContextualFragment|eval\(|new Function)"
)


def read(name):
    return (FOLDER / name).read_text()


def imports_of(name):
    return set(re.findall(r'(?:from|import) "\./([^"]+)"', read(name)))


class Markup(HTMLParser):
    """A page's attributes, and the text of its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.attributes = []
        self.inline = []
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._within = tag
        self.attributes += attrs

    def handle_data(self, data):
        if self._within in {"script", "style"}:
            self.inline.append(data.strip())


@pytest.fixture
def page():
    return Markup(read("index.html"))


def linked(page):
    return {value for name, value in page.attributes if name in {"href", "src"}}


def test_the_page_needs_no_key_and_is_not_what_a_key_opens(admin):
    answer = admin.call("GET", PAGE)

    assert answer.status == 200
    assert answer.text == read("index.html")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/app.js", f"{PAGE}/console.css"])
def test_nothing_but_the_service_s_own_files_may_run_or_be_asked(admin, path):
    headers = admin.call("GET", path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("app.js", "text/javascript; charset=utf-8"),
        ("console.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_browser_is_told_what_a_file_is(admin, name, content_type):
    assert admin.call("GET", f"{PAGE}/{name}").headers["Content-Type"] == content_type


def test_the_page_is_html(admin):
    assert admin.call("GET", PAGE).headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", [name for name in FILES if name != "index.html"])
def test_every_file_is_served_as_it_is(admin, name):
    answer = admin.call("GET", f"{PAGE}/{name}")

    assert (answer.status, answer.text) == (200, read(name))


def test_a_file_that_a_browser_has_already_is_not_sent_again(admin):
    first = admin.call("GET", f"{PAGE}/app.js")
    again = admin.call("GET", f"{PAGE}/app.js", headers={"if-none-match": first.headers["ETag"]})
    other = admin.call("GET", f"{PAGE}/api.js", headers={"if-none-match": first.headers["ETag"]})

    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (other.status, other.text) == (200, read("api.js"))


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "index.html",
        "..",
        "app.js/",
        "../mail.html.j2",
        "..%2fmail.html.j2",
        "%2e%2e/mail.html.j2",
        "/etc/passwd",
        "APP.JS",
        "app.js%00",
    ],
)
def test_no_other_name_leads_to_a_file(admin, name):
    answer = admin.call("GET", f"{PAGE}/{name}")

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == "urn:signin-notifier:problem:unknown-route"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/app.js"])
def test_the_files_can_only_be_read(admin, method, path):
    assert admin.call(method, path).status == 404


def test_the_page_has_no_script_style_or_handler_of_its_own(page):
    assert {
        name for name, _ in page.attributes if name == "style" or name.startswith("on")
    } == set()
    assert [text for text in page.inline if text] == []


def test_the_page_s_links_lead_to_files_that_are_served(page):
    links = linked(page) - {"#main"}

    assert links
    # The page has no trailing slash, so this is relative to its parent, whatever the host.
    assert {link.removeprefix("console/") for link in links} <= set(FILES)
    assert all(link.startswith("console/") for link in links)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_modules_that_are_served(name):
    assert imports_of(name) <= set(MODULES)


def test_every_file_is_used(page):
    reached = {"index.html"}
    found = {link.removeprefix("console/") for link in linked(page) - {"#main"}}
    while found:
        reached |= found
        found = {
            imported for name in found if name.endswith(".js") for imported in imports_of(name)
        } - reached

    assert reached == set(FILES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_never_makes_markup_or_code_of_text(name):
    assert MAKES_MARKUP.findall(read(name)) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_sets_no_inline_style(name):
    assert re.findall(r"\bstyle\s*[:=]|\.style\b|\"style\"|cssText", read(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_another_host(name):
    hosts = set(re.findall(r"https?://([^/\"\s]+)", read(name)))

    assert hosts <= {"www.w3.org"}  # SVG's namespace, which nobody asks for
