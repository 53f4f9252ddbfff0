"""Addresses at simulator.test choose what becomes of their mail. Never in production."""

import re
from collections.abc import Callable
from typing import Final, NoReturn

from functions.domain.errors import (
    AccountDeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    UnknownDeliveryError,
)
from functions.domain.model import Job, Mail
from functions.domain.ports import Mailer

DOMAIN: Final = "simulator.test"
_COUNTED = re.compile(r"(fail|paused)-(\d{1,3})", re.ASCII)


class Simulator:
    """Stands before a transport (see `functions.domain.ports.Mailer`)."""

    def __init__(self, transport: Mailer, *, die: Callable[[], NoReturn]) -> None:
        """Take what ends the process at once, as a crash does."""
        self._transport = transport
        self._die = die

    def send(self, mail: Mail, *, job: Job) -> None:
        """Do what the address asks for; the tries of a job's whole life are counted."""
        wish, _, domain = mail.recipient.rpartition("@")
        if domain != DOMAIN:
            wish = "ok"
        _refuse(wish, tries=job.tries)
        first = job.tries == 1
        if first and wish == "crash-before":
            self._die()
        if not (first and wish == "unknown-lost"):
            self._transport.send(mail, job=job)
        if first and wish == "crash-after":
            self._die()
        if first and wish in {"unknown-sent", "unknown-lost"}:
            raise UnknownDeliveryError(
                error_type="SimulatedTimeout", sentence="The simulator was asked not to answer."
            )


def _refuse(wish: str, *, tries: int) -> None:
    counted = _COUNTED.fullmatch(wish)
    fails = counted is not None and tries <= int(counted[2])
    if wish == "down" or (counted and fails and counted[1] == "fail"):
        raise TransientDeliveryError(
            error_type="SimulatedOutage", sentence="The simulator was asked to fail for now."
        )
    if counted and fails and counted[1] == "paused":
        raise AccountDeliveryError(
            error_type="SimulatedPause", sentence="The simulator was asked to pause the account."
        )
    if wish == "reject":
        raise PermanentDeliveryError(
            error_type="SimulatedRejection", sentence="The simulator was asked to refuse the mail."
        )
