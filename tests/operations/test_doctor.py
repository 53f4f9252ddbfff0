"""The whole look: its lines, and the exit status that a script reads."""

from operations.doctor import tell
from operations.findings import unknown, well, wrong


def test_what_is_well_or_not_to_be_told_ends_with_zero(capsys):
    assert tell([well("API", "it answers."), unknown("alarms", "the emulator has none.")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "well     API        it answers.",
        "unknown  alarms     the emulator has none.",
        "1 well, 0 wrong, 1 unknown",
    ]


def test_one_thing_that_is_wrong_ends_with_one_and_its_records_are_lines_of_their_own(capsys):
    assert tell([well("API", "it answers."), wrong("DKIM", "Publish:\na CNAME b")]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "WRONG    DKIM       Publish:",
        "                    a CNAME b",
        "1 well, 1 wrong, 0 unknown",
    ]
