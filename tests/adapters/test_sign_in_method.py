"""How somebody signed in, and what to do about it."""

import pytest

from tests.adapters.mail import assert_not_shown, assert_shown


@pytest.mark.parametrize(
    ("provider", "shown"),
    [
        ("github", "GitHub"),
        ("google", "Google"),
        ("facebook", "Facebook"),
        ("apple", "Apple"),
        ("microsoft-entra-id", "Microsoft"),
        ("Google", "Google"),
        ("google.com", "Google"),
    ],
)
def test_a_provider_has_its_proper_name_and_is_to_be_looked_after(render, provider, shown):
    mail = render(provider=provider)
    assert f"Нэвтэрсэн арга: {shown}" in mail.text.splitlines()
    assert_shown(
        mail, f"{shown} бүртгэлийнхээ аюулгүй байдлыг шалгаж, бусад бүх төхөөрөмжөөс гарна уу."
    )


@pytest.mark.parametrize(
    ("provider", "shown"),
    [
        ("company-sso2", "company-sso2"),
        ("passkey", "passkey"),
        ("E\u0301vil.com\n<b>", "evilcomb"),
    ],
)
def test_what_we_don_t_know_is_named_in_safe_letters_and_given_no_account(render, provider, shown):
    mail = render(provider=provider)
    assert f"Нэвтэрсэн арга: {shown}" in mail.text.splitlines()
    assert_shown(mail, "Бусад бүх төхөөрөмжөөс гарна уу.")
    assert_not_shown(mail, f"{shown} бүртгэлийнхээ")


def test_who_signed_in_by_password_is_told_to_change_it(render):
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


def test_who_signed_in_by_a_mailed_link_is_told_to_look_after_the_mailbox(render):
    assert_shown(
        render(provider="magic-link"), "Имэйлээр ирсэн холбоос", "Имэйл хаягийнхаа аюулгүй байдлыг"
    )
    assert_shown(
        render(provider="email", locale="en"),
        "Link sent by e-mail",
        "Check the security of your e-mail account",
    )


@pytest.mark.parametrize("provider", ["github", "email", "company-sso", "Гугл"])
def test_nobody_is_told_to_change_a_password_that_does_not_exist(render, provider):
    assert_not_shown(render(provider=provider), "Нууц үгээ сольж")
    assert_not_shown(render(provider=provider, locale="en"), "Change your password")


def test_a_provider_without_a_safe_letter_is_unknown(render):
    mail = render(provider="Гугл")
    assert "Нэвтэрсэн арга: Тодорхойгүй" in mail.text.splitlines()
    assert_shown(mail, "Бусад бүх төхөөрөмжөөс гарна уу.")


@pytest.mark.parametrize("provider", ["call-9911-2233", "99112233", "--"])
def test_a_provider_whose_id_reads_like_a_telephone_number_is_unknown(render, provider):
    mail = render(provider=provider)
    assert "Нэвтэрсэн арга: Тодорхойгүй" in mail.text.splitlines()
