"""The texts of mail and report page: one file of `templates/locales/` per language."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final, NamedTuple, Self

DIRECTORY: Final = Path(__file__).parents[2] / "templates"
#: texts whose keys start like this are the report page's
PAGE_PREFIX: Final = "page_"
#: the language that most can read who can't read the default one
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

    def __init__(self, directory: Path, *, default: str) -> None:
        """Take the tag of the default language, which has a file in the directory."""
        self._by_tag = {
            path.stem.lower(): Catalog.read(path) for path in sorted(directory.glob("*.toml"))
        }
        #: the language of those of whom nothing is known
        self.default = self._by_tag[default.lower()]

    @property
    def second(self) -> Catalog | None:
        """The language of the line that is added for them, unless they get all in it."""
        second = self._by_tag[_SECOND]
        return None if second is self.default else second

    def find(self, tag: str | None) -> Catalog | None:
        """Look a language tag up: https://www.rfc-editor.org/rfc/rfc4647#section-3.4."""
        subtags = (tag or "").lower().replace("_", "-").split("-")
        shorter_and_shorter = ("-".join(subtags[:n]) for n in range(len(subtags), 0, -1))
        return next((self._by_tag[t] for t in shorter_and_shorter if t in self._by_tag), None)

    def faults(self) -> Iterator[str]:
        """Say where a language departs from the default one."""
        for catalog in self._by_tag.values():
            for key in self.default.texts.keys() | catalog.texts.keys():
                if fault := _fault(key, catalog, self.default):
                    yield f"{catalog.tag}.toml: {key}: {fault}"


def _fault(key: str, catalog: Catalog, default: Catalog) -> str | None:
    if key not in catalog.texts:
        return "missing"
    if key not in default.texts:
        return f"{default.tag}.toml has no such text"
    text: object = catalog.texts[key]
    if not isinstance(text, str) or not text.strip():
        return "not a text"
    try:
        variables = _variables(text)
    except ValueError as error:
        return str(error)
    if variables != _variables(default.texts[key]):
        return f"its variables are not those of {default.tag}.toml"
    return None


def _variables(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
