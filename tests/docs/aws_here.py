"""`aws` in the runbook's terminal: AWS's own command line, and what is not in the one we have.

Ours is version 1, which has no `logs tail`; that one is done here, by the operation that version 2
asks as well. The emulator does not know the optional terms of a filter, so filters are done here
too. What it does not have at all is noted in the file that `REFUSED` names, and is no failure.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from awscli.clidriver import create_clidriver

from tests.docs.aws_command import tail_options

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
#: how the emulator answers what it does not know; the last is a service that it does not know
_UNKNOWN = re.compile(
    r"\((InvalidAction|UnknownOperation\w*)\)|Unknown (SES v2 path|action|path)"
    r"|\(400\) when calling the \w+ operation: $",
    re.MULTILINE,
)


def fits(pattern, message):
    """Tell whether a message has the terms of a pattern: all of them, or one of those with `?`.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    terms = shlex.split(pattern)
    optional = [term[1:] for term in terms if term.startswith("?")]
    if optional and len(optional) < len(terms):
        raise ValueError(f"AWS ignores the optional terms beside the others: {pattern}")
    if optional:
        return any(term in message for term in optional)
    return all(term in message for term in terms)


def _tail(arguments):
    options = tail_options(arguments)
    number, unit = re.fullmatch(r"(\d+)([smhdw])", options.since).groups()
    since = time.time() - timedelta(**{_UNITS[unit]: int(number)}).total_seconds()
    pages = boto3.client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=options.group_name, startTime=int(since * 1000)):
        for event in page["events"]:
            if fits(options.filter_pattern or "", event["message"]):
                moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                print(f"{moment:%FT%T} {event['message'].rstrip()}")  # noqa: T201 - its output
    return 0


def main(arguments):
    """Do one command; return its exit status."""
    if arguments[:2] == ["logs", "tail"]:
        return _tail(arguments[2:])
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            # named, since version 1 has an address of its own for SQS in some regions
            endpoint = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
            status = create_clidriver().main([*endpoint, *arguments])
    except SystemExit as end:
        status = end.code
    unknown = _UNKNOWN.search(said.getvalue())
    if status:
        # the shell drops the status of a command within another one's arguments
        with Path(os.environ["REFUSED"]).open("a") as refused:
            refused.write(
                " ".join([*arguments[:2], "" if unknown else said.getvalue()]).strip() + "\n"
            )
    if unknown:
        return 0
    sys.stderr.write(said.getvalue())
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
