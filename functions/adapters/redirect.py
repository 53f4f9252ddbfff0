"""Outside production, mail reaches only those who asked for it."""

from collections.abc import Collection
from dataclasses import replace

from functions.domain.errors import PermanentDeliveryError
from functions.domain.model import Job, Mail
from functions.domain.ports import Mailer


class Redirect:
    """Sends to an allowlist; everything else goes to one sink (see `ports.Mailer`)."""

    def __init__(
        self, transport: Mailer, *, stage: str, allowlist: Collection[str], sink: str
    ) -> None:
        """Take whole addresses, and domains with a leading `@`."""
        self._transport = transport
        self._stage = stage
        self._allowlist = {entry.lower() for entry in allowlist}
        self._sink = sink

    def send(self, mail: Mail, *, job: Job) -> None:
        """Send to the recipient if allowed, else to the sink; without one the mail is refused."""
        recipient = mail.recipient.lower()
        if self._allowlist.isdisjoint({recipient, "@" + recipient.rpartition("@")[2]}):
            if not self._sink:
                raise PermanentDeliveryError(
                    error_type="NotOnAllowlist",
                    sentence="This stage mails only to its allowlist, and it has no sink.",
                )
            mail = replace(mail, recipient=self._sink, subject=f"[{self._stage}] {mail.subject}")
        self._transport.send(mail, job=job)
