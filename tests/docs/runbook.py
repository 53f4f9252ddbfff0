"""What docs/OPERATIONS.md tells an operator to type, section by section, ready for a stack here."""

import re

from tests.docs.pages import sections, snippets
from tests.repository.files import ROOT

PAGE = ROOT / "docs" / "OPERATIONS.md"
SECTIONS = sections(PAGE)
SET_UP = "Set up a terminal"

#: a function of the shell, of one line or of many
_FUNCTION = re.compile(r"^(\w+)\(\) \{.*?(?:; |^)\}$", re.MULTILINE | re.DOTALL)
_BLOCKS = [code for text in SECTIONS.values() for code in snippets(text) if "\n" in code]
FUNCTIONS = {found[1]: found[0] for code in _BLOCKS for found in _FUNCTION.finditer(code)}

#: what a paged person has, beside the functions that the page defines
TOOLS = {"aws", "curl", "git", "jq", "make"}
#: named in a sentence
NAMED = {"aws logs tail"}


def program(code):
    """Return what the shell would start first, past the assignments before it."""
    word = next((word for word in code.split() if not re.match(r"[A-Z_]+=", word)), "")
    return word.rstrip(";")


def typed(text):
    """Return what an operator would type of a section: its blocks, and commands within lines."""
    known = TOOLS | set(FUNCTIONS)
    return [
        code
        for code in snippets(text)
        if "\n" in code or (program(code) in known and len(code.split()) > 1 and code not in NAMED)
    ]


def here(code, names):
    """Return the code for the stage `local`, with something that there is for each placeholder."""
    for placeholder, name in names.items():
        code = re.sub(
            rf"(?<![\w$\"]){re.escape(placeholder)}(?![\w=])", lambda _, name=name: name, code
        )
    return re.sub(r"\bSTAGE=(dev|prod)\b", "STAGE=local", code)
