"""DynamoDB's refusal to write an item inside a running transaction, which the emulator lacks."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp import hdrs, web

from bench.serving import Ready, serving

#: how long a transaction holds its items, beside the emulator's own time
_HELD_S: Final = 0.005

#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
_CONFLICT: Final = {
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons"
    " [None, TransactionConflict]",
    "CancellationReasons": [
        {"Code": "None"},
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
    ],
}


@contextmanager
def conflicting(endpoint: str) -> Iterator[str]:
    """Stand before an emulator, and return the new endpoint."""
    with serving(partial(_serve, endpoint)) as before:
        yield before


async def _serve(endpoint: str, ready: Ready) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        app = web.Application()
        app.router.add_post("/{path:.*}", _Transactions(session, endpoint).pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready(runner.addresses[0][1])
        await asyncio.Event().wait()


class _Transactions:
    """Knows the windows that a transaction is writing; jobs are never written by two at once."""

    def __init__(self, session: aiohttp.ClientSession, endpoint: str) -> None:
        self._session = session
        self._endpoint = endpoint
        self._held: set[str] = set()

    async def pass_on(self, request: web.Request) -> web.Response:
        """Answer with a conflict, or as the emulator does."""
        body = await request.read()
        if not request.headers.get("X-Amz-Target", "").endswith(".TransactWriteItems"):
            return await self._forward(request, body)
        window = _window(json.loads(body))
        if window in self._held:
            return web.json_response(
                _CONFLICT, status=400, content_type="application/x-amz-json-1.0"
            )
        self._held.add(window)
        try:
            answer = await self._forward(request, body)
            await asyncio.sleep(_HELD_S)
        finally:
            self._held.remove(window)
        return answer

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        url = self._endpoint + request.raw_path
        async with self._session.post(url, headers=request.headers, data=body) as answer:
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers={hdrs.CONTENT_TYPE: answer.headers[hdrs.CONTENT_TYPE]},
            )


def _window(request: dict[str, Any]) -> str:
    _, update = request["TransactItems"]
    key: str = update["Update"]["Key"]["pk"]["S"]
    return key
