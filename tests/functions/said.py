"""What the doors have written: log lines and metric documents."""

import json


class Said:
    """What the doors wrote on their standard output: log lines, and metrics in EMF."""

    def __init__(self, capsys):
        self._capsys = capsys
        self._text = ""
        self._everything = []

    @property
    def text(self):
        self._listen()
        return self._text

    def forget(self):
        """Keep only what is said from now on."""
        self._listen()
        self._text = ""

    @property
    def everything(self):
        """All lines since the test began, those on standard error and the forgotten among them."""
        self._listen()
        return self._everything

    @property
    def log(self):
        return [line for line in self._lines() if "_aws" not in line]

    @property
    def metrics(self):
        return [line for line in self._lines() if "_aws" in line]

    def logged(self, message):
        """Return the one log line with this message."""
        (line,) = [line for line in self.log if line["message"] == message]
        return line

    def counted(self, name):
        """Return all values of a metric."""
        return [value for line in self.metrics for value in line.get(name, [])]

    def _listen(self):
        heard = self._capsys.readouterr()
        self._text += heard.out
        self._everything += heard.out.splitlines() + heard.err.splitlines()

    def _lines(self):
        return [json.loads(line) for line in self.text.splitlines()]
