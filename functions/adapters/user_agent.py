"""Names the browser and the system behind a `User-Agent` header, as their user would."""

import re
from functools import lru_cache

from ua_parser import BasicResolver, Domain, load_lazy_builtins

from functions.adapters.untrusted_text import looks_like_a_link

_resolve = BasicResolver(load_lazy_builtins())

#: the parser's names that people don't use
_COMMON_NAMES = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Mac OS X": "macOS",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Opera Mobile": "Opera",
}

#: the parser copies some names from the header, whose writer may be a thief: three short words
_NAME = re.compile(r"(?=.{1,30}$)[A-Za-z0-9][\w+-]*(?: [\w+-]+){0,2}", re.ASCII)
_VERSION = re.compile(r"\d{1,4}", re.ASCII)

#: an application that nobody's list knows: `YellowBooksApp/2.3 (iOS)`
_APPLICATION = re.compile(
    r"(?!Mozilla/)([A-Za-z][A-Za-z0-9]{1,29})/(\d{1,4}(?:\.\d{1,4})?)(?:[.\d]*"
    r" \((Android|iOS|iPadOS|Linux|macOS|Windows)\b)?",
    re.ASCII,
)


@lru_cache(maxsize=1024)
def describe(user_agent: str) -> str | None:
    """Return `Chrome 131 (Windows)`, or as much of it as can be told; None for nothing.

    The system has no version, because browsers freeze it at a false one.
    """
    parsed = _resolve(user_agent, Domain.USER_AGENT | Domain.OS)
    system = _named(parsed.os.family) if parsed.os else None
    agent = parsed.user_agent
    # "Android 14" is what the parser calls an application there that it does not know
    browser = _named(agent.family, agent.major) if agent and agent.family != system else None
    if not browser and (application := _APPLICATION.match(user_agent)):
        browser = _unlinked(application[1], application[2])
        system = system or application[3]
    if browser and system:
        return f"{browser} ({system})"
    return browser or system


def _named(family: str, version: str | None = None) -> str | None:
    name = _COMMON_NAMES.get(family, family)
    if not _NAME.fullmatch(name):
        return None
    return _unlinked(name, version if version and _VERSION.fullmatch(version) else None)


def _unlinked(name: str, version: str | None) -> str | None:
    """Return the name with its version, unless they read like a telephone number."""
    if looks_like_a_link(name):
        return None
    whole = f"{name} {version}" if version else name
    return name if looks_like_a_link(whole) else whole
