"""The quick reference, made of what runs: nothing in it is written by hand but its headings."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from functions.answers import PROBLEMS, unforeseen, unknown_route
from functions.domain.model import ErrorClass, Status
from infra.config import ROOT, StageConfig, Throttling
from infra.monitoring.alarms import RUNBOOK
from openapi.document import document
from openapi.parts import throttled
from reference.alarms import condition, meaning, rules_by_section
from reference.comments import comments_of

_TARGET: Final = re.compile(r"^([a-z-]+):.*## (.*)$", re.MULTILINE)
_HEAD: Final = """# Quick reference

Made by `make reference` of what runs; `make check` compares. What the words mean:
[DESIGN.md](DESIGN.md). What to do: [OPERATIONS.md](OPERATIONS.md). Bodies and answers:
[openapi.json](openapi.json).
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            _HEAD,
            _section("Commands", ("make", ""), _commands()),
            _section("Routes", ("route", "key", "", "answers"), _routes()),
            _section("Errors", ("status", "`type`", "`error`"), _problems()),
            _section("A job's states", ("`status`", ""), _members(Status)),
            _section("Why an attempt failed", ("`errorClass`", ""), _members(ErrorClass)),
            _section("Settings", ("`stages/*.toml`", "default", ""), _settings()),
            _section("Alarms", ("alarm", "means", "rings at"), _alarms()),
        ]
    )


def _section(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    table = [columns, ("---",) * len(columns), *rows]
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in table]
    return "\n".join([f"## {heading}", "", *lines, ""])


def _commands() -> Iterator[tuple[str, str]]:
    for target, what in _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")):
        yield f"`{target}`", what


def _routes() -> Iterator[tuple[str, str, str, str]]:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            key = "" if operation.get("security") == [] else _key(method, path)
            statuses = ", ".join(sorted(operation["responses"]))
            yield f"`{method.upper()} {path}`", key, operation["summary"], statuses


def _key(method: str, path: str) -> str:
    if path.startswith("/api/admin/"):
        return "admin"
    return "producer" if method == "post" else "producer, admin"


def _problems() -> Iterator[tuple[str, str, str]]:
    for status, slug, sentence in PROBLEMS.values():
        yield str(int(status)), f"`{slug}`", sentence
    yield "429", "", throttled()["description"]
    for response in (unknown_route(), unforeseen()):
        body: Mapping[str, Any] = json.loads(response.body or "")
        yield str(body["status"]), f"`{body['type'].rpartition(':')[2]}`", body["error"]


def _members(kind: type[Status] | type[ErrorClass]) -> Iterator[tuple[str, str]]:
    comments = comments_of(kind)
    for member in kind:
        yield f"`{member}`", comments[member.name]


def _settings() -> Iterator[tuple[str, str, str]]:
    comments = comments_of(StageConfig)
    for name, field in StageConfig.model_fields.items():
        if name in {"stage", "throttling"}:  # the file's name, and a table of its own below
            continue
        default = "required" if field.is_required() else _written(field.default)
        yield f"`{name}`", default, comments[name]
    comments = comments_of(Throttling)
    for name, field in Throttling.model_fields.items():
        limit = f"`{{ rate = {field.default.rate}, burst = {field.default.burst} }}`"
        yield f"`throttling.{name}`", limit, comments[name]


def _written(default: object) -> str:
    return f"`{json.dumps(default)}`" if default not in {None, "", ()} else ""


def _alarms() -> Iterator[tuple[str, str, str]]:
    for section, alike in rules_by_section().items():
        names = ", ".join(f"`{rule.name}`" for rule in alike)
        conditions = "; ".join(dict.fromkeys(map(condition, alike)))
        yield f"[{names}]({RUNBOOK.rpartition('/')[2]}#{section})", meaning(alike), conditions
