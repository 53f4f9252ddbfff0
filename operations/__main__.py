"""`make doctor`, `make pause`, `make resume`: what operators do to a deployed stage."""

import argparse
import sys
import time

from infra.config import STAGES, load
from operations.doctor import doctor
from operations.stage import OperationError, Stage, reach
from operations.worker import pause, resume


def _pause(stage: Stage) -> int:
    print(pause(stage, clock=time.monotonic, sleep=time.sleep))
    return 0


def _resume(stage: Stage) -> int:
    print(resume(stage, clock=time.monotonic, sleep=time.sleep))
    return 0


COMMANDS = {
    "doctor": (doctor, "see whether mails can leave, and say what to do if not"),
    "pause": (_pause, "stop mailing; sign-ins are accepted as before, and their mails wait"),
    "resume": (_resume, "go on mailing, with what has waited first"),
}


def main() -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("stage", choices=STAGES, help="which one: %(choices)s")
    arguments = parser.parse_args()
    operate, _ = COMMANDS[arguments.command]
    try:
        return operate(reach(load(arguments.stage)))
    except OperationError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
