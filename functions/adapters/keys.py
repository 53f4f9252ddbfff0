"""Who may open which door: keys from Secrets Manager, both versions of each."""

import hmac
from collections.abc import Collection
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from functions.adapters.rotating_secret import RotatingSecret
from functions.domain.errors import KeyForAnotherDoor, Unauthenticated
from functions.domain.ports import Clock

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


class Role(StrEnum):
    """Whose key it is."""

    PRODUCER = "producer"
    ADMIN = "admin"


class Keys:
    """The keys of all doors, each read when it is first asked for."""

    def __init__(
        self, client: "SecretsManagerClient", *, secrets: dict[Role, str], clock: Clock
    ) -> None:
        self._secrets = {
            role: RotatingSecret(client, secret_id=secret_id, clock=clock)
            for role, secret_id in secrets.items()
        }

    def check(self, authorization: str | None, *, allowed: Collection[Role]) -> None:
        """Let a request pass whose `Authorization: Bearer` key is of an allowed role.

        Raises:
            Unauthenticated: no key, or one that nobody has.
            KeyForAnotherDoor: a valid key of another role.
            Unavailable: the keys can't be read now.
        """
        scheme, _, key = (authorization or "").strip().partition(" ")
        # A lone surrogate is no text, but can stand in an event; it equals no key.
        presented = key.strip().encode(errors="surrogatepass")
        if scheme.lower() != "bearer" or not presented:
            raise Unauthenticated
        is_presented = partial(hmac.compare_digest, presented)
        if any(self._secrets[role].fits(is_presented) for role in Role if role in allowed):
            return
        if any(self._secrets[role].fits(is_presented) for role in Role if role not in allowed):
            raise KeyForAnotherDoor
        raise Unauthenticated
