"""AWS's own command line takes a command: its operation, options, values and query.

It runs up to the request that it would send, which is answered here, from the service's model.
"""

import argparse
import contextlib
import io
import json
import re
from http import HTTPStatus
from unittest import mock

from awscli.argparser import CLIArgParser
from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.exceptions import UnknownServiceError
from botocore.response import StreamingBody
from botocore.utils import ArgumentGenerator

from tests.docs.shell import PLACEHOLDER


class _AnyKey(dict):
    """A map that has whatever a query asks of it."""

    def get(self, key, default=None):
        del key, default
        return next(iter(self.values()))


class _Invented(ArgumentGenerator):
    """An example of an answer, with one element in each list."""

    def _generate_skeleton(self, shape, stack, name=""):
        if shape.type_name == "blob":
            return "blob"
        return super()._generate_skeleton(shape, stack, name)

    def _generate_type_map(self, shape, stack):
        return _AnyKey(super()._generate_type_map(shape, stack))


def _answer(model, **_):
    parsed = _Invented().generate_skeleton(model.output_shape) if model.output_shape else {}
    if model.has_streaming_output:
        payload = model.output_shape.serialization["payload"]
        parsed[payload] = StreamingBody(io.BytesIO(b"{}"), 2)
    return AWSResponse("https://aws.example", HTTPStatus.OK, {}, None), parsed


def _values(shape, value):
    """Return each text in what a request says, with its shape in the service's model."""
    if shape.type_name == "structure":
        found = [_values(shape.members[name], value[name]) for name in value]
    elif shape.type_name == "list":
        found = [_values(shape.member, each) for each in value]
    elif shape.type_name == "map":
        found = [_values(shape.value, each) for each in value.values()]
    else:
        return [(shape, value)]
    return [pair for pairs in found for pair in pairs]


def _only_what_is_listed(params, model, **_):
    """Refuse what is none of a list of values, which the command line leaves to the service."""
    for shape, value in _values(model.input_shape, params) if model.input_shape else ():
        listed = getattr(shape, "enum", None)
        if listed and value not in {*listed, PLACEHOLDER}:
            raise ValueError(f"{value} is none of {', '.join(listed)}")


def tail_options(arguments):
    """Read `aws logs tail`, which version 2 alone has.

    https://docs.aws.amazon.com/cli/latest/reference/logs/tail.html
    """
    parser = argparse.ArgumentParser("aws logs tail", allow_abbrev=False)
    parser.add_argument("group_name")
    parser.add_argument("--since", default="10m")
    parser.add_argument("--follow", action="store_true")
    parser.add_argument("--format", choices=["detailed", "short", "json"], default="detailed")
    parser.add_argument("--filter-pattern")
    parser.add_argument("--log-stream-names", nargs="+")
    return parser.parse_args(arguments)


def _filled(session, arguments):
    """Put an example where the shell would put a whole structure or list."""
    service, operation, *options = arguments
    model = session.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    members = {f"--{xform_name(name, '-')}": member for name, member in shape.members.items()}
    filled = list(options)
    for at in range(1, len(options)):
        member = members.get(options[at - 1])
        structured = member and member.type_name in {"structure", "list", "map"}
        if structured and options[at] == PLACEHOLDER:
            filled[at] = json.dumps(
                ArgumentGenerator(use_member_names=True).generate_skeleton(member), default=str
            )
    return [service, operation, *filled]


def _asked(session, arguments):
    """Put what it asks in the place of a command that waits: it would wait for an invention."""
    service, operation, *options = arguments
    if operation != "wait":
        return arguments
    waiters = session.get_waiter_model(service)
    named = {xform_name(name, "-"): name for name in waiters.waiter_names}
    asked = waiters.get_waiter(named[options[0]]).operation
    return [service, xform_name(asked, "-"), *options[1:]]


def refusal(arguments):
    """Return what `aws` says against these arguments; nothing if it would send the request."""
    said = io.StringIO()
    with (
        contextlib.redirect_stderr(said),
        contextlib.redirect_stdout(io.StringIO()) as printed,
        # version 2 takes no abbreviated option
        mock.patch.object(CLIArgParser, "_get_option_tuples", return_value=[]),
    ):
        try:
            if arguments[:2] == ["logs", "tail"]:
                tail_options(arguments[2:])
                return ""
            driver = create_clidriver()
            driver.session.register("before-parameter-build", _only_what_is_listed)
            driver.session.register("before-call", _answer)
            status = driver.main(_filled(driver.session, _asked(driver.session, arguments)))
        except SystemExit as end:
            status = end.code
        except (KeyError, UnknownServiceError) as unknown:
            return f"no such command: {unknown}"
    if status:
        # the rest of it is how commands are written
        return "\n".join(said.getvalue().strip().splitlines()[-1:]) or f"status {status}"
    if "--query" in arguments and re.search(r"\b(None|null)\b", printed.getvalue()):
        query = arguments[arguments.index("--query") + 1]
        return f"the query finds nothing, or not all, in an answer: {query}"
    return ""
