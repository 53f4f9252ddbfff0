"""`make doctor`, `make pause`, `make resume`: what operators do to a deployed stage."""

import argparse
import os
import signal
import sys
import time

from infra.config import StageConfig
from infra.stages import STAGES, load
from operations.doctor import doctor
from operations.login import login
from operations.stage import OperationError, reach
from operations.worker import pause, resume

#: what a shell says of a program whose reader has left, as `head` does
READER_GONE = 128 + signal.SIGPIPE


def _doctor(config: StageConfig) -> int:
    return doctor(reach(config))


def _pause(config: StageConfig) -> int:
    print(pause(reach(config), clock=time.monotonic, sleep=time.sleep))
    return 0


def _resume(config: StageConfig) -> int:
    print(resume(reach(config), clock=time.monotonic, sleep=time.sleep))
    return 0


COMMANDS = {
    "login": (login, "see whether there are AWS credentials for a deployment"),
    "doctor": (_doctor, "see whether mails can leave, and say what to do if not"),
    "pause": (_pause, "stop mailing; sign-ins are accepted as before, and their mails wait"),
    "resume": (_resume, "go on mailing, with what has waited first"),
}


def main() -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("stage", help=f"which one: {', '.join(STAGES)}")
    arguments = parser.parse_args()
    operate, _ = COMMANDS[arguments.command]
    try:
        status = operate(load(arguments.stage))
        sys.stdout.flush()
    except OperationError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever reads has seen enough. On exit Python would flush, and complain, once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return status


if __name__ == "__main__":
    sys.exit(main())
