"""When it happened, by the reader's clock."""

import pytest

from tests.adapters.mail import assert_shown, templates


@pytest.mark.parametrize(
    ("time_zone", "mongolian", "english"),
    [
        ("Asia/Kolkata", "19, 12:30 (UTC+5:30)", "19 December 2025, 12:30 (UTC+5:30)"),
        ("America/Sao_Paulo", "19, 04:00 (UTC-3)", "19 December 2025, 04:00 (UTC-3)"),
        ("Pacific/Marquesas", "18, 21:30 (UTC-9:30)", "18 December 2025, 21:30 (UTC-9:30)"),
        ("Pacific/Auckland", "19, 20:00 (UTC+13)", "19 December 2025, 20:00 (UTC+13)"),
        ("UTC", "19, 07:00 (UTC)", "19 December 2025, 07:00 (UTC)"),
    ],
)
def test_it_is_told_in_the_readers_own_zone(render, time_zone, mongolian, english):
    assert_shown(render(time_zone=time_zone), f"2025 оны 12-р сарын {mongolian}")
    assert_shown(render(time_zone=time_zone, locale="en"), english)


def test_the_offset_is_the_one_of_that_day(render):
    in_july = 1_752_930_000_000
    mail = render(time_zone="America/New_York", locale="en", signed_in_at_ms=in_july)
    assert_shown(mail, "19 July 2025, 09:00 (UTC-4)")


@pytest.mark.parametrize(
    "time_zone",
    [None, "", "Mars/Olympus", "Asia", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000],
)
def test_a_zone_that_does_not_exist_becomes_the_default_of_the_stage(render, time_zone):
    assert_shown(render(time_zone=time_zone), "15:00 (UTC+8)")


def test_a_default_that_does_not_exist_is_refused_at_the_start():
    with pytest.raises(KeyError, match="Mars"):
        templates(default_time_zone="Mars/Olympus")
