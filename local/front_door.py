"""The one port that a laptop shows: the API, SES on its way through, the mailbox, a start page."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader
from multidict import CIMultiDict, CIMultiDictProxy
from pydantic import ValidationError
from yarl import URL

from local import html_answer, sample
from local.html_answer import PAGES
from local.mailbox import Mailbox, SendEmail
from local.preview import PreviewPages

#: API Gateway's limit, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MAX_BODY_BYTES = 10 * 1024 * 1024
#: aiohttp itself would answer longer request lines, in a form that is not the API's
MAX_LINE_BYTES = 64 * 1024
#: longer than a burst of cold starts takes on the cores of one machine
TIMEOUT = aiohttp.ClientTimeout(total=90)
#: requests under way at once, the others wait: each one more would start a function of its own,
#: and all of them share the cores of one machine
MAX_CONCURRENCY = 6
#: these speak of one connection, not of the message (RFC 9110, 7.6.1); the length is told anew
HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("te", "trailer", "transfer-encoding", "upgrade", "content-length"),
    }
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FrontDoor:
    """The handlers behind the port."""

    def __init__(self, *, port: int, emulator: str, api_id: str) -> None:
        self._api = f"{emulator}/_aws/execute-api/{api_id}/$default"
        self._emulator = emulator
        self._hosts = {
            f"{name}{tail}" for name in ("localhost", "127.0.0.1") for tail in ("", f":{port}")
        }
        self._mailbox = Mailbox()
        self._places = asyncio.Semaphore(MAX_CONCURRENCY)
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
        self._facts = {
            "curl": sample.curl(port),
            "producer_key": sample.PRODUCER_KEY,
            "admin_key": sample.ADMIN_KEY,
        }
        self._session: aiohttp.ClientSession

    def runner(self) -> web.AppRunner:
        """Return what serves all of it on any socket."""
        app = web.Application(middlewares=[self._only_loopback], client_max_size=MAX_BODY_BYTES)
        app.cleanup_ctx.append(self._client)
        app.router.add_route("*", r"/api/{path:[\s\S]*}", self._call_api)
        app.router.add_route("*", "/report/{token}", self._call_api)
        app.router.add_post("/v2/email/outbound-emails", self._send_email)
        app.router.add_get("/mailbox/messages", self._messages)
        app.router.add_get("/mailbox/messages/{id}/html", self._message_html)
        app.router.add_get("/", self._page("home.html"))
        app.router.add_get("/mailbox", self._page("mailbox.html"))
        PreviewPages(self._templates).add_to(app.router)
        app.router.add_static("/static", PAGES / "static")
        app.router.add_route("*", r"/{path:[\s\S]*}", self._page("not-found.html", status=404))
        # aiohttp would print the request, body and all, of a caller who hangs up or sends nonsense.
        logging.getLogger("aiohttp.server").disabled = True
        # Bodies pass as they are, so nothing is unpacked on the way.
        return web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            shutdown_timeout=1,
            max_line_size=MAX_LINE_BYTES,
        )

    async def _client(self, _app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(timeout=TIMEOUT, auto_decompress=False) as session:
            self._session = session
            yield

    @web.middleware
    async def _only_loopback(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # A name that somebody points at 127.0.0.1 would let their page read ours (DNS rebinding).
        if request.host.lower() not in self._hosts:
            raise web.HTTPMisdirectedRequest(text="Only localhost and 127.0.0.1 are served here.\n")
        return await handler(request)

    async def _call_api(self, request: web.Request) -> web.Response:
        # First the whole body: a caller who stalls must not hold a place meanwhile.
        await request.read()
        async with self._places:
            return await self._forward(request, self._api)

    async def _send_email(self, request: web.Request) -> web.Response:
        """Pass a mail on to SES as it was signed, and keep it if SES took it."""
        try:
            mail = SendEmail.model_validate_json(await request.read())
        except ValidationError:
            return web.json_response(
                {"message": "The mailbox reads simple content with text and HTML only."},
                status=web.HTTPBadRequest.status_code,
                headers={"x-amzn-ErrorType": "BadRequestException"},
            )
        answer = await self._forward(request, self._emulator)
        if answer.status == web.HTTPOk.status_code:
            self._mailbox.add(mail, message_id=json.loads(answer.text or "")["MessageId"])
        return answer

    async def _forward(self, request: web.Request, upstream: str) -> web.Response:
        try:
            async with self._session.request(
                request.method,
                URL(upstream + request.raw_path, encoded=True),
                headers=_end_to_end(request.headers),
                skip_auto_headers=(
                    hdrs.USER_AGENT,
                    hdrs.ACCEPT,
                    hdrs.ACCEPT_ENCODING,
                    hdrs.CONTENT_TYPE,
                ),
                data=await request.read() or None,
                allow_redirects=False,
            ) as answer:
                return web.Response(
                    status=answer.status,
                    body=await answer.read(),
                    headers=_end_to_end(answer.headers),
                )
        except (aiohttp.ClientError, TimeoutError):
            return web.json_response(
                {"message": "The AWS emulator did not answer; see the terminal of `make local`."},
                status=web.HTTPBadGateway.status_code,
            )

    async def _messages(self, request: web.Request) -> web.Response:
        messages = self._mailbox.newest_first()
        # Mails never change, so the newest one stands for the list.
        newest = f'"{messages[0]["headers"]["Message-ID"]}"' if messages else '"none"'
        headers = {hdrs.ETAG: newest, hdrs.CACHE_CONTROL: "no-cache"}
        if request.headers.get(hdrs.IF_NONE_MATCH) == newest:
            return web.Response(status=web.HTTPNotModified.status_code, headers=headers)
        return web.json_response(messages, headers=headers)

    async def _message_html(self, request: web.Request) -> web.Response:
        message = self._mailbox.find(request.match_info["id"])
        if message is None:
            raise web.HTTPNotFound
        return html_answer.mail(message["html"])

    def _page(self, name: str, *, status: int = 200) -> Handler:
        template = self._templates.get_template(name)

        async def page(_request: web.Request) -> web.Response:
            return html_answer.page(template.render(self._facts), status=status)

        return page


def _end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    return CIMultiDict((k, v) for k, v in headers.items() if k.lower() not in HOP_BY_HOP)
