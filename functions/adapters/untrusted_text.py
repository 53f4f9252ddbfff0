"""What people and their machines wrote, made fit to stand in a mail: visible, one line, no link."""

import re
import unicodedata

#: letters and symbols that print nothing: Hangul fillers and the empty Braille cell
_BLANKS = "\u115f\u1160\u2800"

#: Б.Болд, Ba.Bold, J.R.R.Tolkien: how many people write their names, and the form of a domain
_INITIAL = re.compile(r"\b([^\W\d_]{1,2})\.(?=([^\W\d_]))")

#: what a mail program may turn into something to tap, or what asks to be typed as an address; not
#: `evil dot com`: no mail program makes a link of it, and Dot is a name
_LINK = re.compile(
    r"""
      @ | // | \\                                  # user@example, //evil, \\server\share
    | \b[a-z][a-z0-9+.-]{1,20}:(?=\S)              # mailto:x, javascript:x
    | \bwww\b
    | \w [\[({<]? [.。] [\])}>]? [^\W\d_] \w       # evil.com, evil[.]com, 例。com
    | [^\s\w] \. [^\W\d_]{2}                       # ❤.ws
    | (?: \d+ [\[({<]? [.。] [\])}>]? ){3} \d      # 1.2.3.4
    | [\[({<] \s* (?:dot|at) \s* [\])}>]           # evil[dot]com
    | (?: \d [\W_]* ){6}                           # a telephone number
    """,
    re.IGNORECASE | re.VERBOSE,
)

#: classes of letters and digits that are written from right to left
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def one_line(text: str) -> str:
    """Return what can be seen of `text`, in NFKC: a full-width dot is a dot."""
    visible = (
        character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or (character.isprintable() and character not in _BLANKS)
    )
    return " ".join("".join(visible).split())


def without_links(text: str | None, *, limit: int) -> str | None:
    """Return `text` as one line of at most `limit` characters; None if empty or like a link.

    What is written from right to left comes isolated, or it would turn its neighbours around.
    """
    line = _INITIAL.sub(_spaced, one_line(text or ""))
    if not shows_something(line) or looks_like_a_link(line):
        return None
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return f"{_ISOLATE}{line}{_POP_ISOLATE}"
    return line


def shows_something(line: str) -> bool:
    """Whether a line has more than marks: a variation selector alone is nothing."""
    return bool(_without_marks(line).strip())


def looks_like_a_link(line: str) -> bool:
    """Whether a mail program, or a person, may take a part of the line for an address."""
    return _LINK.search(_without_marks(line)) is not None


def _without_marks(line: str) -> str:
    # A mark between two letters hides a link from a pattern, and not from every mail program.
    return "".join(char for char in line if not unicodedata.category(char).startswith("M"))


def _spaced(initial: re.Match[str]) -> str:
    is_name = initial[1][0].isupper() and initial[2].isupper()
    return f"{initial[0]} " if is_name else initial[0]
