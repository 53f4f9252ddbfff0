"""Every AWS command that an operator is told to copy is one that the AWS command line has."""

import re
import shlex

import jmespath
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.waiter import WaiterModel

from infra.config import ROOT

RUNBOOK = (ROOT / "docs" / "OPERATIONS.md").read_text()
#: of the command line itself, whatever it is asked
GLOBAL = {"--output", "--query", "--region", "--profile"}
#: commands of the command line itself, which the services' models don't know
CUSTOM = {
    ("logs", "tail"): {"--since", "--format", "--filter-pattern"},
    ("sso", "login"): set(),
}
_COMMAND = re.compile(r"\baws ([a-z0-9]+) ([a-z0-9-]+)((?:\\\n|[^\n`|;#)])*)")
_SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")


def commands():
    """Every `aws service operation --option...` on the page, those within others as well."""
    texts, outer = [], RUNBOOK
    while found := _SUBSTITUTION.search(outer):
        texts.append(found[1])
        outer = f"{outer[: found.start()]}VALUE{outer[found.end() :]}"
    return [
        pytest.param(
            service,
            operation,
            rest,
            set(re.findall(r"(?<![\w-])--[a-z0-9-]+", rest)),
            id=f"{service} {operation}",
        )
        for text in [outer, *texts]
        for service, operation, rest in _COMMAND.findall(text)
    ]


def model_of(service):
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def test_there_are_many():
    assert len(commands()) > 30


@pytest.mark.parametrize(("service", "operation", "rest", "options"), commands())
def test_a_command_has_the_options_that_it_is_given(service, operation, rest, options):
    if (service, operation) in CUSTOM:
        assert options <= CUSTOM[service, operation] | GLOBAL
        return
    if operation == "wait":
        waiter, *_ = shlex.split(rest.replace("\\\n", " "))
        waiters = WaiterModel(Loader().load_service_model(service, "waiters-2"))
        names = {xform_name(name, "-"): waiters.get_waiter(name) for name in waiters.waiter_names}
        operation = xform_name(names[waiter].operation, "-")
    model = model_of(service)
    by_name = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(by_name[operation]).input_shape
    members = shape.members if shape else {}
    known = {f"--{xform_name(name, '-')}" for name in members}
    known |= {
        f"--no-{xform_name(name, '-')}"
        for name, member in members.items()
        if member.type_name == "boolean"
    }
    assert options <= known | GLOBAL
    required = {f"--{xform_name(name, '-')}" for name in (shape.required_members if shape else ())}
    given = {option.replace("--no-", "--") for option in options}
    assert required <= given


def test_every_query_is_one_that_the_command_line_can_read():
    queries = re.findall(r"""--query ['"]?((?<=')[^']+|(?<=")[^"]+|[\w.]+)""", RUNBOOK)
    assert len(queries) > 15
    for query in queries:
        jmespath.compile(query)
