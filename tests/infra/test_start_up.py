"""What a door does before its first event: which modules it loads, and what it must not do.

No clock decides here: a cold start compiles all that it imports, so what is loaded is its cost.
"""

import tomllib
from pathlib import Path

import pytest

from tests.infra.alone import DOORS, run_alone

BUDGET = tomllib.loads((Path(__file__).parent / "import_budget.toml").read_text())

LOADED = """
import importlib, json
importlib.import_module(sys.argv[2])
print(json.dumps(sorted(sys.modules)))
"""

#: every call into C that tells the time, draws chance or speaks to the network
WATCHED = """
import importlib, json, threading
watched = {
    "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns",
    "localtime", "gmtime", "now", "utcnow", "today",
    "urandom", "getrandom", "getrandbits", "random", "seed", "generate_time_safe",
    "connect", "connect_ex", "getaddrinfo", "sendto", "sendall",
}
seen = []
def watch(frame, event, called):
    if event == "c_call" and called.__name__ in watched:
        seen.append([called.__name__, frame.f_globals.get("__name__")])
threading.setprofile(watch)
sys.setprofile(watch)
importlib.import_module(sys.argv[2])
sys.setprofile(None)
print(json.dumps(seen))
"""
#: calls on import that leave nothing behind which a door uses
HARMLESS = [
    ["time", "logging"],  # what `%(relativeCreated)d` counts from; no log line has it
    ["seed", "random"],  # botocore's jitter; ids, tokens and fences come from the system
    ["urandom", "multiprocessing.process"],  # the key of child processes; there are none
    ["localtime", "dateutil.parser._parser"],  # the century of years with two digits
]


@pytest.fixture(scope="module", params=DOORS)
def door(request):
    return request.param


@pytest.fixture(scope="module")
def loaded(door, laptop_bundle):
    return set(run_alone(laptop_bundle, LOADED, f"functions.{door}"))


def test_a_door_loads_only_packages_of_its_budget(door, loaded, laptop_bundle):
    shipped = {path.name.partition(".")[0] for path in laptop_bundle.iterdir()}
    packages = {name.partition(".")[0] for name in loaded} & shipped - {"functions"}
    allowed = {*BUDGET["every_door"], *BUDGET["packages"].get(door, [])}
    assert packages == allowed, (
        f"The cold start of {door} imports other packages than before. Import a new one where it "
        "is needed, if that is rare; else write it into tests/infra/import_budget.toml, with what "
        "`python -m bench cold_start` says before and after. Strike what is gone."
    )


def test_a_door_loads_no_heavy_module_beyond_its_budget(door, loaded):
    heavy = loaded & {name for names in BUDGET["heavy"].values() for name in names}
    allowed = {name for names in BUDGET["allowed"].get(door, []) for name in BUDGET["heavy"][names]}
    assert heavy <= allowed, (
        f"The cold start of {door} loads what it did without. Import it where it is needed, or "
        "allow it in tests/infra/import_budget.toml, with the figures that justify it."
    )


def test_a_door_reads_no_clock_draws_no_chance_and_calls_nobody(door, laptop_bundle):
    """A snapshot of an initialised process would be restored many times, and long after."""
    seen = run_alone(laptop_bundle, WATCHED, f"functions.{door}")
    assert [call for call in seen if call not in HARMLESS] == []


def test_no_secret_is_read_for_smtp_before_the_first_mail(laptop_bundle):
    smtp = {"MAIL_TRANSPORT": "smtp", "SMTP_CREDENTIALS_SECRET_ARN": "relay"}
    seen = run_alone(laptop_bundle, WATCHED, "functions.worker", **smtp)
    assert [call for call in seen if call not in HARMLESS] == []
