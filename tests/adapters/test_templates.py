"""The mail, as its reader gets it."""

import shutil
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

from functions.adapters.templates import Templates
from functions.domain.model import Location, Mail
from tests.builders import a_job, a_sign_in

TEMPLATES = Path(__file__).parents[2] / "templates"
LOCALES = sorted((TEMPLATES / "locales").glob("*.toml"))

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
DARKHAN = Location(city="Дархан", region="Дархан-Уул", country="MN")


def templates(directory=TEMPLATES, **changes):
    configuration = {
        "brand_name": "Yellow Books",
        "support_address": "support@yellowbooks.mn",
        "security_page_url": "https://yellowbooks.mn/security",
        "default_time_zone": "Asia/Ulaanbaatar",
    }
    return Templates(**configuration | changes, directory=directory)


@pytest.fixture(scope="module")
def render():
    ours = templates()
    return lambda **changes: ours.render(a_job(sign_in=a_sign_in(**changes)))


class Page(HTMLParser):
    """What a browser would make of the HTML part: its elements, and the text that is shown."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.words = []
        self._hidden = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self._hidden = tag in ("style", "title")

    def handle_endtag(self, tag):
        self._hidden = False

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)

    def handle_comment(self, data):
        self.elements.append(("comment", data))

    def handle_pi(self, data):
        self.elements.append(("pi", data))

    def unknown_decl(self, data):
        self.elements.append(("declaration", data))

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    @property
    def links(self):
        return [
            value
            for _, attrs in self.elements
            for name, value in attrs
            if name in ("href", "src", "background", "action", "srcset")
        ]


def parts(mail: Mail) -> tuple[str, str]:
    """Both parts as their reader sees them."""
    return mail.text, Page(mail.html).text


def assert_shown(mail: Mail, *texts: str) -> None:
    for part in parts(mail):
        for text in texts:
            assert text in part


def assert_not_shown(mail: Mail, *texts: str) -> None:
    for part in (*parts(mail), mail.html, mail.subject, *map(str, mail.headers)):
        for text in texts:
            assert text not in part


class TestWhatItSays:
    def test_in_mongolian_it_tells_all_that_is_known_of_the_sign_in(self, render):
        mail = render(location=DARKHAN)
        assert mail.subject == "🔐 Таны бүртгэлд нэвтэрсэн байна - Yellow Books"
        assert_shown(
            mail,
            "Сайн байна уу, John?",
            "Таны Yellow Books бүртгэлд нэвтэрсэн байна.",
            "Нэвтрэлтийн мэдээлэл",
            "Та өөрөө нэвтэрсэн үү?",
            "Тийм бол юу ч хийх шаардлагагүй.",
            "Үгүй бол энэ имэйлд хариу бичиж, бидэнд нэн даруй мэдэгдэнэ үү.",
            "GitHub бүртгэлийнхээ аюулгүй байдлыг шалгана уу.",
            "Бид имэйлээр нууц үг хэзээ ч асуудаггүй. Асуулт байвал энэ имэйлд хариу бичнэ үү.",
            "Хүндэтгэсэн,",
            "Yellow Books баг",
        )
        for fact in (
            "Имэйл хаяг: user@example.com",
            "Нэвтэрсэн арга: GitHub",
            "IP хаяг: 203.0.113.7",
            "Хөтөч, төхөөрөмж: Chrome 131 (Windows)",
            "Огноо, цаг: 2025 оны 12-р сарын 19, 15:00 (UTC+8)",
            (
                "Ойролцоо байршил: Дархан, Дархан-Уул, Монгол"
                " (IP хаягаар тодорхойлсон тул зөрүүтэй байж болно)"
            ),
            "Лавлах дугаар: 3f9a1c07",
        ):
            assert fact in mail.text.splitlines()
            assert fact.replace(": ", " ", 1) in Page(mail.html).text

    def test_in_english_it_tells_all_that_is_known_of_the_sign_in(self, render):
        mail = render(locale="en", location=DARKHAN)
        assert mail.subject == "🔐 New sign-in to your account - Yellow Books"
        assert_shown(
            mail,
            "Hello John,",
            "Someone has signed in to your Yellow Books account.",
            "Sign-in details",
            "Was this you?",
            "If so, there is nothing you need to do.",
            "If not, reply to this e-mail and tell us right away.",
            "Check the security of your GitHub account.",
            "We never ask for your password by e-mail.",
            "Kind regards,",
            "The Yellow Books team",
        )
        for fact in (
            "E-mail address: user@example.com",
            "Sign-in method: GitHub",
            "IP address: 203.0.113.7",
            "Browser, device: Chrome 131 (Windows)",
            "Date, time: 19 December 2025, 15:00 (UTC+8)",
            (
                "Approximate location: Дархан, Дархан-Уул, Mongolia"
                " (estimated from the IP address, so it may be wrong)"
            ),
            "Reference number: 3f9a1c07",
        ):
            assert fact in mail.text.splitlines()
            assert fact.replace(": ", " ", 1) in Page(mail.html).text

    def test_it_goes_to_the_address_of_the_account(self, render):
        assert render(email="someone@example.org").recipient == "someone@example.org"

    def test_an_answer_to_it_reaches_the_support_and_no_machine_answers(self, render):
        assert render().headers == (
            ("Reply-To", "support@yellowbooks.mn"),
            ("Auto-Submitted", "auto-generated"),
        )

    def test_without_a_name_it_greets_all_the_same(self, render):
        assert_shown(render(name=None), "Сайн байна уу?")
        assert render(name=None, locale="en").text.startswith("Hello,\n")

    def test_what_is_not_known_is_said_to_be_unknown(self, render):
        nothing = {"ip_address": None, "user_agent": None}
        mongolian = render(**nothing).text.splitlines()
        assert "IP хаяг: Тодорхойгүй" in mongolian
        assert "Хөтөч, төхөөрөмж: Тодорхойгүй" in mongolian
        english = render(**nothing, locale="en").text.splitlines()
        assert "IP address: Unknown" in english
        assert "Browser, device: Unknown" in english

    def test_it_has_the_name_and_the_pages_of_the_brand_that_sends_it(self):
        mail = templates(
            brand_name="Шар {Ном} & Co", security_page_url="https://example.com/s?a=1&b=2"
        ).render(a_job())
        assert mail.subject.endswith(" - Шар {Ном} & Co")
        assert_shown(mail, "Шар {Ном} & Co баг")
        assert "https://example.com/s?a=1&b=2" in mail.text
        assert Page(mail.html).links == ["https://example.com/s?a=1&b=2"]


class TestTheSignInMethod:
    @pytest.mark.parametrize(
        ("provider", "shown"),
        [
            ("github", "GitHub"),
            ("google", "Google"),
            ("facebook", "Facebook"),
            ("apple", "Apple"),
            ("microsoft-entra-id", "Microsoft"),
            ("Google", "Google"),
            ("company-sso2", "company-sso2"),
            ("E\u0301vil.com\n<b>", "evilcomb"),
        ],
    )
    def test_a_provider_has_its_proper_name_or_else_its_id_in_safe_letters(
        self, render, provider, shown
    ):
        mail = render(provider=provider)
        assert f"Нэвтэрсэн арга: {shown}" in mail.text.splitlines()
        assert_shown(mail, f"{shown} бүртгэлийнхээ аюулгүй байдлыг шалгана уу.")

    def test_who_signed_in_by_password_is_told_to_change_it(self, render):
        assert_shown(
            render(provider="Credentials"),
            "Имэйл ба нууц үг",
            "Нууц үгээ сольж, бусад бүх төхөөрөмжөөс гарна уу.",
        )
        assert_shown(
            render(provider="credentials", locale="en"),
            "E-mail and password",
            "Change your password and sign out on all other devices.",
        )

    def test_who_signed_in_by_a_mailed_link_is_told_to_look_after_the_mailbox(self, render):
        assert_shown(
            render(provider="email"), "Имэйлээр ирсэн холбоос", "Имэйл хаягийнхаа аюулгүй байдлыг"
        )
        assert_shown(
            render(provider="email", locale="en"),
            "Link sent by e-mail",
            "Check the security of your e-mail account",
        )

    @pytest.mark.parametrize("provider", ["github", "email", "company-sso", "Гугл"])
    def test_nobody_is_told_to_change_a_password_that_does_not_exist(self, render, provider):
        assert_not_shown(render(provider=provider), "Нууц үгээ сольж")
        assert_not_shown(render(provider=provider, locale="en"), "Change your password")

    def test_a_provider_without_a_safe_letter_is_unknown(self, render):
        mail = render(provider="Гугл")
        assert "Нэвтэрсэн арга: Тодорхойгүй" in mail.text.splitlines()
        assert_shown(mail, "Бусад бүх төхөөрөмжөөс гарна уу.")


class TestTheDevice:
    @pytest.mark.parametrize(
        ("user_agent", "shown"),
        [
            (CHROME, "Chrome 131 (Windows)"),
            (
                (
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 "
                    "(KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1"
                ),
                "Safari 17 (iOS)",
            ),
            (
                (
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) "
                    "Gecko/20100101 Firefox/133.0"
                ),
                "Firefox 133 (macOS)",
            ),
            (
                (
                    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 "
                    "(KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
                ),
                "Chrome 131 (Android)",
            ),
            (
                (
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
                    "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
                ),
                "Edge 131 (Windows)",
            ),
            ("curl/8.5.0", "curl 8"),
            ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
            ("YellowBooksApp/2.3 (iOS)", "YellowBooksApp 2.3 (iOS)"),
            ("YellowBooksApp/2.3.1 (Android 14; Pixel 8)", "YellowBooksApp 2.3 (Android)"),
            ("YellowBooksApp/2 something", "YellowBooksApp 2"),
            ("Liferea/evil.com", "Liferea"),
            ("curl/99112233", "curl"),
        ],
    )
    def test_browser_and_system_are_named_as_people_call_them(self, render, user_agent, shown):
        mail = render(user_agent=user_agent)
        assert f"Хөтөч, төхөөрөмж: {shown}" in mail.text.splitlines()

    @pytest.mark.parametrize(
        "user_agent",
        [
            "",
            "Mozilla/5.0",
            "nonsense",
            "evil.com/1.0 (iOS)",
            "<b>Chrome</b>",
            "Your-account-is-locked/1.0",
            "Call us at once/1.0 CFNetwork/1",
            "YourAccountIsLockedCallUsAtOnce/1.0 CFNetwork/1",
            "evil.com/1.0 CFNetwork/1410 nothing",
            "Chrome/evil.com",
        ],
    )
    def test_a_device_that_cannot_be_named_safely_is_unknown(self, render, user_agent):
        mail = render(user_agent=user_agent)
        assert "Хөтөч, төхөөрөмж: Тодорхойгүй" in mail.text.splitlines()

    def test_the_longest_user_agent_costs_little(self, render):
        assert_shown(render(user_agent="a" * 1024), "Тодорхойгүй")
        assert_shown(render(user_agent="A/1 " * 256), "Тодорхойгүй")


class TestTheTime:
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
    def test_it_is_told_in_the_readers_own_zone(self, render, time_zone, mongolian, english):
        assert_shown(render(time_zone=time_zone), f"2025 оны 12-р сарын {mongolian}")
        assert_shown(render(time_zone=time_zone, locale="en"), english)

    def test_the_offset_is_the_one_of_that_day(self, render):
        in_july = 1_752_930_000_000
        mail = render(time_zone="America/New_York", locale="en", signed_in_at_ms=in_july)
        assert_shown(mail, "19 July 2025, 09:00 (UTC-4)")

    @pytest.mark.parametrize(
        "time_zone",
        [None, "", "Mars/Olympus", "Asia", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000],
    )
    def test_a_zone_that_does_not_exist_becomes_the_default_of_the_stage(self, render, time_zone):
        assert_shown(render(time_zone=time_zone), "15:00 (UTC+8)")

    def test_a_default_that_does_not_exist_is_refused_at_the_start(self):
        with pytest.raises(KeyError, match="Mars"):
            templates(default_time_zone="Mars/Olympus")


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("locale", "language"),
        [
            ("en", "en"),
            ("en-GB", "en"),
            ("EN-us", "en"),
            ("EN", "en"),
            ("mn", "mn"),
            ("mn-Mong-MN", "mn"),
            ("fr", "mn"),
            ("zh-Hant-TW", "mn"),
            ("x-en", "mn"),
            ("", "mn"),
            (None, "mn"),
        ],
    )
    def test_it_is_the_best_match_among_those_we_have(self, render, locale, language):
        html = Page(render(locale=locale).html)
        assert html.elements[0] == ("html", [("lang", language), ("dir", "ltr")])

    @pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
    def test_every_language_has_the_same_texts_with_the_same_variables(self, path):
        def shape(file):
            texts = tomllib.loads(file.read_text(encoding="utf-8"))
            return {
                key: {variable for _, variable, _, _ in Formatter().parse(text) if variable}
                for key, text in texts.items()
            }

        assert shape(path) == shape(TEMPLATES / "locales" / "mn.toml")

    def test_a_new_language_is_one_file(self, tmp_path):
        shutil.copytree(TEMPLATES, tmp_path, dirs_exist_ok=True)
        english = (TEMPLATES / "locales" / "en.toml").read_text(encoding="utf-8")
        (tmp_path / "locales" / "he.toml").write_text(
            english.replace("Was this you?", "האם זה היית אתה?"), encoding="utf-8"
        )
        mail = templates(tmp_path).render(a_job(sign_in=a_sign_in(locale="he-IL")))
        assert_shown(mail, "האם זה היית אתה?", "19 דצמבר 2025, 15:00 (UTC+8)")
        assert Page(mail.html).elements[0] == ("html", [("lang", "he"), ("dir", "rtl")])


class TestThePlace:
    @pytest.mark.parametrize(
        ("location", "shown"),
        [
            (Location(city="Эрдэнэт"), "Эрдэнэт"),
            (Location(country="MN"), "Монгол"),
            (Location(city="Paris", region="Paris", country="France"), "Paris, France"),
            (Location(city="Улаанбаатар", region="1", country="MN"), "Улаанбаатар, Монгол"),
            (Location(city="Locked, see evil.com", country="MN"), "Монгол"),
            (Location(city="St.Petersburg", country="RU"), "St. Petersburg, Орос"),
        ],
    )
    def test_it_is_told_as_far_as_it_is_known_and_marked_as_approximate(
        self, render, location, shown
    ):
        note = "(IP хаягаар тодорхойлсон тул зөрүүтэй байж болно)"
        mail = render(location=location)
        assert f"Ойролцоо байршил: {shown} {note}" in mail.text.splitlines()

    @pytest.mark.parametrize(
        "location", [None, Location(), Location(city="", country=" "), Location(city="evil.com")]
    )
    def test_without_one_nothing_is_said_of_it(self, render, location):
        assert_not_shown(render(location=location), "байршил")

    @pytest.mark.parametrize(
        "ip_address",
        ["10.1.2.3", "192.168.1.1", "100.64.0.1", "127.0.0.1", "::1", "fd00::1", "fe80::1%eth0"],
    )
    def test_a_private_address_is_nowhere(self, render, ip_address):
        assert_not_shown(render(ip_address=ip_address, location=DARKHAN), "байршил", "Дархан")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "greeting"),
        [
            ("Б.Болд", "Сайн байна уу, Б. Болд?"),
            ("J.R.R.Tolkien", "Сайн байна уу, J. R. R. Tolkien?"),
            ("Martin Luther King Jr.", "Сайн байна уу, Martin Luther King Jr.?"),
            ("D'Arcy & Sons", "Сайн байна уу, D'Arcy & Sons?"),
            ("  Бат \t Эрдэнэ\r\n", "Сайн байна уу, Бат Эрдэнэ?"),
            ("\u202eBold\u200b\x00\u2066", "Сайн байна уу, Bold?"),
            ("{brand} {{ 1234*5678 }} %s {0}", "Сайн байна уу, {brand} {{ 1234*5678 }} %s {0}?"),
        ],
    )
    def test_a_person_is_greeted_by_name(self, render, name, greeting):
        assert_shown(render(name=name), greeting)

    @pytest.mark.parametrize(
        "name",
        [
            "Locked, see evil.com",
            "https://evil",
            "bit.ly/3x",
            "a@b",
            "www.evil",
            "WWW.Evil",
            "ev\u200bil.c\u00adom",
            "evil\uff0ecom",  # full-width dot
            "evil\u3002com",  # ideographic full stop, a dot to browsers
            "хаан.мон",
            "t.me",
            "T.me",
            "t.Me",
            "Call 9911-2233",
            "Call +976 (11) 99 11 22",
        ],
    )
    def test_a_name_that_looks_like_an_address_or_a_link_is_left_out(self, render, name):
        for part in parts(render(name=name)):
            assert "Сайн байна уу?" in part

    @pytest.mark.parametrize("name", ["", "   ", "\u200b\u2060", "\u3164", "\u2800", "\ud800"])
    def test_a_name_that_shows_nothing_is_no_name(self, render, name):
        assert_shown(render(name=name), "Сайн байна уу?")

    def test_an_overlong_name_is_shortened(self, render):
        assert_shown(
            render(name="Болд " * 40), "Сайн байна уу, " + ("Болд " * 12).rstrip()[:59] + "…?"
        )


MARKUP = '"><script>alert(1)</script><a href="https://evil.com">x</a><!-- {{ 1234*5678 }} {% raw %}'
BREAKS = "a\r\nBcc: victim@evil.com\r\n\r\n\u2028\u2029\x85\x0b<b>b"


class TestHostileInput:
    @pytest.mark.parametrize(
        "text", [MARKUP, BREAKS, "https://evil.com/", "\ud800", "{say}{0.__class__}"]
    )
    @pytest.mark.parametrize(
        "field", ["name", "provider", "ip_address", "user_agent", "locale", "time_zone"]
    )
    @pytest.mark.parametrize("locale", ["mn", "en"])
    def test_no_field_adds_an_element_a_link_a_line_or_a_header(self, render, field, text, locale):
        usual = render(locale=locale)
        mail = render(**{"locale": locale} | {field: text})
        assert mail.subject in (usual.subject, render().subject)
        assert mail.headers == usual.headers
        assert len(mail.text.splitlines()) == len(usual.text.splitlines())
        assert self._shape(mail) == self._shape(usual)
        assert_not_shown(mail, "evil.com", "<script", "7006652")
        mail.text.encode()
        mail.html.encode()

    @pytest.mark.parametrize("field", ["city", "region", "country"])
    @pytest.mark.parametrize("text", [MARKUP, BREAKS, "evil.com", "https://evil.com/"])
    def test_no_part_of_a_place_adds_an_element_a_link_or_a_line(self, render, field, text):
        usual = render(location=DARKHAN)
        mail = render(location=replace(DARKHAN, **{field: text}))
        assert len(mail.text.splitlines()) == len(usual.text.splitlines())
        assert self._shape(mail) == self._shape(usual)
        assert_not_shown(mail, "evil.com", "<script")

    def test_an_ip_address_brings_no_text_along(self, render):
        assert "IP хаяг: fe80::1" in render(ip_address="fe80::1%evil").text.splitlines()

    def test_an_address_with_markup_stays_text(self, render):
        mail = render(email='"<b>x</b>\r\n"@example.com')
        assert self._shape(mail) == self._shape(render())
        assert_shown(mail, '"<b>x</b> "@example.com')

    def test_markup_that_is_shown_is_shown_as_written(self, render):
        assert_shown(render(name="<b>Bold</b>"), "<b>Bold</b>")
        assert "&lt;b&gt;Bold&lt;/b&gt;" in render(name="<b>Bold</b>").html

    def _shape(self, mail):
        page = Page(mail.html)
        return page.elements[1:], page.links


class TestTheHtml:
    @pytest.fixture
    def html(self, render):
        return render(location=DARKHAN).html

    def test_the_security_page_is_its_only_link_and_nothing_is_fetched(self, html):
        assert Page(html).links == ["https://yellowbooks.mn/security"]
        assert {tag for tag, _ in Page(html).elements}.isdisjoint({"img", "link", "script"})
        assert "url(" not in html
        assert "@import" not in html

    def test_it_is_small_enough_never_to_be_clipped(self, html):
        assert len(html.encode()) < 30_000

    def test_it_knows_dark_screens(self, html):
        assert ("meta", [("name", "color-scheme"), ("content", "light dark")]) in Page(
            html
        ).elements
        assert "prefers-color-scheme: dark" in html

    def test_the_inbox_previews_device_and_time(self, html):
        preview = "Chrome 131 (Windows) · 2025 оны 12-р сарын 19, 15:00 (UTC+8)"
        assert Page(html).text.startswith(preview)
