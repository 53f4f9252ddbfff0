"""What the domain asks of the world outside, one small protocol each."""

from typing import Protocol

from functions.domain.model import Job, Mail


class Renderer(Protocol):
    """Turns a job into the mail its reader gets."""

    def render(self, job: Job) -> Mail:
        """Return the mail; whatever it raises is permanent for this job."""


class Mailer(Protocol):
    """Hands a mail over to a transport."""

    def send(self, mail: Mail, *, job: Job) -> None:
        """Return once the transport took the mail; raise a `DeliveryError` otherwise."""
