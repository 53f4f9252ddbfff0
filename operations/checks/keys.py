"""Secrets Manager: are the keys there, readable, and not the same?"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Final

from botocore.exceptions import ClientError

from operations.findings import Finding, answered, unknown, well, wrong
from operations.stage import Stage

_KEYS: Final = ("ProducerKey", "AdminKey", "LinkKey")


def look_at_keys(stage: Stage) -> Iterator[Finding]:
    """Read every secret that a function reads, and show none."""
    values: dict[str, str] = {}
    for name in _KEYS:
        arn = stage.output(f"{name}Command").rpartition("--secret-id ")[2]
        yield from answered("keys", partial(_readable, stage, name, arn, values))
    if len(set(values.values())) < len(values):
        yield wrong("keys", "two of them are the same. Rotate: docs/OPERATIONS.md, Key rotation.")
    config = stage.config
    if arn := config.report_target_key_secret_arn:
        name = "report_target_key_secret_arn"
        yield from answered("keys", partial(_readable, stage, name, arn, {}))
    if config.mail_transport == "smtp" and (arn := config.smtp_credentials_secret_arn):
        yield from answered("keys", partial(_login, stage, arn))


def _readable(stage: Stage, name: str, arn: str, values: dict[str, str]) -> Iterator[Finding]:
    client = stage.secrets_client()
    try:
        value = client.get_secret_value(SecretId=arn).get("SecretString")
    except client.exceptions.ResourceNotFoundException:
        yield wrong("keys", f"{name} has no value. What to do: docs/OPERATIONS.md, Signing key.")
    except client.exceptions.InvalidRequestException:
        restore = f"aws secretsmanager restore-secret --region {stage.region} --secret-id {arn}"
        yield wrong("keys", f"{name} is about to be deleted. Restore it: {restore}")
    except ClientError as error:
        if "AccessDenied" not in error.response["Error"]["Code"]:
            raise
        yield unknown(
            "keys", f"your credentials may not read {name}; the functions may all the same."
        )
    else:
        if not value:
            yield wrong("keys", f"{name} is no text. Rotate it: docs/OPERATIONS.md, Key rotation.")
            return
        values[name] = value
        yield well("keys", f"{name} is readable.")


def _login(stage: Stage, arn: str) -> Iterator[Finding]:
    values: dict[str, str] = {}
    name = "smtp_credentials_secret_arn"
    [found] = _readable(stage, name, arn, values)
    if name in values and not _is_login(values[name]):
        shape = '{"username": "...", "password": "..."}'
        found = wrong("keys", f"{name} leads to a secret that is no login. Write {shape} into it.")
    yield found


def _is_login(text: str) -> bool:
    try:
        login = json.loads(text)
    except ValueError:
        return False
    return isinstance(login, dict) and login.keys() == {"username", "password"}
