"""Addresses at simulator.test choose what becomes of their mail. Never in production."""

import re
from typing import Final

from functions.domain.errors import PermanentDeliveryError, TransientDeliveryError
from functions.domain.model import Job, Mail
from functions.domain.ports import Mailer

DOMAIN: Final = "simulator.test"
_FAIL = re.compile(r"fail-(\d{1,3})")


class Simulator:
    """Stands before a transport (see `functions.domain.ports.Mailer`)."""

    def __init__(self, transport: Mailer) -> None:
        self._transport = transport

    def send(self, mail: Mail, *, job: Job) -> None:
        """Do what the address asks for: `ok`, `fail-N`, `down` or `reject`."""
        wish, _, domain = mail.recipient.rpartition("@")
        if domain == DOMAIN:
            _obey(wish, tries=job.tries)
        self._transport.send(mail, job=job)


def _obey(wish: str, *, tries: int) -> None:
    fails = _FAIL.fullmatch(wish)
    if wish == "down" or (fails and tries <= int(fails[1])):
        raise TransientDeliveryError(
            error_type="SimulatedOutage", sentence="The simulator was asked to fail for now."
        )
    if wish == "reject":
        raise PermanentDeliveryError(
            error_type="SimulatedRejection", sentence="The simulator was asked to refuse the mail."
        )
