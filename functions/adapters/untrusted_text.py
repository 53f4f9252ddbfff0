"""What people and their machines wrote, made fit to stand in a mail: visible, one line, no link."""

import re
import unicodedata

#: letters and symbols that print nothing: Hangul fillers and the empty Braille cell
_BLANKS = "\u115f\u1160\u2800"

#: Б.Болд, Ba.Bold, J.R.R.Tolkien: how many people write their names, and the form of a domain
_INITIAL = re.compile(r"\b([^\W\d_]{1,2})\.(?=([^\W\d_]))")

#: what a mail program may turn into something to tap: address, web page, telephone number
_LINK = re.compile(r"://|@|\w[.。]\w{2,}|(?:\d[\s().-]*){6}")


def one_line(text: str) -> str:
    """Return what can be seen of `text`, in NFKC: a full-width dot is a dot."""
    visible = (
        character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or (character.isprintable() and character not in _BLANKS)
    )
    return " ".join("".join(visible).split())


def without_links(text: str | None, *, limit: int) -> str | None:
    """Return `text` as one line of at most `limit` characters; None if empty or like a link."""
    line = _INITIAL.sub(_spaced, one_line(text or ""))
    if not line or _LINK.search(line):
        return None
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _spaced(initial: re.Match[str]) -> str:
    is_name = initial[1][0].isupper() and initial[2].isupper()
    return f"{initial[0]} " if is_name else initial[0]
