"""Sending one message by mail, and telling a refusal for good from one that may pass. Knows nothing of cases.

What a mail server answers may repeat an address, so its words go no further than here: only its code does.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal, Protocol

import aiosmtplib

from pathway_model.recording import NotDelivered

PERMANENT: Final = range(500, 600)
"""SMTP reply codes after which trying again would only be refused again (RFC 5321, 4.2.1)."""

SERVICE_FAULTS: Final = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Permanent by their number, but about us and not the message: our sign-in or our words. Settings mend them."""

SECONDS: Final = 20.0

MESSAGE_ID_DOMAIN: Final = "handrail.invalid"
"""Not the sender's: message ids stay the same when the address that notices come from changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server that notices leave by.

    Attributes:
        sender: As it stands in From: `Name <address>`.
    """

    host: str
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "Handrail <handrail@localhost>"


class NotSentError(Exception):
    """The message was not taken. `reason` is set when it never will be."""

    def __init__(self, kind: str, reason: NotDelivered | None = None) -> None:
        super().__init__(kind)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notice on its way out.

    Attributes:
        id: The same at each attempt, so that a second copy is known for one.
        to: Address, as the channel has it.
        subject: One line.
        body: Plain text.
    """

    id: str
    to: str
    subject: str
    body: str


class Post(Protocol):
    """Whoever takes messages of one channel for delivery."""

    async def send(self, message: Message) -> None:
        """Have a message delivered.

        Raises:
            NotSentError: It was not taken.
        """


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """A mail server."""

    settings: MailSettings

    async def send(self, message: Message) -> None:
        """Hand a message to the mail server.

        Raises:
            NotSentError: It was not taken.
        """
        settings = self.settings
        mail = _mail(message, settings.sender)
        try:
            await aiosmtplib.send(
                mail,
                hostname=settings.host,
                port=settings.port,
                username=settings.username,
                password=settings.password,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _not_sent(error.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _not_sent(error.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentError(type(error).__name__) from None


def _mail(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage()
    try:
        mail["To"] = message.to
        mail["Subject"] = message.subject
    except ValueError:
        raise NotSentError("no usable address", "no address") from None
    mail["From"] = sender
    mail["Message-ID"] = f"<{message.id}@{MESSAGE_ID_DOMAIN}>"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _not_sent(code: int) -> NotSentError:
    refused = code in PERMANENT and code not in SERVICE_FAULTS
    return NotSentError(f"mail server answered {code}", "refused" if refused else None)
