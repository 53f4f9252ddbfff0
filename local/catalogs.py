"""`make check`: every language of the mail has every text, and no other."""

import sys

from functions.adapters.catalogs import DIRECTORY, Catalogs
from infra.stages import load


def main() -> int:
    """Say what departs from the default language; return the exit status."""
    catalogs = Catalogs(DIRECTORY / "locales", default=load("local").default_locale)
    faults = sorted(catalogs.faults())
    for fault in faults:
        print(f"templates/locales/{fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
