"""The routes that people's browsers open: the operators' console and the report page."""

from typing import Any, Final

from functions.adapters.report_links import TOKEN
from openapi.parts import RETRY_AFTER, TEXT, plain_problem, throttled

_HTML: Final = {"text/html": TEXT}
_NO_KEY: Final[list[Any]] = []
_TOKEN: Final = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "The link's key, good for 7 days: whoever has it can report the sign-in.",
    "schema": {"type": "string", "pattern": f"^{TOKEN.pattern}$"},
}
_AGAIN: Final = "A page that says that another try is worth it."
_FILE: Final = {
    "name": "file",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": r"^[\w-]+\.[a-z]+$"},
}


def page_paths() -> dict[str, Any]:
    """Return the paths; none of them takes a key."""
    return {
        "/api/admin/console": {
            "get": {
                "operationId": "console",
                "summary": "The operators' console, a static page that asks for the admin key",
                "security": _NO_KEY,
                "responses": {**_file(_HTML), "429": throttled()},
            }
        },
        "/api/admin/console/{file}": {
            "get": {
                "operationId": "consoleFile",
                "summary": "A file of the console's page",
                "security": _NO_KEY,
                "parameters": [_FILE],
                "responses": {
                    **_file({"text/css": TEXT, "text/javascript": TEXT, "image/svg+xml": TEXT}),
                    "404": plain_problem("There is no such file."),
                    "429": throttled(),
                },
            }
        },
        "/report/{token}": {
            "get": _report_page("askReport", "Ask whether this sign-in is to be reported"),
            "head": _report_page("headReport", "The same without the page"),
            "post": _report_page("report", "Report the sign-in: once, however often it is pressed"),
        },
    }


def _file(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "200": {"description": "The file.", "headers": {"ETag": TEXT}, "content": content},
        "304": {"description": "As `If-None-Match` knows it.", "headers": {"ETag": TEXT}},
    }


def _report_page(operation_id: str, summary: str) -> dict[str, Any]:
    pages = {
        "200": "The page, in the mail's language.",
        "404": "A page that says that the link leads to nothing.",
        "410": "A page that says that the link was good once.",
        "500": _AGAIN,
        "503": _AGAIN,
    }
    responses: dict[str, dict[str, Any]] = {
        status: {"description": description, "content": _HTML}
        for status, description in pages.items()
    }
    for status in ("500", "503"):
        responses[status]["headers"] = {"Retry-After": RETRY_AFTER}
    return {
        "operationId": operation_id,
        "summary": summary,
        "security": _NO_KEY,
        "parameters": [_TOKEN],
        "responses": {**responses, "429": throttled()},
    }
