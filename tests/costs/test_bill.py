"""Dollars, and where they are from."""

import pytest

from costs.always_on import break_even_a_month, dollars_a_month, per_month_always_on
from costs.bill import MILLION, per_month, per_notice
from costs.facts import Facts, Missing
from costs.tables import prices


def of(lines, component, what):
    [line] = [line for line in lines if (line.component, line.what) == (component, what)]
    return line


@pytest.mark.parametrize(("rate", "requests"), [(1, 1 + 2 * 3), (100, 1 + 2 * 3 / 10)])
def test_messages_that_travel_together_are_received_and_deleted_together(facts, rate, requests):
    assert of(per_notice(facts, rate), "SQS", "requests").quantity == pytest.approx(requests)


def test_a_full_batch_is_charged_for_the_time_in_which_it_waits_for_its_turn(facts):
    # nine intervals of 250 ms and the batch itself, for ten mails, at 1 GB
    seconds = of(per_notice(facts, 100), "Lambda worker", "GB-seconds").quantity
    assert seconds == pytest.approx((9 * 0.250 + 0.100) / 10)


def test_a_quiet_service_is_traced_as_a_whole_and_a_busy_one_in_part(facts):
    assert of(per_notice(facts, 0.1), "X-Ray", "traces").quantity == pytest.approx(4)
    assert of(per_notice(facts, 10_000), "X-Ray", "traces").quantity < 0.1


def test_most_of_a_notice_is_its_mail(facts):
    lines = list(per_notice(facts, 100))
    mail = of(lines, "SES", "mails").dollars
    assert mail * MILLION == pytest.approx(100)
    assert mail > sum(line.dollars for line in lines) / 2


def test_below_the_break_even_this_service_is_cheaper_and_above_it_is_not(facts):
    even = break_even_a_month(facts)
    here, there = dollars_a_month(facts, even * 0.9)
    assert here < there
    here, there = dollars_a_month(facts, even * 1.1)
    assert here > there


def test_every_price_of_the_table_is_used_and_says_where_it_is_from(facts):
    used = {line.price for bill in (per_notice(facts, 1), per_month(facts)) for line in bill}
    used |= {line.price for line in per_month_always_on()} | {"ses_mail_essentials"}
    assert used == set(prices())
    for price in prices().values():
        assert price.page.startswith("https://aws.amazon.com/")
        assert (price.read_in is None) == (price.dated is None)


def test_a_figure_that_nobody_has_measured_is_named(facts):
    with pytest.raises(Missing, match=r"no figure `api\.p50_ms`: run `make bench`"):
        list(per_notice(Facts(counted=facts.counted, measured={}), 1))
