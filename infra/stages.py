"""Reads `stages/<stage>.toml`; whoever wrote it is told file, setting and what to do."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from infra.config import ROOT, StageConfig

STAGES: tuple[str, ...] = get_args(StageConfig.model_fields["stage"].annotation)

#: what pydantic says in Python's words
_TYPES = {
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes, 30",
    "tuple_type": 'write a list, ["@example.com"]',
    "model_type": "write a table, { rate = 10, burst = 20 }",
}


def load(
    stage: str, *, public_url: str | None = None, directory: Path = ROOT / "stages"
) -> StageConfig:
    """Read a stage's file; a SystemExit names the file, the setting and what to do.

    Args:
        public_url: overrides the file's, for a port that is known only when it is opened.
    """
    if stage not in STAGES:
        raise SystemExit(f'There is no stage "{stage}". Name one of {", ".join(STAGES)}.')
    path = directory / f"{stage}.toml"
    file = f"{directory.name}/{path.name}"
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise SystemExit(f"{file}: it is not in UTF-8, save it in that encoding") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SystemExit(f"{file}: {error}") from None
    if "stage" in given:
        raise SystemExit(f"{file}: stage: remove it, the file's name says which one it is")
    if public_url:
        given["public_url"] = public_url
    filled_in = {name: value for name, value in given.items() if value != ""}
    try:
        return StageConfig.model_validate({**filled_in, "stage": stage})
    except ValidationError as error:
        raise SystemExit("\n".join(f"{file}: {line}" for line in _explain(error))) from None


def _explain(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        setting = ".".join(str(part) for part in fault["loc"])
        match fault["type"]:
            case "missing":
                yield f"{setting}: fill it in"
            case "extra_forbidden":
                yield f"{setting}: there is no such setting, correct or remove it"
            case _:
                message = _TYPES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
                yield from (f"{setting}: {message}" if setting else message).splitlines()
