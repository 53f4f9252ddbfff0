"""Run a command in our place; when the pipe on standard input closes, kill its whole group.

The kernel closes the pipe with the end of whoever holds the other side, whatever ends it.
Run by path, so that it starts fast: it imports nothing of this project.
"""

import os
import signal
import sys

if os.fork() == 0:
    # It stays on watch while the others end at a signal of their own.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)
else:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command comes from `child`
