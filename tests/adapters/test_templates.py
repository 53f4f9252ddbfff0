"""What the mail says."""

import re

import pytest

from tests.adapters.mail import (
    DARKHAN,
    REPORT_LINK,
    SECURITY_PAGE,
    Page,
    assert_shown,
    mail_of,
    templates,
)
from tests.builders import a_job

URL = re.compile(r"[a-z][a-z0-9+.-]*:/?/?[^\s<>\"]+", re.IGNORECASE)


def test_in_mongolian_it_tells_all_that_is_known_of_the_sign_in(render):
    mail = render(location=DARKHAN)
    assert mail.subject == "🔐 Таны бүртгэлд нэвтэрсэн байна - Yellow Books"
    assert_shown(
        mail,
        "Сайн байна уу, John?",
        "Таны Yellow Books бүртгэлд нэвтэрсэн байна.",
        "Нэвтрэлтийн мэдээлэл",
        "Та өөрөө нэвтэрсэн үү?",
        "Тийм бол юу ч хийх шаардлагагүй.",
        "Би нэвтрээгүй",
        "GitHub бүртгэлийнхээ аюулгүй байдлыг шалгаж, бусад бүх төхөөрөмжөөс гарна уу.",
        "Аюулгүй байдлын хуудас",
        "Бид имэйлээр нууц үг хэзээ ч асуудаггүй. Асуулт байвал энэ имэйлд хариу бичнэ үү.",
        "Хүндэтгэсэн,",
        "Yellow Books баг",
    )
    assert "Үгүй бол доорх товчийг дарж, бидэнд нэн даруй мэдэгдэнэ үү." in Page(mail.html).text
    assert "Үгүй бол доорх холбоосыг нээж, бидэнд нэн даруй мэдэгдэнэ үү." in mail.text
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


def test_in_english_it_tells_all_that_is_known_of_the_sign_in(render):
    mail = render(locale="en", location=DARKHAN)
    assert mail.subject == "🔐 New sign-in to your account - Yellow Books"
    assert_shown(
        mail,
        "Hello John,",
        "Someone has signed in to your Yellow Books account.",
        "Sign-in details",
        "Was this you?",
        "If so, there is nothing to do.",
        "This wasn't me",
        "Check the security of your GitHub account and sign out on all other devices.",
        "Security page",
        "We never ask for your password by e-mail.",
        "Kind regards,",
        "The Yellow Books team",
    )
    assert "If not, press the button below and tell us right away." in Page(mail.html).text
    assert "If not, open the link below and tell us right away." in mail.text
    for fact in (
        "E-mail address: user@example.com",
        "Sign-in method: GitHub",
        "IP address: 203.0.113.7",
        "Browser, device: Chrome 131 (Windows)",
        "Date, time: 19 December 2025, 15:00 (UTC+8)",
        (
            "Approximate location: Дархан, Дархан-Уул, Mongolia"
            " (from the IP address, so it may be wrong)"
        ),
        "Reference number: 3f9a1c07",
    ):
        assert fact in mail.text.splitlines()
        assert fact.replace(": ", " ", 1) in Page(mail.html).text


def test_it_goes_to_the_address_of_the_account(render):
    assert render(email="someone@example.org").recipient == "someone@example.org"


def test_an_answer_to_it_reaches_the_support_and_no_machine_answers(render):
    assert render().headers == (
        ("Reply-To", "support@yellowbooks.mn"),
        ("Auto-Submitted", "auto-generated"),
    )


def test_without_a_name_it_greets_all_the_same(render):
    assert_shown(render(name=None), "Сайн байна уу?")
    assert render(name=None, locale="en").text.startswith("Hello,\n")


def test_what_is_not_known_is_said_to_be_unknown(render):
    nothing = {"ip_address": None, "user_agent": None}
    mongolian = render(**nothing).text.splitlines()
    assert "IP хаяг: Тодорхойгүй" in mongolian
    assert "Хөтөч, төхөөрөмж: Тодорхойгүй" in mongolian
    english = render(**nothing, locale="en").text.splitlines()
    assert "IP address: Unknown" in english
    assert "Browser, device: Unknown" in english


def test_its_reference_is_the_end_of_the_jobs_id():
    job = a_job(job_id="signin-019b3522-9a80-7c11-8a5e-5d0c0011aabb")
    assert "Лавлах дугаар: 0011aabb" in templates().render(job).text.splitlines()


@pytest.mark.parametrize("locale", ["mn", "en", None])
def test_every_link_leads_to_the_report_or_to_the_security_page(render, locale):
    mail = render(locale=locale, location=DARKHAN)
    ours = {REPORT_LINK, SECURITY_PAGE}
    assert set(Page(mail.html).links) == ours
    assert set(URL.findall(mail.text)) == ours
    assert URL.findall(Page(mail.html).text) == []


def test_the_report_link_is_the_jobs_own():
    job = a_job()
    ours = templates(report_link=lambda job: f"https://api.example.com/report/{job.job_id}?a&b")
    mail = ours.render(job)
    link = f"https://api.example.com/report/{job.job_id}?a&b"
    assert link in mail.text.splitlines()
    assert ("Би нэвтрээгүй", link) in Page(mail.html).labelled_links


def test_the_button_reports_and_the_other_link_leads_to_the_security_page(render):
    assert Page(render(locale="en").html).labelled_links == [
        ("This wasn't me", REPORT_LINK),
        ("Security page", SECURITY_PAGE),
    ]
    lines = render(locale="en").text.splitlines()
    assert lines[lines.index("This wasn't me:") + 1] == REPORT_LINK
    assert lines[lines.index("Security page:") + 1] == SECURITY_PAGE


def test_it_has_the_name_and_the_page_of_the_brand_that_sends_it():
    ours = templates(brand_name="Шар {Ном} & Co", security_page_url="https://example.com/s?a=1&b=2")
    mail = mail_of(ours)
    assert mail.subject.endswith(" - Шар {Ном} & Co")
    assert_shown(mail, "Шар {Ном} & Co баг")
    assert "https://example.com/s?a=1&b=2" in mail.text
    assert "https://example.com/s?a=1&b=2" in Page(mail.html).links


@pytest.mark.parametrize(
    ("color", "ink"), [("#ffc53d", "#1b1c1f"), ("#0a5c36", "#ffffff"), ("#1B1C1F", "#ffffff")]
)
def test_the_button_has_the_brands_colour_and_an_ink_that_can_be_read_on_it(color, ink):
    html = mail_of(templates(brand_color=color)).html
    [style] = [
        dict(attributes)["style"]
        for tag, attributes in Page(html).elements
        if tag == "a" and dict(attributes)["href"] == REPORT_LINK
    ]
    assert f";color:{ink};" in style
    assert f'bgcolor="{color}"' in html
