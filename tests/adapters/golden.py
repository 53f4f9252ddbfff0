"""The mail of every case, as it was last looked at; `make golden` writes them all again."""

from pathlib import Path

from functions.adapters.catalogs import DIRECTORY as CATALOGS
from local.cases import CASES, job
from tests.adapters.mail import templates

DIRECTORY = Path(__file__).with_name("golden")

LOCALES = sorted(path.stem for path in (CATALOGS / "locales").iterdir())
#: every case in every language, and one whose reader's language nobody knows
VARIANTS = [*((case, locale) for case in CASES for locale in LOCALES), ("github", None)]


def rendered() -> dict[str, str]:
    """Return the files' contents by name."""
    ours = templates()
    files = {}
    for case, locale in VARIANTS:
        mail = ours.render(job(case, locale=locale))
        name = f"{case}.{locale or 'unknown'}"
        files[f"{name}.html"] = mail.html
        files[f"{name}.txt"] = f"Subject: {mail.subject}\n\n{mail.text}"
    return files


def stored() -> dict[str, str]:
    """Return the same, as they are stored."""
    return {path.name: path.read_text(encoding="utf-8") for path in DIRECTORY.iterdir()}


def write() -> None:
    """Store what is rendered, and nothing else."""
    DIRECTORY.mkdir(exist_ok=True)
    for path in DIRECTORY.iterdir():
        path.unlink()
    for name, content in rendered().items():
        (DIRECTORY / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
