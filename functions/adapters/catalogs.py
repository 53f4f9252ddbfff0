"""The texts of mail and report page: one file of `templates/locales/` per language."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple, Self

DIRECTORY: Final = Path(__file__).parents[2] / "templates"
#: texts whose keys start like this are the report page's
PAGE_PREFIX: Final = "page_"
#: the language of whom nothing is known, and the one of the line that is added then
_DEFAULT: Final = "mn"
_SECOND: Final = "en"


class Catalog(NamedTuple):
    """One language."""

    #: its BCP 47 tag, as HTML wants it
    tag: str
    texts: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `<language tag>.toml`."""
        return cls(tag=path.stem, texts=tomllib.loads(path.read_text(encoding="utf-8")))


class Catalogs:
    """All languages that we have."""

    def __init__(self, directory: Path) -> None:
        self._by_tag = {
            path.stem.lower(): Catalog.read(path) for path in sorted(directory.glob("*.toml"))
        }

    @property
    def default(self) -> Catalog:
        """The language of whom nothing is known."""
        return self._by_tag[_DEFAULT]

    @property
    def second(self) -> Catalog:
        """The language that most others can read."""
        return self._by_tag[_SECOND]

    def find(self, tag: str | None) -> Catalog | None:
        """Look a language tag up: https://www.rfc-editor.org/rfc/rfc4647#section-3.4."""
        subtags = (tag or "").lower().replace("_", "-").split("-")
        shorter_and_shorter = ("-".join(subtags[:n]) for n in range(len(subtags), 0, -1))
        return next((self._by_tag[t] for t in shorter_and_shorter if t in self._by_tag), None)

    def faults(self) -> Iterator[str]:
        """Say where a language departs from the default one."""
        expected = self.default.texts
        for catalog in self._by_tag.values():
            for key in expected.keys() | catalog.texts.keys():
                if fault := _fault(expected.get(key), catalog.texts.get(key)):
                    yield f"{catalog.tag}.toml: {key}: {fault}"


def _fault(expected: str | None, text: object) -> str | None:
    if text is None:
        return "missing"
    if expected is None:
        return f"{_DEFAULT}.toml has no such text"
    if not isinstance(text, str) or not text.strip():
        return "not a text"
    try:
        variables = _variables(text)
    except ValueError as error:
        return str(error)
    if variables != _variables(expected):
        return f"its variables are not those of {_DEFAULT}.toml"
    return None


def _variables(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
