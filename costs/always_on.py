"""What would run instead: Redis, PostgreSQL and two containers behind a load balancer."""

from collections.abc import Iterator
from typing import Final

from costs.bill import MONTH_S, Line, entered, per_month, per_notice
from costs.facts import Facts

_HOURS: Final = MONTH_S / 3_600
_NODES = _TASKS = _ZONES = 2
_VCPU, _GB = 0.5, 1
_DATABASE_GB: Final = 20
#: two zones of the load balancer, and two tasks that reach SES without a NAT gateway
_ADDRESSES: Final = _ZONES + _TASKS


def per_month_always_on() -> Iterator[Line]:
    """Bill a month of it; the smallest of each that survives the loss of a zone."""
    return entered(
        "Always on",
        ("ElastiCache, two cache.t4g.small", _NODES * _HOURS, "redis_node_hour"),
        ("RDS PostgreSQL, db.t4g.small in two zones", _HOURS, "postgresql_multi_az_hour"),
        (f"{_DATABASE_GB} GB in two zones", _ZONES * _DATABASE_GB, "postgresql_gb_month"),
        ("two containers, 0.5 vCPU each", _TASKS * _VCPU * _HOURS, "fargate_vcpu_hour_arm64"),
        ("two containers, 1 GB each", _TASKS * _GB * _HOURS, "fargate_gb_hour_arm64"),
        ("load balancer", _HOURS, "load_balancer_hour"),
        ("load balancer, one capacity unit", _HOURS, "load_balancer_unit_hour"),
        ("public IPv4 addresses", _ADDRESSES * _HOURS, "ipv4_hour"),
    )


def dollars_a_month(facts: Facts, notices: float) -> tuple[float, float]:
    """Return what so many notices a month cost, spread evenly: here, and there.

    Only mails are charged by the notice there; its logs, metrics and alarms are left out.
    """
    bill = list(per_notice(facts, notices / MONTH_S))
    mail = sum(line.dollars for line in bill if line.component == "SES")
    here = sum(line.dollars for line in per_month(facts))
    there = sum(line.dollars for line in per_month_always_on())
    return here + notices * sum(line.dollars for line in bill), there + notices * mail


def break_even_a_month(facts: Facts) -> int:
    """Return from how many notices a month on the always-on system is cheaper."""
    low, high = 1, 10**9
    while low < high:
        middle = (low + high) // 2
        here, there = dollars_a_month(facts, middle)
        if here > there:
            high = middle
        else:
            low = middle + 1
    return low
