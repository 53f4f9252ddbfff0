"""`make demo`: the five basic cases, each request and answer shown, each one checked."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp
from yarl import URL

from local import sample

LOCAL_URL = "http://localhost:3333"
POST_SIGN_IN = "/api/jobs/signin-notification"
#: SES's own address for tests takes every mail and harms no sender's reputation
#: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
SES_SIMULATOR = "success@simulator.amazonses.com"
#: ours, on a laptop only: a mail that is refused for good
REJECTED = "reject@simulator.test"
SIGN_INS_PER_HOUR = 10
JOB_DEADLINE_SECONDS = 60.0


class Answer(NamedTuple):
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    body: Any


class UnexpectedAnswerError(Exception):
    """A case did not go as it should; says what was expected."""


class Service:
    """The service under demonstration; shows what is said."""

    def __init__(self, session: aiohttp.ClientSession, *, key: str, admin_key: str) -> None:
        self._session = session
        self._key = key
        self._admin_key = admin_key

    async def post(self, sign_in: Mapping[str, str], *, idempotency_key: str = "") -> Answer:
        """Post a sign-in."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return await self._call("POST", POST_SIGN_IN, self._key, body=sign_in, headers=headers)

    async def job(self, job_id: str) -> Answer:
        """Read a job."""
        return await self._call("GET", f"/api/jobs/{job_id}", self._key)

    async def dead_letters(self) -> Answer:
        """List what ended in the dead-letter queue."""
        return await self._call("GET", "/api/admin/dlq", self._admin_key)

    async def until(self, job_id: str, status: str) -> None:
        """Read a job until it has this status.

        Raises:
            UnexpectedAnswerError: it has not within a minute.
        """
        try:
            async with asyncio.timeout(JOB_DEADLINE_SECONDS):
                while True:
                    answer = await self.job(job_id)
                    expect(answer.status == HTTPStatus.OK, "200")
                    if answer.body["status"] == status:
                        return
                    await asyncio.sleep(1)
        except TimeoutError:
            raise UnexpectedAnswerError(f'"status": "{status}" within a minute') from None

    async def _call(
        self,
        method: str,
        path: str,
        key: str,
        *,
        body: object = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        authorized = {"Authorization": f"Bearer {key}", **headers}
        async with self._session.request(method, path, json=body, headers=authorized) as response:
            text = await response.text()
        try:
            received = json.loads(text)
        except ValueError:
            raise UnexpectedAnswerError(f"JSON, got {response.status} {text[:200]!r}") from None
        answer = Answer(response.status, response.headers, received)
        show(method, path, headers, body, answer)
        return answer


def show(method: str, path: str, headers: Mapping[str, str], sent: object, answer: Answer) -> None:
    """Print a request, without its key, and its answer."""
    print(f"   {method} {path}")
    for name, value in headers.items():
        print(f"      {name}: {value}")
    if sent is not None:
        print(f"      {json.dumps(sent, ensure_ascii=False)}")
    retry = answer.headers.get("Retry-After")
    print(f"   -> {answer.status}" + (f", Retry-After: {retry} s" if retry else ""))
    print(f"      {json.dumps(answer.body, ensure_ascii=False)}")


def expect(condition: object, expected: str) -> None:
    """Fail the case unless `condition` holds.

    Raises:
        UnexpectedAnswerError: it does not.
    """
    if not condition:
        raise UnexpectedAnswerError(expected)


def somebody(email: str) -> dict[str, str]:
    """Return a sign-in of a user who has never signed in before."""
    return {**sample.SIGN_IN, "userId": f"demo-{uuid4()}", "email": email}


async def accepted(service: Service, email: str) -> Answer:
    """Post a new user's sign-in; it must be accepted."""
    answer = await service.post(somebody(email))
    expect(answer.status == HTTPStatus.ACCEPTED, "202")
    expect(answer.body["status"] == "enqueued", '"status": "enqueued"')
    return answer


async def enqueue(service: Service, email: str) -> None:
    """A sign-in is accepted."""
    await accepted(service, email)


async def status(service: Service, email: str) -> None:
    """Its job tells how far the mail is."""
    answer = await accepted(service, email)
    await service.until(answer.body["jobId"], "completed")


async def limit(service: Service, email: str) -> None:
    """A user's eleventh mail within an hour is refused."""
    sign_in = somebody(email)
    for _ in range(SIGN_INS_PER_HOUR):
        expect((await service.post(sign_in)).status == HTTPStatus.ACCEPTED, "202")
    refused = await service.post(sign_in)
    expect(refused.status == HTTPStatus.TOO_MANY_REQUESTS, "429")
    expect("Retry-After" in refused.headers, "a Retry-After header")


async def duplicate(service: Service, email: str) -> None:
    """A repeated request is detected."""
    sign_in, key = somebody(email), str(uuid4())
    first = await service.post(sign_in, idempotency_key=key)
    expect(first.status == HTTPStatus.ACCEPTED, "202")
    second = await service.post(sign_in, idempotency_key=key)
    expect(second.status == HTTPStatus.CONFLICT, "409")
    expect(second.body["jobId"] == first.body["jobId"], "the first job's id")


async def dead_letters(service: Service, email: str) -> None:
    """Operators see what could not be sent."""
    dead = None
    if email != SES_SIMULATOR:
        dead = (await accepted(service, REJECTED)).body["jobId"]
        await service.until(dead, "dlq")
    listed = await service.dead_letters()
    expect(listed.status == HTTPStatus.OK, "200")
    expect(listed.body["count"] == len(listed.body["jobs"]), "as many jobs as counted")
    if dead:
        expect(dead in {job["jobId"] for job in listed.body["jobs"]}, f"{dead} in the list")


CASES = (enqueue, status, limit, duplicate, dead_letters)


async def demonstrate(url: URL, *, email: str, key: str, admin_key: str) -> bool:
    """Go through all cases, with mails to `email`; return whether all went as they should."""
    failed = 0
    timeout = aiohttp.ClientTimeout(total=40)
    async with aiohttp.ClientSession(url, timeout=timeout) as session:
        service = Service(session, key=key, admin_key=admin_key)
        for number, case in enumerate(CASES, start=1):
            print(f"\n{number}. {case.__doc__}")
            try:
                await case(service, email)
            except UnexpectedAnswerError as unexpected:
                failed += 1
                print(f"   FAILED: expected {unexpected}")
            else:
                print("   ok")
    print(f"\n{len(CASES) - failed} of {len(CASES)} cases went as they should.")
    return not failed


def main() -> int:
    """Read URL, KEY and ADMIN_KEY from the environment; return the exit status."""
    key, admin_key = os.environ.get("KEY"), os.environ.get("ADMIN_KEY")
    try:
        url = URL(os.environ.get("URL") or LOCAL_URL).origin()
    except ValueError:
        print(f"URL= is an address with its scheme, such as {LOCAL_URL}", file=sys.stderr)
        return 2
    here = url.host in {"localhost", "127.0.0.1"}
    if here:
        email, key, admin_key = sample.SIGN_IN["email"], sample.PRODUCER_KEY, sample.ADMIN_KEY
    else:
        email = SES_SIMULATOR
    if not (key and admin_key):
        print(
            "Away from this machine, give both keys: make demo URL=... KEY=... ADMIN_KEY=...",
            file=sys.stderr,
        )
        return 2
    try:
        done = asyncio.run(demonstrate(url, email=email, key=key, admin_key=admin_key))
    except (aiohttp.ClientError, TimeoutError):
        hint = "Start it with `make local`" if here else "Check the address"
        print(f"\nNothing answers at {url}. {hint} and try again.", file=sys.stderr)
        return 1
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
