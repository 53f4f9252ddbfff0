"""Finds simple commands in a shell script, also those within `$(...)`, functions and loops."""

import re
import shlex

#: stands for what the shell would put there; as long as an id that AWS measures
PLACEHOLDER = "PLACEHOLDER-for-what-the-shell-would-put-here"
_ENDS = "|;&)<>\n"


def commands(script, name):
    """Return the arguments of each call of `name`; what the shell would expand is a placeholder."""
    calls = re.finditer(rf"(?<![^\s(`;|&]){name} (?=[a-z])", script)
    return [
        shlex.split(_one_command(script, call.end()).replace("\\\n", " "))
        for call in calls
        if not _in_comment(script, call.start())
    ]


def _in_comment(script, position):
    line = script[script.rfind("\n", 0, position) + 1 : position]
    return re.search(r"(?:^|\s)#", line) is not None


def _one_command(script, start):
    """Return the text of the command that begins here, its expansions replaced."""
    text, at, double = "", start, False
    while at < len(script):
        letter = script[at]
        if letter == "\\":
            text, at = text + script[at : at + 2], at + 2
        elif letter == "$" and (end := _expansion(script, at)) > at + 1:
            text, at = text + PLACEHOLDER, end
        elif letter == "'" and not double:
            end = script.index("'", at + 1) + 1
            text, at = text + script[at:end], end
        elif not double and (letter in _ENDS or script[at : at + 2] == " #"):
            break
        else:
            double ^= letter == '"'
            text, at = text + letter, at + 1
    return text


def _expansion(script, at):
    """Return where the expansion ends that begins at this `$`."""
    if script[at + 1 : at + 2] == "(":
        return _closing(script, at + 1, "(", ")")
    if script[at + 1 : at + 2] == "{":
        return _closing(script, at + 1, "{", "}")
    return at + 1 + len(re.match(r"\w+|[@?#]|", script[at + 1 :])[0])


def _closing(script, at, opening, closing):
    """Return where the bracket is closed that opens here; brackets within quotes do not count."""
    depth = 0
    quotes = [None]
    while at < len(script):
        letter = script[at]
        if letter == "\\":
            at += 1
        elif letter == quotes[-1]:
            quotes.pop()
        elif quotes[-1] != "'" and script.startswith("$(", at):
            at = _closing(script, at + 1, "(", ")") - 1
        elif quotes[-1] is None and letter in "'\"":
            quotes.append(letter)
        elif quotes[-1] is None:
            depth += (letter == opening) - (letter == closing)
            if depth == 0:
                return at + 1
        at += 1
    raise AssertionError(f"not closed: {script}")
