"""The operators' console: static files, which need no key because they hold no data."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

PAGE: Final = "index.html"

_FOLDER: Final = Path(__file__).parents[1] / "templates" / "console"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = {
    # The page shows what strangers have sent: should text ever become markup, it can't run.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Kept by the browser, and asked for each time: a deployment never mixes old and new files.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    content_type: str
    text: str
    etag: str


def serve_console(app: APIGatewayHttpResolver) -> None:
    """Make `app` answer with the console's page and its files."""

    def page() -> Response[str]:
        return answer(PAGE)

    def file(name: str) -> Response[str]:
        if name == PAGE:  # its links lead to nowhere from there
            raise NotFoundError
        return answer(name)

    def answer(name: str) -> Response[str]:
        found = _files().get(name)
        if found is None:
            raise NotFoundError
        event = app.current_event
        known = event.headers.get("if-none-match") == found.etag
        return Response(
            status_code=HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK,
            content_type=found.content_type,
            headers={**_HEADERS, "ETag": found.etag},
            body="" if known else found.text,
        )

    app.get("/api/admin/console")(page)
    app.get("/api/admin/console/<name>")(file)


@cache
def _files() -> dict[str, _File]:
    """Read all files, once: none can be named that is not in the folder."""
    return {path.name: _read(path) for path in _FOLDER.iterdir()}


def _read(path: Path) -> _File:
    content = path.read_bytes()
    return _File(
        content_type=_TYPES[path.suffix],
        text=content.decode(),
        etag=f'"{sha256(content).hexdigest()[:32]}"',
    )
