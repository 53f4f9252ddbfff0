"""Leaves the shared stack as it was, whatever is typed meanwhile, or says what is not."""

import json
from contextlib import contextmanager

from tests.e2e.process import wait_until

#: what AWS lists, and what of it a command may have changed
_LISTED = {
    ("acm", "list_certificates", "CertificateSummaryList"): ["DomainName"],
    ("apigatewayv2", "get_domain_names", "Items"): ["DomainName"],
    ("cloudformation", "describe_stacks", "Stacks"): ["StackName", "EnableTerminationProtection"],
    ("dynamodb", "list_backups", "BackupSummaries"): ["BackupName"],
    ("events", "list_rules", "Rules"): ["Name", "State"],
    ("lambda", "list_event_source_mappings", "EventSourceMappings"): ["EventSourceArn", "State"],
    ("lambda", "list_functions", "Functions"): [
        *("FunctionName", "Description", "Environment", "MemorySize", "Timeout"),
    ],
    ("secretsmanager", "list_secrets", "SecretList"): ["Name"],
    ("sesv2", "list_email_identities", "EmailIdentities"): ["IdentityName"],
}


@contextmanager
def put_back(stack):
    """Put back the keys, the worker, the functions and who may send; fail if more was changed."""
    before = _listed(stack)
    with _keys(stack), _worker(stack), _descriptions(stack), _identities(stack):
        yield
    changed = before ^ _listed(stack)
    assert not changed, f"not put back: {sorted(changed)}"


def _listed(stack):
    return {
        json.dumps({name: each.get(name) for name in names}, sort_keys=True)
        for (service, operation, key), names in _LISTED.items()
        for each in getattr(stack.client(service), operation)()[key]
    }


@contextmanager
def _identities(stack):
    client = stack.client("sesv2")

    def known():
        listed = client.list_email_identities()["EmailIdentities"]
        return {each["IdentityName"] for each in listed}

    before = known()
    try:
        yield
    finally:
        for name in known() - before:
            client.delete_email_identity(EmailIdentity=name)
        for name in before - known():
            client.create_email_identity(EmailIdentity=name)


@contextmanager
def _keys(stack):
    secrets = stack.client("secretsmanager")
    names = [f"{name}KeyCommand" for name in ("Producer", "Admin", "Link")]
    ids = [stack.outputs[name].split()[-1] for name in names]
    before = {each: secrets.get_secret_value(SecretId=each)["SecretString"] for each in ids}
    try:
        yield
    finally:
        _put_back_keys(stack, secrets, before)


def _put_back_keys(stack, secrets, before):
    for secret_id, value in before.items():
        if secrets.describe_secret(SecretId=secret_id).get("DeletedDate"):
            secrets.restore_secret(SecretId=secret_id)
        if secrets.get_secret_value(SecretId=secret_id)["SecretString"] != value:
            secrets.put_secret_value(SecretId=secret_id, SecretString=value)
    for key, path in ((stack.producer_key, "jobs/none"), (stack.admin_key, "admin/stats")):
        _until_known(stack, key, path)


def _until_known(stack, key, path):
    wait_until(
        lambda: stack.call("GET", f"/api/{path}", key=key).status_code != 401,
        seconds=60,
        what=f"the key of /api/{path} known again",
    )


@contextmanager
def _worker(stack):
    functions, source = stack.client("lambda"), stack.outputs["WorkerEventSourceMappingId"]

    def running():
        return functions.get_event_source_mapping(UUID=source)["State"] == "Enabled"

    try:
        yield
    finally:
        if not running():
            functions.update_event_source_mapping(UUID=source, Enabled=True)
        wait_until(running, seconds=60, what="the worker running")


@contextmanager
def _descriptions(stack):
    functions = stack.client("lambda")
    before = functions.list_functions()["Functions"]
    try:
        yield
    finally:
        now = {each["FunctionName"]: each for each in functions.list_functions()["Functions"]}
        for each in before:
            if now[each["FunctionName"]]["Description"] != each["Description"]:
                functions.update_function_configuration(
                    FunctionName=each["FunctionName"], Description=each["Description"]
                )
