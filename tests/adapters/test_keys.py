"""Who may open which door, through rotations, outages and rubbish."""

import pytest
from botocore.exceptions import ConnectTimeoutError

from functions.adapters.keys import Keys, Role
from functions.domain.errors import KeyForAnotherDoor, Unauthenticated, Unavailable
from tests.fakes import VirtualClock

PRODUCER, ADMIN = "producer-key", "admin-key"
MINUTE_MS = 60_000


class Secrets:
    """Secrets Manager, with its calls counted."""

    def __init__(self, client):
        self._client = client
        self.exceptions = client.exceptions
        self.reads = []
        self.are_silent = False
        self.ids = {
            role: client.create_secret(Name=role, SecretString=f"{role}-key")["ARN"]
            for role in Role
        }

    def get_secret_value(self, **request):
        self.reads.append((request["SecretId"], request["VersionStage"]))
        if self.are_silent:
            raise ConnectTimeoutError(endpoint_url="https://secretsmanager")
        return self._client.get_secret_value(**request)

    def rotate(self, role, value):
        self._client.put_secret_value(SecretId=self.ids[role], SecretString=value)


@pytest.fixture
def secrets(aws):
    return Secrets(aws("secretsmanager"))


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def keys(secrets, clock):
    return Keys(secrets, secrets=secrets.ids, clock=clock)


def present(keys, key, *allowed):
    keys.check(f"Bearer {key}", allowed=allowed or {Role.PRODUCER})


def refused(keys, key):
    with pytest.raises(Unauthenticated):
        present(keys, key)


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        (PRODUCER, {Role.PRODUCER}),
        (ADMIN, {Role.ADMIN}),
        (PRODUCER, {Role.PRODUCER, Role.ADMIN}),
        (ADMIN, {Role.PRODUCER, Role.ADMIN}),
    ],
)
def test_a_key_opens_the_doors_of_its_role(keys, key, allowed):
    keys.check(f"Bearer {key}", allowed=allowed)


@pytest.mark.parametrize(("key", "allowed"), [(ADMIN, Role.PRODUCER), (PRODUCER, Role.ADMIN)])
def test_a_key_of_another_role_is_told_apart_from_none(keys, key, allowed):
    with pytest.raises(KeyForAnotherDoor):
        present(keys, key, allowed)


@pytest.mark.parametrize("header", ["bearer {}", "BEARER {}", "Bearer   {}", " Bearer {} "])
def test_scheme_and_spaces_are_read_as_http_means_them(keys, header):
    keys.check(header.format(PRODUCER), allowed={Role.PRODUCER})


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "Bearer",
        "Bearer ",
        PRODUCER,
        f"Basic {PRODUCER}",
        f"Bearer{PRODUCER}",
        f"Bearer: {PRODUCER}",
        f"Bearer Bearer {PRODUCER}",
        f"Bearer {PRODUCER}, Bearer {PRODUCER}",
    ],
)
def test_without_a_bearer_key_nobody_is_let_in(keys, header):
    with pytest.raises(Unauthenticated):
        keys.check(header, allowed={Role.PRODUCER})


def test_a_request_without_a_key_costs_no_call(keys, secrets):
    for header in (None, "", "Basic abc", "Bearer "):
        with pytest.raises(Unauthenticated):
            keys.check(header, allowed={Role.PRODUCER})
    assert secrets.reads == []


@pytest.mark.parametrize(
    "key",
    [
        "another-key",
        PRODUCER[:-1],
        PRODUCER + "x",
        PRODUCER.upper(),
        "түлхүүр",
        "\x00",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_a_key_that_nobody_has_is_refused(keys, key):
    refused(keys, key)


def test_a_key_may_hold_any_character(keys, secrets):
    secrets.rotate(Role.PRODUCER, "түлхүүр")
    present(keys, "түлхүүр")


def test_the_key_before_a_rotation_is_still_accepted(keys, secrets):
    secrets.rotate(Role.PRODUCER, "second")
    present(keys, "second")
    present(keys, PRODUCER)


def test_after_two_rotations_a_leaked_key_is_refused(keys, secrets):
    secrets.rotate(Role.PRODUCER, "second")
    secrets.rotate(Role.PRODUCER, "third")
    present(keys, "second")
    present(keys, "third")
    refused(keys, PRODUCER)


def test_both_versions_are_read_once_and_kept_for_five_minutes(keys, secrets, clock):
    for _ in range(3):
        present(keys, PRODUCER)
    clock.advance(5 * MINUTE_MS)
    present(keys, PRODUCER)
    arn = secrets.ids[Role.PRODUCER]
    assert secrets.reads == [(arn, "AWSCURRENT"), (arn, "AWSPREVIOUS")]


def test_a_key_rotated_away_twice_is_refused_after_five_minutes(keys, secrets, clock):
    present(keys, PRODUCER)
    secrets.rotate(Role.PRODUCER, "second")
    secrets.rotate(Role.PRODUCER, "third")
    clock.advance(5 * MINUTE_MS)
    present(keys, PRODUCER)
    clock.advance(1)
    refused(keys, PRODUCER)


def test_a_new_key_is_accepted_as_soon_as_what_is_kept_is_older_than_15_s(keys, secrets, clock):
    present(keys, PRODUCER)
    secrets.rotate(Role.PRODUCER, "second")
    clock.advance(15_000)
    refused(keys, "second")
    clock.advance(1)
    present(keys, "second")


def test_wrong_keys_cost_one_reading_each_15_s(keys, secrets, clock):
    refused(keys, "wrong")
    first = len(secrets.reads)
    for _ in range(20):
        refused(keys, "wrong")
    assert len(secrets.reads) == first
    clock.advance(15_001)
    for _ in range(20):
        refused(keys, "wrong")
    assert len(secrets.reads) == 2 * first


def test_a_key_that_is_right_costs_no_reading_of_another_roles(keys, secrets):
    present(keys, PRODUCER)
    assert secrets.ids[Role.ADMIN] not in dict(secrets.reads)


@pytest.mark.parametrize(
    "silence", ["hangs", "resets", "closes", lambda service: service.answers(500, b"")]
)
def test_without_secrets_manager_nobody_is_judged(service, client_of, silence):
    getattr(service, silence)() if isinstance(silence, str) else silence(service)
    keys = Keys(
        client_of("secretsmanager", service.url),
        secrets=dict.fromkeys(Role, "arn"),
        clock=VirtualClock(),
    )
    with pytest.raises(Unavailable):
        present(keys, PRODUCER)


def test_in_an_outage_of_secrets_manager_kept_keys_are_good_and_others_are_not_judged(
    keys, secrets, clock
):
    present(keys, PRODUCER)
    secrets.are_silent = True
    clock.advance(5 * MINUTE_MS)
    present(keys, PRODUCER)
    with pytest.raises(Unavailable):
        present(keys, "wrong")
    clock.advance(1)
    with pytest.raises(Unavailable):
        present(keys, PRODUCER)


def test_while_a_secret_does_not_exist_nobody_is_judged(aws, clock):
    client = aws("secretsmanager")
    keys = Keys(client, secrets=dict.fromkeys(Role, "a-secret"), clock=clock)
    with pytest.raises(Unavailable):
        present(keys, PRODUCER)
    client.create_secret(Name="a-secret", SecretString=PRODUCER)
    present(keys, PRODUCER)


def test_while_a_secret_is_no_text_nobody_is_judged(aws, clock):
    client = aws("secretsmanager")
    client.create_secret(Name="a-secret", SecretBinary=b"\xff")
    keys = Keys(client, secrets=dict.fromkeys(Role, "a-secret"), clock=clock)
    with pytest.raises(Unavailable):
        present(keys, PRODUCER)


@pytest.mark.parametrize("key", [PRODUCER, "x" + PRODUCER[1:], PRODUCER[:-1], "x", "түлхүүр"])
def test_nothing_but_a_comparison_in_constant_time_judges_a_key(keys, monkeypatch, key):
    monkeypatch.setattr("hmac.compare_digest", lambda *_: False)
    refused(keys, key)
    monkeypatch.setattr("hmac.compare_digest", lambda *_: True)
    present(keys, key)
