"""`make check` reads the mail's languages."""

import shutil

from functions.adapters.catalogs import DIRECTORY
from infra.config import ROOT
from local import catalogs


def test_languages_that_agree_pass_in_silence(capsys):
    assert catalogs.main() == 0
    assert capsys.readouterr() == ("", "")


def test_a_missing_and_an_extra_text_are_named_and_fail(tmp_path, monkeypatch, capsys):
    copy = shutil.copytree(DIRECTORY, tmp_path / "templates")
    monkeypatch.setattr(catalogs, "DIRECTORY", copy)
    english = copy / "locales" / "en.toml"
    text = english.read_text(encoding="utf-8")
    english.write_text(text.replace("question =", "questions ="), encoding="utf-8")
    assert catalogs.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "templates/locales/en.toml: question: missing",
        "templates/locales/en.toml: questions: mn.toml has no such text",
    ]


def test_make_check_asks_for_it():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2]
    assert "\tpython -m local.catalogs" in recipe.partition("\n\n")[0].splitlines()
