"""A secret of Secrets Manager that rotates without an outage: two of its versions are good."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from functions.domain.errors import Unavailable
from functions.domain.ports import Clock

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

#: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_VERSIONS: Final = ("AWSCURRENT", "AWSPREVIOUS")
_MAX_AGE_MS: Final = 5 * 60 * 1000
#: what does not match may be newer than ours, but must not cost a call each time
_MISMATCH_AGE_MS: Final = 15 * 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cached:
    values: tuple[bytes, ...]
    read_at_ms: int


class RotatingSecret:
    """The current and the previous value, read when they are first asked for."""

    def __init__(self, client: "SecretsManagerClient", *, secret_id: str, clock: Clock) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._cached: _Cached | None = None

    def current(self) -> bytes:
        """Return the current value, as it was at most 5 minutes ago.

        Raises:
            Unavailable: it can't be read now.
        """
        return self._values(max_age_ms=_MAX_AGE_MS)[0]

    def fits(self, test: Callable[[bytes], bool]) -> bool:
        """Tell whether one of both values passes; if none does, also after a look for newer ones.

        Raises:
            Unavailable: they can't be read now.
        """
        return any(map(test, self._values(max_age_ms=_MAX_AGE_MS))) or any(
            map(test, self._values(max_age_ms=_MISMATCH_AGE_MS))
        )

    def _values(self, *, max_age_ms: int) -> tuple[bytes, ...]:
        cached = self._cached
        if cached is None or self._clock() - cached.read_at_ms > max_age_ms:
            cached = _Cached(values=self._read(), read_at_ms=self._clock())
            self._cached = cached
        return cached.values

    def _read(self) -> tuple[bytes, ...]:
        values: list[bytes] = []
        for version in _VERSIONS:
            try:
                answer = self._client.get_secret_value(
                    SecretId=self._secret_id, VersionStage=version
                )
            except self._client.exceptions.ResourceNotFoundException as error:
                # A secret that was never rotated has no previous version.
                if version == "AWSCURRENT":
                    raise Unavailable(
                        "There is no such secret, until somebody mends it."
                    ) from error
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The secret can't be read now.") from error
            else:
                if "SecretString" not in answer:
                    raise Unavailable("The secret is no text, until somebody mends it.")
                values.append(answer["SecretString"].encode())
        return tuple(values)
