"""The delivery activity: consent as it is at sending, sent at least once, recorded once, and what cannot be sent."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import NOT_YET_DELIVERED, DeliverNotice, NoticeDelivered
from activities.mail import MailSettings, Message, NotSentError, SmtpPost
from activities.notices import Notices
from activities.record import Records
from pathway_model.case import ConsentState
from pathway_model.effects import SendNotice
from pathway_model.events import ConsentRecorded, ContactAdded
from pathway_model.language.names import ContactId
from records import contacts
from records.contacts import Contact
from records.engine import reading, writing
from records.inbox import messages
from records.notices import of_case
from records.people import Way
from records.scope import SYSTEM
from tests.records.story import AT, CASE, Told, recording, referred, then
from tests.servers import Mailbox

HELLO = SendNotice(id="case-1/1/hello/person", notice="hello", recipient="person")
PLAN = SendNotice(id="case-1/3/plan/gp-1", notice="plan", recipient="gp-1", consent="share_with_gp")
DELIVERED = NoticeDelivered(outcome="delivered")


@dataclass
class FakePost:
    """Notes what it is handed, or refuses it as told."""

    sent: list[Message] = field(default_factory=list)
    faults: list[NotSentError] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)


def _record(engine: Engine, *told: Told) -> None:
    ActivityEnvironment().run(Records(engine).record_steps, recording(*told))


async def _deliver(engine: Engine, post: FakePost | SmtpPost, notice: SendNotice = HELLO) -> NoticeDelivered:
    activity = Notices(engine, {"email": post}).deliver_notice
    return await ActivityEnvironment().run(activity, DeliverNotice(case=CASE, notice=notice.id))


def _status(engine: Engine, notice: SendNotice = HELLO) -> tuple[str, str | None]:
    with reading(engine) as session:
        (found,) = (one for one in of_case(session, SYSTEM, CASE) if one.id == notice.id)
        return found.status, found.reason


async def test_a_notice_delivered_again_goes_out_once(engine: Engine) -> None:
    """The second attempt finds it done."""
    _record(engine, referred(effects=(HELLO,)))
    post = FakePost()
    assert [await _deliver(engine, post) for _ in range(2)] == [DELIVERED] * 2
    assert [message.to for message in post.sent] == ["person@example.org"]
    assert _status(engine) == ("delivered", None)


async def test_a_failure_that_may_pass_is_tried_again_under_the_same_id(engine: Engine) -> None:
    """Nothing is recorded until it is delivered."""
    _record(engine, referred(effects=(HELLO,)))
    post = FakePost(faults=[NotSentError("SMTPConnectError")])
    with pytest.raises(ApplicationError) as raised:
        await _deliver(engine, post)
    assert raised.value.type == NOT_YET_DELIVERED
    assert _status(engine) == ("queued", None)
    assert await _deliver(engine, post) == DELIVERED


async def test_a_refusal_for_good_is_recorded_and_told(engine: Engine) -> None:
    """The case makes it somebody's job."""
    _record(engine, referred(effects=(HELLO,)))
    post = FakePost(faults=[NotSentError("550", "refused")])
    refused = NoticeDelivered(outcome="not delivered", reason="refused")
    assert await _deliver(engine, post) == refused
    assert await _deliver(engine, post) == refused
    assert _status(engine) == ("not delivered", "refused")
    assert post.sent == []


async def test_consent_withdrawn_after_queueing_holds_the_notice_back(engine: Engine) -> None:
    """Consent is read when the notice is about to be sent."""
    told = _with_a_gp(engine)
    gone = {"share_with_gp": {"gp-1": ConsentState(status="withdrawn", at=AT)}}
    event = ConsentRecorded(at=AT, by="person", consent="share_with_gp", party="gp-1", status="withdrawn")
    _record(engine, then(told, event, request="withdrawn", consents=gone))
    post = FakePost()
    withdrawn = NoticeDelivered(outcome="not delivered", reason="consent withdrawn")
    assert await _deliver(engine, post, PLAN) == withdrawn
    assert post.sent == []
    assert _status(engine, PLAN) == ("withheld", "consent withdrawn")


async def test_with_consent_in_force_the_notice_goes_out(engine: Engine) -> None:
    """The same notice, nothing withdrawn."""
    _with_a_gp(engine)
    post = FakePost()
    assert await _deliver(engine, post, PLAN) == DELIVERED
    assert [message.to for message in post.sent] == ["gp@example.org"]


async def test_a_channel_that_nobody_serves_becomes_a_job(engine: Engine) -> None:
    """A letter, where nobody prints letters for us."""
    letter = SendNotice(id="letter", notice="plan", recipient="gp-1", channel="letter", consent="share_with_gp")
    _with_a_gp(engine, letter)
    unreachable = NoticeDelivered(outcome="not delivered", reason="unreachable")
    assert await _deliver(engine, FakePost(), letter) == unreachable


async def test_the_inbox_is_written_once(engine: Engine) -> None:
    """The message and its delivery are one transaction."""
    inbox = SendNotice(id="inbox", notice="hello", recipient="person", channel="inbox")
    _record(engine, referred(effects=(inbox,)))
    for _ in range(2):
        assert await _deliver(engine, FakePost(), inbox) == DELIVERED
    with reading(engine) as session:
        assert len(messages(session, SYSTEM, CASE, "person")) == 1


async def test_a_mail_has_the_same_message_id_at_each_attempt(engine: Engine, smtp_mailbox: Mailbox) -> None:
    """The worker died after the mail server had taken it, before that was recorded."""
    _record(engine, referred(effects=(HELLO,)))
    settings = MailSettings(host=smtp_mailbox.host, port=smtp_mailbox.port, security="none")
    post = SmtpPost(settings)
    message = Message(id="same", to="person@example.org", subject="A message for you", body="Hello.")
    for _ in range(2):
        await post.send(message)
    await _deliver(engine, post)
    ids = [_header(raw, b"Message-ID") for raw in smtp_mailbox.messages]
    assert ids[0] == ids[1] == b"<same@handrail.invalid>"
    assert ids[2] != ids[0]
    assert CASE.encode() not in smtp_mailbox.messages[2]


async def test_a_mail_server_that_is_away_is_no_refusal(smtp_mailbox: Mailbox) -> None:
    """Nothing of the address is in what is told."""
    settings = MailSettings(host=smtp_mailbox.host, port=1, security="none")
    with pytest.raises(NotSentError) as raised:
        await SmtpPost(settings).send(Message(id="x", to="person@example.org", subject="x", body="x"))
    assert raised.value.reason is None
    assert "person@" not in str(raised.value)


async def test_an_address_that_cannot_be_one_is_no_address(smtp_mailbox: Mailbox) -> None:
    settings = MailSettings(host=smtp_mailbox.host, port=smtp_mailbox.port, security="none")
    with pytest.raises(NotSentError) as raised:
        await SmtpPost(settings).send(Message(id="x", to="a\nBcc: b@example.org", subject="x", body="x"))
    assert raised.value.reason == "no address"
    assert smtp_mailbox.messages == []


def _with_a_gp(engine: Engine, notice: SendNotice = PLAN) -> Told:
    """A GP who may know of the plan, and a notice to them that is queued."""
    gp = Contact(
        id=ContactId("gp-1"),
        case=CASE,
        kind="gp",
        name="Synthetic GP",
        ways=(Way(channel="email", address="gp@example.org"), Way(channel="letter", address="1 Example Street")),
    )
    with writing(engine) as session:
        contacts.add(session, gp, now=AT)
    first = referred()
    added = then(
        first,
        ContactAdded(at=AT, by="coordinator", contact=ContactId("gp-1"), contact_kind="gp"),
        request="added",
        contacts={"gp-1": "gp"},
    )
    given = {"share_with_gp": {"gp-1": ConsentState(status="given", at=AT)}}
    event = ConsentRecorded(at=AT, by="person", consent="share_with_gp", party="gp-1", status="given")
    told = then(added, event, notice, request="given", consents=given)
    _record(engine, first, added, told)
    return told


def _header(raw: bytes, name: bytes) -> bytes:
    (line,) = (line for line in raw.splitlines() if line.lower().startswith(name.lower() + b":"))
    return line.partition(b":")[2].strip()
