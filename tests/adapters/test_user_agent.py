"""The device, named as its owner would."""

import time

import pytest

from tests.adapters.mail import assert_shown
from tests.builders import a_sign_in


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        (a_sign_in().user_agent, "Chrome 131 (Windows)"),
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
        ("YellowBooksApp/9911.2233 (iOS)", "YellowBooksApp (iOS)"),
        ("YellowBooksApp/2024.1 (iOS)", "YellowBooksApp 2024.1 (iOS)"),
    ],
)
def test_browser_and_system_are_named_as_people_call_them(render, user_agent, shown):
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
        "Call 9911 2233/1.0 CFNetwork/1",
        "Call99112233/1.0",
    ],
)
def test_a_device_that_cannot_be_named_safely_is_unknown(render, user_agent):
    mail = render(user_agent=user_agent)
    assert "Хөтөч, төхөөрөмж: Тодорхойгүй" in mail.text.splitlines()


def test_the_longest_user_agent_costs_little(render):
    began_s = time.thread_time()
    assert_shown(render(user_agent="a" * 1024), "Тодорхойгүй")
    assert_shown(render(user_agent="A/1 " * 256), "Тодорхойгүй")
    # Of the processor, whatever else it does: a twentieth of a second, if no pattern tries in vain.
    assert time.thread_time() - began_s < 2
