"""The API and the report page, as strangers reach them."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from operations.findings import Finding, well, wrong
from operations.stage import Stage

TIMEOUT_S: Final = 30
#: as long as a token and as well formed, so that the function has to read the key to refuse it
_NO_TOKEN: Final = f"AQ{'A' * 70}"
#: our own answers carry it, and a stranger's page does not
_OURS: Final = "urn:signin-notifier:problem:"


def look_at_answers(stage: Stage) -> Iterator[Finding]:
    """Call both with keys that nobody has: whoever refuses them has read the real ones."""
    api = _reachable(stage, stage.output("ApiUrl"))
    status, headers, body = _get(
        f"{api}/api/jobs/signin-doctor", authorization="Bearer nobody", emulated=stage.emulated
    )
    if status == HTTPStatus.UNAUTHORIZED and _OURS in body:
        yield well("API", "it answers, and refuses a key that nobody has.")
    else:
        yield wrong("API", f"{api} {_unexpected(status, body)} `errors Api` tells more.")
    pages = _reachable(stage, stage.output("PublicUrl"))
    status, headers, body = _get(f"{pages}/report/{_NO_TOKEN}", emulated=stage.emulated)
    if status == HTTPStatus.NOT_FOUND and headers.get("x-robots-tag") == "noindex":
        yield well("links", f"{pages} shows the report page.")
    else:
        yield wrong(
            "links",
            f"{pages} {_unexpected(status, body)} The links in mails lead there:"
            " docs/OPERATIONS.md, A custom domain; `errors Report` tells more.",
        )


def _reachable(stage: Stage, url: str) -> str:
    if not stage.emulated or url != stage.output("ApiUrl"):
        return url
    # the name that an emulator gives an API resolves nowhere
    emulator = stage.client_options["endpoint_url"]
    return f"{emulator}/_aws/execute-api/{stage.output('ApiId')}/$default"


def _get(
    url: str, *, authorization: str = "", emulated: bool
) -> tuple[int | None, Mapping[str, str], str]:
    """Return status, headers in lower case and body; without a status the reason instead of it."""
    request = Request(url, headers={"Authorization": authorization} if authorization else {})  # noqa: S310 - the settings allow http and https only
    # A proxy of the user's network does not lead to this machine.
    opener = build_opener(ProxyHandler({})) if emulated else build_opener()
    try:
        answer = opener.open(request, timeout=TIMEOUT_S)
    except HTTPError as error:
        answer = error
    except (URLError, TimeoutError) as error:
        return None, {}, str(error)
    with answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, headers, answer.read().decode(errors="replace")


def _unexpected(status: int | None, body: str) -> str:
    if status is None:
        return f"was not reached: {body}."
    return f"answered {status}, which is not ours."
