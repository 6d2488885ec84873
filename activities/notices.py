"""The activity that delivers one notice: judged again, sent, and recorded as sent.

Consent, address and words are read at the moment of sending, in one transaction; the message goes out between
two transactions, never inside one. It may go out twice when a worker dies in between, under the same Message-ID;
it is recorded once.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, assert_never

from sqlalchemy import Engine
from temporalio import activity

from activities.contracts import (
    DELIVER_NOTICE,
    NEVER_STORED,
    NOT_YET_DELIVERED,
    DeliverNotice,
    NotDelivered,
    NoticeDelivered,
)
from activities.failures import failed, unforeseen_errors_unnamed
from activities.mail import Message, NotSentError, Post
from pathway_model.language.definition import Channel
from records.engine import writing
from records.errors import CommitUnknownError, NotOnRecordError, RecordsUnavailableError
from records.inbox import deliver_to_inbox
from records.notices import (
    AlreadyDelivered,
    SendNow,
    Withheld,
    claim_for_sending,
    mark_delivered,
    mark_not_delivered,
)

DELIVERED: Final = NoticeDelivered(outcome="delivered")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Notices:
    """The outbox, as the cases of one worker reach it.

    Attributes:
        engine: The records.
        posts: Take what goes out, by channel.
        clock: The time, UTC, whole seconds.
    """

    engine: Engine
    posts: Mapping[Channel, Post]
    clock: Callable[[], datetime] = _now

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver_notice(self, notice: DeliverNotice) -> NoticeDelivered:
        """Deliver a notice, or find that it must not or can never be delivered.

        Raises:
            ApplicationError: `NotYetDelivered`: to be tried again.
        """
        with unforeseen_errors_unnamed():
            try:
                return await self._deliver(notice)
            except (RecordsUnavailableError, CommitUnknownError, NotSentError) as error:
                raise failed(NOT_YET_DELIVERED, error) from None
            except NotOnRecordError as error:
                raise failed(NEVER_STORED, error) from None

    async def _deliver(self, notice: DeliverNotice) -> NoticeDelivered:
        claimed = await asyncio.to_thread(self._claim, notice)
        match claimed:
            case AlreadyDelivered():
                return DELIVERED
            case Withheld(reason=reason):
                # Stopped after a death, it is nobody's job, so the case hears no reason.
                heard = None if reason == "notices stopped" else reason
                return NoticeDelivered(outcome="not delivered", reason=heard)
            case SendNow():
                return await self._send(claimed)
            case _:
                assert_never(claimed)

    async def _send(self, sent: SendNow) -> NoticeDelivered:
        if sent.channel == "inbox":
            await asyncio.to_thread(self._put_into_inbox, sent)
            return DELIVERED
        post = self.posts.get(sent.channel)
        if post is None:
            # Nobody takes letters or text messages from us, say: the owner gets the job of reaching them.
            return await self._give_up(sent, "unreachable")
        try:
            await post.send(Message(id=sent.message_id, to=sent.address, subject=sent.subject, body=sent.body))
        except NotSentError as error:
            if error.reason is None:
                raise
            return await self._give_up(sent, error.reason)
        await asyncio.to_thread(self._mark_delivered, sent)
        return DELIVERED

    async def _give_up(self, sent: SendNow, reason: NotDelivered) -> NoticeDelivered:
        await asyncio.to_thread(self._mark_not_delivered, sent, reason)
        return NoticeDelivered(outcome="not delivered", reason=reason)

    def _claim(self, notice: DeliverNotice) -> SendNow | AlreadyDelivered | Withheld:
        with writing(self.engine) as session:
            return claim_for_sending(session, notice.case, notice.notice, now=self.clock())

    def _put_into_inbox(self, sent: SendNow) -> None:
        with writing(self.engine) as session:
            deliver_to_inbox(session, sent, now=self.clock())

    def _mark_delivered(self, sent: SendNow) -> None:
        with writing(self.engine) as session:
            mark_delivered(session, sent, now=self.clock())

    def _mark_not_delivered(self, sent: SendNow, reason: NotDelivered) -> None:
        with writing(self.engine) as session:
            mark_not_delivered(session, sent.case, sent.notice, reason=reason, now=self.clock())
