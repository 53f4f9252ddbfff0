"""The files of this project, without what is made from them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
_MADE = {".venv", ".build", ".local", "node_modules", "cdk.out", "dist"}


def tracked(pattern):
    """Return the files of this name, in any folder that is not made."""
    return sorted(
        path for path in ROOT.rglob(pattern) if not _MADE & set(path.relative_to(ROOT).parts)
    )
