"""The mail of any case in any language, from the files as they are now, without sending it."""

import asyncio
from dataclasses import dataclass
from email.utils import formataddr
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment

from functions.adapters.catalogs import DIRECTORY, Catalogs
from functions.adapters.templates import Templates
from functions.domain.model import Mail
from infra.config import ROOT, StageConfig
from infra.stages import load
from local import html_answer
from local.cases import CASES, job

STAGES: Final = ROOT / "stages"
#: no sign-in happened, so there is nothing to report
_REPORT_LINK: Final = "https://api.example.com/report/TOKEN"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A mail that nobody is sent."""

    mail: Mail
    #: what only its headers show
    headers: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why there is none."""

    status: HTTPStatus
    sentence: str
    #: what is wrong with the files, line by line
    faults: tuple[str, ...] = ()


def preview(case: str, locale: str) -> Preview | Failure:
    """Render a case; without a locale the sign-in names none."""
    try:
        stage = load("local", directory=STAGES)
        catalogs = Catalogs(DIRECTORY / "locales", default=stage.default_locale)
        if case not in CASES:
            return Failure(status=HTTPStatus.NOT_FOUND, sentence=f"There is no case “{case}”")
        if locale and not catalogs.find(locale):
            return Failure(status=HTTPStatus.NOT_FOUND, sentence=f"There is no locale “{locale}”")
        if faults := tuple(catalogs.faults()):
            return _broken(*faults)
        return _render(case, locale, stage)
    # Whoever edits a file sees here what is wrong with it: a template raises whatever it asks for.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return _broken(f"{type(error).__name__}: {error}")


def _render(case: str, locale: str, stage: StageConfig) -> Preview:
    templates = Templates(
        brand_name=stage.brand_name,
        brand_color=stage.brand_color,
        support_address=stage.support_address,
        security_page_url=stage.security_page_url,
        report_link=lambda _job: _REPORT_LINK,
        default_locale=stage.default_locale,
        default_time_zone=stage.default_time_zone,
        directory=DIRECTORY,
    )
    mail = templates.render(job(case, locale=locale or None))
    return Preview(
        mail=mail,
        headers={
            "From": formataddr((stage.brand_name, stage.mail_sender)),
            "To": mail.recipient,
            "Subject": mail.subject,
            **dict(mail.headers),
        },
    )


def _broken(*faults: str) -> Failure:
    return Failure(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        sentence="The mail can't be rendered as its files are now",
        faults=faults,
    )


class PreviewPages:
    """`/mailbox/preview?locale=&case=`, and without both the list of all cases."""

    def __init__(self, pages: Environment) -> None:
        self._list = pages.get_template("preview.html")
        self._mail = pages.get_template("preview-mail.html")

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Serve the pages."""
        router.add_get("/mailbox/preview", self._page)
        router.add_get("/mailbox/preview/html", self._html)

    async def _page(self, request: web.Request) -> web.Response:
        if not request.query:
            return self._choice(None)
        case, locale = _asked_for(request)
        match await asyncio.to_thread(preview, case, locale):
            case Preview() as shown:
                return html_answer.page(
                    self._mail.render(shown=shown, case=case, locale=locale, **_choices())
                )
            case failure:
                return self._choice(failure)

    async def _html(self, request: web.Request) -> web.Response:
        match await asyncio.to_thread(preview, *_asked_for(request)):
            case Preview(mail=mail):
                return html_answer.mail(mail.html)
            case failure:
                return self._choice(failure)

    def _choice(self, failure: Failure | None) -> web.Response:
        status = failure.status if failure else HTTPStatus.OK
        return html_answer.page(self._list.render(failure=failure, **_choices()), status=status)


def _asked_for(request: web.Request) -> tuple[str, str]:
    return request.query.get("case", CASES[0]), request.query.get("locale", "")


def _choices() -> dict[str, Any]:
    locales = sorted(path.stem for path in (DIRECTORY / "locales").glob("*.toml"))
    return {"cases": CASES, "locales": [*locales, ""]}
