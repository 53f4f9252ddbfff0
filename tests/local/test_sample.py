from pathlib import Path

from local.sample import curl


def test_the_readme_shows_the_command_that_make_local_prints():
    assert curl(3333) in (Path(__file__).parents[2] / "README.md").read_text()
