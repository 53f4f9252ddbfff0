"""The mail of every case is the one that was last looked at."""

from difflib import unified_diff

from tests.adapters import golden


def test_every_mail_is_as_it_was_last_looked_at():
    stored, rendered = golden.stored(), golden.rendered()
    difference = "".join(
        line
        for name in sorted(stored.keys() | rendered.keys())
        for line in unified_diff(
            stored.get(name, "").splitlines(keepends=True),
            rendered.get(name, "").splitlines(keepends=True),
            f"stored/{name}",
            f"rendered/{name}",
            n=1,
        )
    )
    # If it is meant to be so: `make golden`, and look at what git shows.
    assert not difference, f"\n{difference}"
