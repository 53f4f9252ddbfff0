"""How somebody signed in: the provider's name, and what its kind means for the advice."""

from typing import Final

from functions.adapters.untrusted_text import looks_like_a_link

#: proper names; a provider that is not here is shown by its own id
_PROVIDERS: Final = {
    "apple": "Apple",
    "azure-ad": "Microsoft",
    "discord": "Discord",
    "facebook": "Facebook",
    "github": "GitHub",
    "gitlab": "GitLab",
    "google": "Google",
    "instagram": "Instagram",
    "kakao": "Kakao",
    "line": "LINE",
    "linkedin": "LinkedIn",
    "microsoft": "Microsoft",
    "microsoft-entra-id": "Microsoft",
    "naver": "Naver",
    "slack": "Slack",
    "telegram": "Telegram",
    "twitch": "Twitch",
    "twitter": "X (Twitter)",
    "vk": "VK",
    "yahoo": "Yahoo",
    "yandex": "Yandex",
}
_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_PASSWORD: Final = frozenset({"credentials", "email-password", "password", "username-password"})
#: Auth.js's ids of a link by mail, and what others call it
_LINK_BY_MAIL: Final = frozenset(
    {
        *("email", "email-link", "forwardemail", "loops", "magic-link", "mailgun"),
        *("nodemailer", "postmark", "resend", "sendgrid"),
    }
)


def name_and_kind(provider_id: str) -> tuple[str, str]:
    """Return the provider's name, and the kind by which the texts differ.

    A name that we don't know keeps `[a-z0-9-]` only, so it can neither link nor format anything;
    whether it is a provider with accounts of its own, or a passkey, we don't know either.
    """
    provider_id = provider_id.lower().removesuffix(".com")  # Firebase's `google.com`
    name = _PROVIDERS.get(provider_id) or "".join(
        character for character in provider_id if character in _CHARACTERS
    ).strip("-")
    if not name or looks_like_a_link(name):
        return "", "unknown"
    if provider_id in _PASSWORD:
        return name, "password"
    if provider_id in _LINK_BY_MAIL:
        return name, "link"
    return name, "provider" if provider_id in _PROVIDERS else "unknown"
