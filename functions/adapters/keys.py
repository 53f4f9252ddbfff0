"""Who may open which door: keys from Secrets Manager, both versions of each."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from functions.domain.errors import KeyForAnotherDoor, Unauthenticated, Unavailable
from functions.domain.ports import Clock

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

#: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_VERSIONS: Final = ("AWSCURRENT", "AWSPREVIOUS")
_MAX_AGE_MS: Final = 5 * 60 * 1000
#: a key that does not match may be newer than ours, but must not cost a call each time
_MISMATCH_AGE_MS: Final = 15 * 1000


class Role(StrEnum):
    """Whose key it is."""

    PRODUCER = "producer"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cached:
    values: tuple[bytes, ...]
    read_at_ms: int


class Keys:
    """The keys of all doors, each read when it is first asked for."""

    def __init__(
        self, client: "SecretsManagerClient", *, secrets: dict[Role, str], clock: Clock
    ) -> None:
        self._client = client
        self._secrets = secrets
        self._clock = clock
        self._cache: dict[Role, _Cached] = {}

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
        if any(self._matches(role, presented) for role in Role if role in allowed):
            return
        if any(self._matches(role, presented) for role in Role if role not in allowed):
            raise KeyForAnotherDoor
        raise Unauthenticated

    def _matches(self, role: Role, presented: bytes) -> bool:
        return self._is_one_of(
            self._values(role, max_age_ms=_MAX_AGE_MS), presented
        ) or self._is_one_of(self._values(role, max_age_ms=_MISMATCH_AGE_MS), presented)

    @staticmethod
    def _is_one_of(values: tuple[bytes, ...], presented: bytes) -> bool:
        return any(hmac.compare_digest(value, presented) for value in values)

    def _values(self, role: Role, *, max_age_ms: int) -> tuple[bytes, ...]:
        cached = self._cache.get(role)
        if cached is None or self._clock() - cached.read_at_ms > max_age_ms:
            cached = _Cached(values=self._read(self._secrets[role]), read_at_ms=self._clock())
            self._cache[role] = cached
        return cached.values

    def _read(self, secret: str) -> tuple[bytes, ...]:
        values: list[bytes] = []
        for version in _VERSIONS:
            try:
                answer = self._client.get_secret_value(SecretId=secret, VersionStage=version)
            except self._client.exceptions.ResourceNotFoundException:
                # A secret that was never rotated has no previous version.
                if version == "AWSCURRENT":
                    raise
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The keys can't be read now.") from error
            else:
                values.append(answer["SecretString"].encode())
        return tuple(values)
