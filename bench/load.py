"""An open-loop load, in a process of its own: a request leaves when it is due, answered or not."""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Final

import aiohttp

from bench.sign_ins import sign_in
from infra.config import ROOT

_PATH: Final = "/api/jobs/signin-notification"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """One sign-in that was accepted."""

    job_id: str
    email: str
    #: when it was due; what a request had to wait before it left counts as well
    due_ms: float
    answered_ms: float


def load(url: str, *, key: str, rate: int, seconds: float) -> list[Posted]:
    """Post sign-ins, each of a user of its own; any answer but 202 is a RuntimeError."""
    command = [sys.executable, "-m", "bench.load", url, key, str(rate), str(seconds)]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the load failed: {done.stderr.strip().splitlines()[-1]}")
    return [Posted(**fields) for fields in json.loads(done.stdout)]


async def _load(url: str, key: str, rate: int, seconds: float) -> list[Posted]:
    run = uuid.uuid4().hex[:12]
    connector = aiohttp.TCPConnector(limit=0)  # a slow answer must not hold up the next request
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(
        connector=connector, timeout=_TIMEOUT, headers=headers
    ) as session:
        began_s, began_ms = time.perf_counter(), time.time() * 1000

        async def post(number: int) -> Posted:
            after_s = number / rate
            await asyncio.sleep(began_s + after_s - time.perf_counter())
            body = sign_in(number)
            body |= {"userId": f"{run}-{number}", "email": f"{run}-{number}@people.example"}
            async with session.post(url + _PATH, json=body) as answer:
                text = await answer.text()
                if answer.status != HTTPStatus.ACCEPTED:
                    raise RuntimeError(f"answered {answer.status}: {text}")
            answered_ms = began_ms + (time.perf_counter() - began_s) * 1000
            return Posted(
                job_id=json.loads(text)["jobId"],
                email=body["email"],
                due_ms=began_ms + after_s * 1000,
                answered_ms=answered_ms,
            )

        return await asyncio.gather(*map(post, range(round(rate * seconds))))


def _main(url: str, key: str, rate: str, seconds: str) -> None:
    posted = asyncio.run(_load(url, key, int(rate), float(seconds)))
    print(json.dumps([asdict(one) for one in posted]))


if __name__ == "__main__":
    _main(*sys.argv[1:])
