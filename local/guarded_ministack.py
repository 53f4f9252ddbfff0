"""MiniStack's own command, with a guard before it: no web page may read it or change it.

MiniStack itself answers under any host name and lets every origin read the answers.
"""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import ministack.app

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

#: also by the name that a deployed API's `ApiUrl` has here; nobody can point it elsewhere
#: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
LOOPBACK = re.compile(
    rb"(([0-9a-f]{8}\.execute-api\.)?localhost|127\.0\.0\.1)(:\d+)?", re.IGNORECASE
)
#: deployed APIs decide for themselves who may call them, as they do on AWS
APIS = "/_aws/execute-api/"


def guarded(app: App) -> App:
    """Let only requests through to `app` that no foreign page can have made."""

    async def guard(scope: Scope, receive: Any, send: Send) -> None:
        status = None if scope["type"] == "lifespan" else _refusal(scope)
        if status is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"No web page is served here.\n"})

    return guard


def _refusal(scope: Scope) -> HTTPStatus | None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    # A name that somebody points at 127.0.0.1 would let their page read this (DNS rebinding).
    if not LOOPBACK.fullmatch(headers.get(b"host", b"")):
        return HTTPStatus.MISDIRECTED_REQUEST
    # Browsers add these by themselves, also where no answer may be read; our programs never do.
    of_a_page = b"origin" in headers or headers.get(b"sec-fetch-site", b"none") != b"none"
    return HTTPStatus.FORBIDDEN if of_a_page and not scope["path"].startswith(APIS) else None


if __name__ == "__main__":
    ministack.app.app = guarded(ministack.app.app)
    ministack.app.main()
