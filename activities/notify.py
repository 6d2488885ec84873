"""Sending one message by GOV.UK Notify, as e-mail or text message. Knows nothing of cases.

Notify does not recognise a repetition by itself: it is asked for our reference first. Its words may repeat an
address or a number, so they go no further than here: only its status and the kind of error do. docs/adr/0050.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, assert_never

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from activities.mail import Message, NotSentError
from pathway_model.language.definition import Channel
from pathway_model.recording import NotDelivered

BASE_URL: Final = "https://api.notifications.service.gov.uk"

SECONDS: Final = 12.0
"""For connecting and for each answer; asking and sending together end before the activity's minute does."""

BAD_REQUEST: Final = 400

NotifyChannel = Literal["email", "text message"]
_KINDS: Final = {"email": "email", "text message": "sms"}

FAILED_FOR_NOW: Final = frozenset({"technical-failure", "cancelled"})
"""Notify did not send it and will not: its documentation asks to send the message again."""

_SERVICE_FAULTS: Final = (
    "team-only",
    "trial mode",
    "Template not found",
    "template_id",
    "Missing personalisation",
    "Service is not allowed",
)
"""In the words of a 400 about our service's settings and not this message. Settings mend them."""

# The client's own log lines repeat what Notify answered; urllib3's, our references.
for _name in ("notifications_python_client", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """A service in GOV.UK Notify, with a template for each channel it is to serve.

    Attributes:
        api_key: Of the service, as Notify shows it once.
        email_template: Has the placeholders `((subject))` and `((body))`; none: no e-mail goes by Notify.
        text_template: Has the placeholder `((body))`; none: text messages are somebody's job.
        base_url: Of Notify's API.
    """

    api_key: str = field(repr=False)
    email_template: str | None = None
    text_template: str | None = None
    base_url: str = BASE_URL


@dataclass(frozen=True, slots=True)
class NotifyPost:
    """GOV.UK Notify, for one channel."""

    settings: NotifySettings
    channel: NotifyChannel
    template: str

    async def send(self, message: Message) -> None:
        """Hand a message to Notify, unless it has it already; a thread does, for the client waits.

        Raises:
            NotSentError: It was not taken, or Notify has found since that it cannot be delivered.
        """
        await asyncio.to_thread(self._send, message)

    def _send(self, message: Message) -> None:
        # Not thread-safe, so one for each message.
        client = NotificationsAPIClient(self.settings.api_key, base_url=self.settings.base_url, timeout=SECONDS)
        try:
            if not self._has(client, message.id):
                self._hand_over(client, message)
        except APIError as error:
            raise _not_sent(error) from None
        finally:
            client.request_session.close()

    def _has(self, client: NotificationsAPIClient, reference: str) -> bool:
        """Whether Notify has the message from an attempt whose answer was lost.

        Raises:
            NotSentError: It has, and could not deliver it.
        """
        answer = client.get_all_notifications(template_type=_KINDS[self.channel], reference=reference)
        return _is_taken(found.get("status") for found in answer["notifications"])

    def _hand_over(self, client: NotificationsAPIClient, message: Message) -> None:
        match self.channel:
            case "email":
                client.send_email_notification(
                    message.to,
                    self.template,
                    personalisation={"subject": message.subject, "body": message.body},
                    reference=message.id,
                )
            case "text message":
                client.send_sms_notification(
                    message.to, self.template, personalisation={"body": message.body}, reference=message.id
                )
            case _:
                assert_never(self.channel)


def notify_posts(settings: NotifySettings) -> dict[Channel, NotifyPost]:
    """A post for each channel that has a template."""
    templates: dict[NotifyChannel, str | None] = {
        "email": settings.email_template,
        "text message": settings.text_template,
    }
    return {
        channel: NotifyPost(settings, channel, template)
        for channel, template in templates.items()
        if template is not None
    }


def _is_taken(statuses: Iterable[Any]) -> bool:
    """Judge what Notify says of all messages under one reference.

    Raises:
        NotSentError: None is on its way, and the address is to blame.
    """
    known = set(statuses) - FAILED_FOR_NOW
    failures: dict[str, NotDelivered] = {"permanent-failure": "refused", "temporary-failure": "unreachable"}
    if known - failures.keys():
        return True
    for status, reason in failures.items():
        if status in known:
            raise NotSentError(f"Notify says {status}", reason)
    return False


def _not_sent(error: APIError) -> NotSentError:
    """What an answer that is no success means for the message; 403, 429 and 5xx are not about it."""
    # No answer at all counts as 503 to the client.
    status, kind, words = error.status_code, *_said(error)
    reason: NotDelivered | None = None
    if status == BAD_REQUEST and not any(fault in words for fault in _SERVICE_FAULTS):
        reason = "no address" if words.startswith(("email_address", "phone_number")) else "refused"
    return NotSentError(f"Notify answered {status} {kind}".rstrip(), reason)


def _said(error: APIError) -> tuple[str, str]:
    """Kind and words of the first error; empty where the answer is not of Notify's form."""
    errors = error.message
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return "", ""
    kind, words = str(errors[0].get("error", "")), str(errors[0].get("message", ""))
    # Of Notify's own kinds only: whatever else stands there might be a proxy's words.
    return (kind if kind.isalnum() and kind.endswith(("Error", "Found")) else ""), words
