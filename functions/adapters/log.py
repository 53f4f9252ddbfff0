"""The log transport: for development, and for a stage that must not mail."""

from aws_lambda_powertools import Logger

from functions.domain.model import Job, Mail


class LogMailer:
    """Writes that a mail would have left (see `functions.domain.ports.Mailer`)."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    def send(self, mail: Mail, *, job: Job) -> None:
        """Log the mail's measures; never its address or its content."""
        self._logger.info(
            "mail logged",
            job_id=job.job_id,
            text_characters=len(mail.text),
            html_characters=len(mail.html),
        )
