"""Where it happened, as far as anybody knows."""

import pytest

from functions.domain.model import Location
from tests.adapters.mail import DARKHAN, assert_not_shown


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
def test_it_is_told_as_far_as_it_is_known_and_marked_as_approximate(render, location, shown):
    note = "(IP хаягаар тодорхойлсон тул зөрүүтэй байж болно)"
    mail = render(location=location)
    assert f"Ойролцоо байршил: {shown} {note}" in mail.text.splitlines()


@pytest.mark.parametrize(
    "location", [None, Location(), Location(city="", country=" "), Location(city="evil.com")]
)
def test_without_one_nothing_is_said_of_it(render, location):
    assert_not_shown(render(location=location), "байршил")


@pytest.mark.parametrize(
    "ip_address",
    ["10.1.2.3", "192.168.1.1", "100.64.0.1", "127.0.0.1", "::1", "fd00::1", "fe80::1%eth0"],
)
def test_a_private_address_is_nowhere(render, ip_address):
    assert_not_shown(render(ip_address=ip_address, location=DARKHAN), "байршил", "Дархан")
