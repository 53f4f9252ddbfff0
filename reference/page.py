"""The quick reference, made of what runs: nothing in it is written by hand but its headings."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, get_args

from functions.answers import PROBLEMS, unforeseen, unknown_route
from functions.domain.model import ErrorClass, Status
from infra.config import ROOT, StageConfig
from infra.monitoring.alarms import RUNBOOK
from infra.throttling import Throttling
from openapi.document import document
from reference.alarms import condition, rules_by_section
from reference.comments import comments_of

_TARGET: Final = re.compile(r"^([a-z-]+):.*## (.*)$", re.MULTILINE)
_OF_ANY_ROUTE: Final = {"429", "500", "503"}
_HEAD: Final = """# Quick reference

Made by `make reference` of what runs. What the words mean: [DESIGN.md](DESIGN.md).
Bodies and answers: [API.md](API.md).
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            _HEAD,
            _section("Commands of `make`", ("", "", ""), _beside(_commands(), 3)),
            _section("Routes", ("route", "key", "", "answers, beside 429, 500, 503"), _routes()),
            _section("Errors, by status and `type`", ("", "", "", ""), _beside(_problems(), 4)),
            _section("Outcomes", ("`status`", "", "`errorClass`"), _outcomes()),
            _section(
                "Settings",
                ("[`stages/*.toml`](../stages/prod.toml)", "", "", ""),
                _beside(_settings(), 4),
            ),
            _section("Alarms", ("", "", ""), _beside(_alarms(), 3)),
        ]
    )


def _section(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    table = [columns, ("---",) * len(columns), *rows]
    cells = [[cell.strip().replace("|", r"\|") for cell in row] for row in table]
    return "\n".join([f"## {heading}", "", *(f"| {' | '.join(row)} |" for row in cells), ""])


def _beside(entries: Iterable[tuple[str, ...]], columns: int) -> Iterator[tuple[str, ...]]:
    """Set entries side by side, to be read down each column."""
    listed = list(entries)
    height = -(-len(listed) // columns)
    nothing = ("",) * len(listed[0])
    for row in range(height):
        side_by_side = listed[row::height] + [nothing] * columns
        yield tuple(chain.from_iterable(side_by_side[:columns]))


def _commands() -> Iterator[tuple[str]]:
    for target, what in _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")):
        yield (f"`{target}` {what}",)


def _routes() -> Iterator[tuple[str, str, str, str]]:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            if method == "head":  # beside its GET
                continue
            methods = "GET, HEAD" if method == "get" and "head" in operations else method.upper()
            key = "" if operation.get("security") == [] else _key(method, path)
            what = re.split("[,:]", operation["summary"])[0]
            answers = sorted(set(operation["responses"]) - _OF_ANY_ROUTE)
            yield f"`{methods} {path}`", key, what, ", ".join(answers)


def _key(method: str, path: str) -> str:
    if path.startswith("/api/admin/"):
        return "admin"
    return "producer" if method == "post" else "producer, admin"


def _problems() -> Iterator[tuple[str]]:
    for status, slug, _ in PROBLEMS.values():
        yield (f"{int(status)} `{slug}`",)
    for response in (unknown_route(), unforeseen()):
        body: Mapping[str, Any] = json.loads(response.body or "")
        yield (f"{body['status']} `{body['type'].rpartition(':')[2]}`",)
    yield ("429 of API Gateway: no type",)


def _outcomes() -> Iterator[tuple[str, ...]]:
    states = _beside(_members(Status), 2)
    for side_by_side, classed in zip(states, _members(ErrorClass), strict=True):
        yield *side_by_side, *classed


def _members(kind: type[Status] | type[ErrorClass]) -> Iterator[tuple[str]]:
    comments = comments_of(kind)
    for member in kind:
        yield (f"`{member}` {comments[member.name].partition(';')[0]}",)


def _settings() -> Iterator[tuple[str]]:
    for name, field in StageConfig.model_fields.items():
        if name in {"stage", "throttling"}:  # the file's name, and a table of its own below
            continue
        default = "(required)" if field.is_required() else _written(field.default)
        others = [f"`{value}`" for value in get_args(field.annotation) if value != field.default]
        choice = f" or {', '.join(others)}" if isinstance(field.default, str) and others else ""
        yield (f"`{name}` {default}{choice}",)
    for name, field in Throttling.model_fields.items():
        yield (f"`throttling.{name}` {field.default.rate}/s, {field.default.burst}",)


def _written(default: object) -> str:
    return f"= `{json.dumps(default)}`" if default not in {None, "", ()} else ""


def _alarms() -> Iterator[tuple[str]]:
    for section, alike in rules_by_section().items():
        name = alike[0].name if len(alike) == 1 else f"*-{alike[0].name.rpartition('-')[2]}"
        conditions = "; ".join(dict.fromkeys(map(condition, alike)))
        yield (f"[`{name}`]({RUNBOOK.rpartition('/')[2]}#{section}) {conditions}",)
