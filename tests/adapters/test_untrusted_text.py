"""Names: shown as they are written, unless a mail program could make a link of them."""

import pytest

from tests.adapters.mail import assert_shown, parts


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Б.Болд", "Сайн байна уу, Б. Болд?"),
        ("J.R.R.Tolkien", "Сайн байна уу, J. R. R. Tolkien?"),
        ("Martin Luther King Jr.", "Сайн байна уу, Martin Luther King Jr.?"),
        ("D'Arcy & Sons", "Сайн байна уу, D'Arcy & Sons?"),
        ("  Бат \t Эрдэнэ\r\n", "Сайн байна уу, Бат Эрдэнэ?"),
        ("\u202eBold\u200b\x00\u2066", "Сайн байна уу, Bold?"),
        ("Dot Cotton", "Сайн байна уу, Dot Cotton?"),
        ("Mary Dot King", "Сайн байна уу, Mary Dot King?"),
        ("Bat 4.0", "Сайн байна уу, Bat 4.0?"),
        ("Bat 1.2.3", "Сайн байна уу, Bat 1.2.3?"),
        ("{brand} {{ 7*7 }} %s {0}", "Сайн байна уу, {brand} {{ 7*7 }} %s {0}?"),
    ],
)
def test_a_person_is_greeted_by_name(render, name, greeting):
    assert_shown(render(name=name), greeting)


@pytest.mark.parametrize(
    "name",
    [
        "Locked, see evil.com",
        "https://evil",
        "bit.ly/3x",
        "a@b",
        "mailto:a",
        "skype:evil",
        "\\\\evil\\share",
        "www.evil",
        "www.a",
        "WWW.Evil",
        "ev\u200bil.c\u00adom",
        "evil\uff0ecom",  # full-width dot
        "evil\u3002com",  # ideographic full stop, a dot to browsers
        "evil\uff61com",  # half-width ideographic full stop
        "evil\u2024com",  # one dot leader
        "evil.\ufe0fcom",  # an invisible mark
        "evil.c\u0336o\u0336m\u0336",  # struck through
        "e\u202evil.com",
        "xn--e1afmkfd.xn--p1ai",
        "evil[.]com",
        "evil(.)com",
        "evil[dot]com",
        "i❤.ws",
        "Pay at ☃.net now",
        "user [at] evil",
        "хаан.мон",
        "t.me",
        "T.me",
        "t.Me",
        "1.2.3.4",
        "Go to 8.8.8.8 now",
        "1\uff0e2\uff0e3\uff0e4",  # full-width dots
        "1[.]2[.]3[.]4",
        "Call 9911-2233",
        "Call +976 (11) 99 11 22",
        "9911\u20132233",  # with an en dash
        "٩٩١١٢٢٣٣",
    ],
)
def test_a_name_that_looks_like_an_address_or_a_link_is_left_out(render, name):
    for part in parts(render(name=name)):
        assert "Сайн байна уу?" in part


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b\u2060", "\u3164", "\u2800", "\ud800", "\ufe0f", "\u034f"]
)
def test_a_name_that_shows_nothing_is_no_name(render, name):
    assert_shown(render(name=name), "Сайн байна уу?")


def test_an_overlong_name_is_shortened(render):
    assert_shown(render(name="Болд " * 40), "Сайн байна уу, " + ("Болд " * 12).rstrip()[:59] + "…?")


def test_a_name_from_right_to_left_turns_nothing_around_it(render):
    name = "\u05d3\u05d5\u05d3 1"
    assert_shown(render(name=name, locale="en"), f"Hello \u2068{name}\u2069,")
