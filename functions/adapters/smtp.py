"""The SMTP transport: a company's relay, or any provider that speaks it."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Final, Literal

from functions.adapters.smtp_session import Deadline, Limits, Session, TlsSession
from functions.domain.errors import (
    AccountDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TransientDeliveryError,
    Unavailable,
    UnknownDeliveryError,
)
from functions.domain.model import Job, Mail

_FIRST_PERMANENT_REPLY: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A relay's user name and password."""

    username: str
    password: str


class SmtpMailer:
    """Sends over one connection per mail (see `functions.domain.ports.Mailer`)."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        tls: Literal["starttls", "implicit", "none"],
        login: Callable[[], Login] | None,
        sender: str,
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        """Take the sender as it stands in the mail: `Brand <address>`; `clock` is monotonic.

        `login` reads what the relay wants now; it may raise `Unavailable`.
        """
        self._host = host
        self._port = port
        self._tls = tls
        self._login = login
        self._sender = sender
        self._limits = limits
        self._clock = clock

    def send(self, mail: Mail, *, job: Job) -> None:
        """Hand the mail to the relay; what it answers decides the error's class."""
        try:
            message = mime(mail, sender=self._sender, job_id=job.job_id)
        except ValueError as error:
            raise PermanentDeliveryError(
                error_type=type(error).__name__, sentence="The mail can't be put into a message."
            ) from error
        deadline = Deadline(self._limits, self._clock)
        connection = self._connection(self._read_login(), deadline)
        try:
            connection.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise _refused(error, data_begun=connection.data_begun) from error
        finally:
            # Whether the mail was taken is decided: a goodbye that fails must not send it again.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _read_login(self) -> Login | None:
        try:
            return self._login() if self._login else None
        except Unavailable as error:
            raise TransientDeliveryError(
                error_type=type(error.__cause__).__name__,
                sentence="The login for the relay could not be read.",
            ) from error
        except (TypeError, ValueError) as error:
            # Never its text: it quotes the secret.
            raise AccountDeliveryError(
                error_type=type(error).__name__,
                sentence="The secret of the relay's login does not have its form.",
            ) from None

    def _connection(self, login: Login | None, deadline: Deadline) -> Session:
        context = ssl.create_default_context()
        try:
            with ExitStack() as on_failure:
                if self._tls == "implicit":
                    connection: Session = TlsSession(
                        self._host, self._port, deadline=deadline, context=context
                    )
                else:
                    connection = Session(self._host, self._port, deadline=deadline)
                on_failure.callback(connection.close)
                if self._tls == "starttls":
                    connection.starttls(context=context)
                if login:
                    connection.login(login.username, login.password)
                on_failure.pop_all()
        except smtplib.SMTPAuthenticationError as error:
            raise AccountDeliveryError(
                error_type=type(error).__name__, sentence="The relay refused our login."
            ) from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            # No attempt will succeed before somebody has mended the relay or the settings.
            raise AccountDeliveryError(
                error_type=type(error).__name__,
                sentence="The relay offers no TLS that we can trust, or no login.",
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TransientDeliveryError(
                error_type=type(error).__name__, sentence="The relay could not be reached."
            ) from error
        return connection


def mime(mail: Mail, *, sender: str, job_id: str) -> EmailMessage:
    """Return the mail as a standard message.

    Raises:
        ValueError: a header would say something else than it was given: a line break anywhere, or
            an address like `=?utf-8?q?x?=@example.com`, which a header makes `x@example.com` of.
    """
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.recipient)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = f"<{job_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _refused(error: smtplib.SMTPException | OSError, *, data_begun: bool) -> DeliveryError:
    match error:
        case smtplib.SMTPSenderRefused():
            kind: type[DeliveryError] = AccountDeliveryError
            code, sentence = error.smtp_code, "The relay refused the sender."
        case smtplib.SMTPHeloError():
            kind, sentence = AccountDeliveryError, "The relay refused our greeting."
            code = error.smtp_code
        case smtplib.SMTPRecipientsRefused():
            kind, sentence = PermanentDeliveryError, "The relay refused the recipient."
            code = next(iter(error.recipients.values()))[0]
        case smtplib.SMTPResponseException():
            kind, sentence = PermanentDeliveryError, "The relay refused this mail."
            code = error.smtp_code
        case _ if not data_begun:
            return TransientDeliveryError(
                error_type=type(error).__name__,
                sentence="The relay fell silent before it was given the mail.",
            )
        case _:
            return UnknownDeliveryError(
                error_type=type(error).__name__,
                sentence="The relay gave no clear answer; the mail may or may not have left.",
            )
    if code < _FIRST_PERMANENT_REPLY:
        kind, sentence = TransientDeliveryError, "The relay can't take the mail now."
    return kind(error_type=f"{type(error).__name__}{code}", sentence=sentence)
