"""The commands and answers that the documents show, as they stand there."""

import re
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from tests.repository.files import ROOT

PAGES = [
    *(ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "clients" / "authjs" / "README.md"),
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


class Block(NamedTuple):
    """A fenced block, and the answer that is shown right below it."""

    page: Path
    line: int
    language: str
    text: str
    answer: str | None

    def __str__(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page, language):
    """Return the page's blocks of one language; of None, all."""
    text = page.read_text()
    fences = list(FENCE.finditer(text))
    found = []
    for fence, after in zip_longest(fences, fences[1:]):
        follows = after and not text[fence.end() : after.start()].strip()
        answer = after[2] if follows and after[1] == "json" else None
        line = text.count("\n", 0, fence.start()) + 1
        found.append(Block(page, line, fence[1], fence[2], answer))
    return [block for block in found if language in {None, block.language}]


def inline(page):
    """Return the texts in the page that are set as code within a line."""
    return [_unescaped(text) for text in _INLINE.findall(FENCE.sub("", page.read_text()))]


def sections(page):
    """Return the text below each heading."""
    _, *parts = re.split(r"^##+ (.+)\n", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def snippets(text):
    """Return what is set as code in a text, in its order: shell blocks, and within lines."""
    either = re.compile(f"{FENCE.pattern}|{_INLINE.pattern}", re.MULTILINE | re.DOTALL)
    return [
        block or _unescaped(within)
        for language, block, within in either.findall(text)
        if language in {"", "sh"}
    ]


def _unescaped(text):
    # in a table, a bar would end the cell
    return text.replace(r"\|", "|")
