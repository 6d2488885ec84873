"""The outbox: judged once more when sent, delivered once on record, and never to somebody who may not know."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from pathway_model.case import ANSWERED, ConsentState, ConsentStatus
from pathway_model.effects import SendNotice, WithholdNotice
from pathway_model.events import ConsentRecorded, InterruptRaised, NoticeNotDelivered
from pathway_model.language.names import ContactId
from records import case_events, contacts, inbox, notices, people, staging
from records.contacts import Contact
from records.engine import reading, writing
from records.errors import NotOnRecordError
from records.notices import AlreadyDelivered, SendNow, Withheld
from records.people import Way
from records.scope import SYSTEM, Scope
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, DAY, PERSON, Told, prepare, recording, referred, then

GP = ContactId("gp-1")
HELLO = SendNotice(id="n-hello", notice="hello", recipient="person")
PLAN = SendNotice(id="n-plan", notice="plan", recipient=GP, channel="letter", consent="share_with_gp")
NOW = AT + 10 * DAY


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    with writing(engine) as session:
        prepare(session)
        ways = (Way(channel="email", address="gp@example.org"), Way(channel="letter", address="1 High Street"))
        contacts.add(session, Contact(id=GP, case=CASE, kind="gp", name="Dr Synthetic", ways=ways), now=AT)
        staging.stage(session, CASE, "request-1", {"reason": "a hard year"}, now=AT)
    return engine


def begin(*effects: SendNotice | WithholdNotice) -> Told:
    answers = {"reason": ANSWERED, "visit": "2026-02-28T14:30:00Z"}
    return referred(answers=answers, effects=effects)


def consent(told: Told, status: ConsentStatus) -> Told:
    at = told.case.now
    said = ConsentRecorded(at=at, by="coordinator", consent="share_with_gp", party=GP, status=status)
    return then(told, said, consents={"share_with_gp": {GP: ConsentState(status=status, at=at)}})


def record(engine: Engine, *told: Told) -> None:
    with writing(engine) as session:
        case_events.append(session, recording(*told))


def claim(engine: Engine, notice: str) -> SendNow | AlreadyDelivered | Withheld:
    with writing(engine) as session:
        return notices.claim_for_sending(session, CASE, notice, now=NOW)


def test_a_notice_to_the_person_goes_the_way_they_chose(prepared: Engine, plain_sql: PlainSql) -> None:
    """With the blanks filled from the answers on record, in local time."""
    record(prepared, begin(HELLO))
    assert plain_sql("SELECT id, status, recipient FROM notices") == [("n-hello", "queued", "person")]
    sent = claim(prepared, "n-hello")
    assert isinstance(sent, SendNow)
    assert (sent.channel, sent.address) == ("email", "person@example.org")
    assert sent.body == "We meet on Sat 28 Feb 2026 14:30."


def test_a_notice_to_a_contact_goes_by_the_channel_it_asks_for(prepared: Engine) -> None:
    """With the words of a personal answer, which only the records know."""
    first = begin(PLAN)
    record(prepared, first, consent(first, "given"))
    sent = claim(prepared, "n-plan")
    assert isinstance(sent, SendNow)
    assert (sent.channel, sent.address) == ("letter", "1 High Street")
    assert sent.body == "It began with: a hard year"
    assert "year" not in sent.subject


def test_a_notice_keeps_its_message_id_and_no_other_notice_has_it(prepared: Engine) -> None:
    """A second attempt can be recognised by whoever receives it; the id says nothing about the case."""
    first = begin(HELLO, PLAN)
    record(prepared, first, consent(first, "given"))
    ids = [claim(prepared, notice) for notice in ("n-hello", "n-hello", "n-plan")]
    found = [sent.message_id for sent in ids if isinstance(sent, SendNow)]
    assert found[0] == found[1] != found[2]
    assert CASE not in found[0]


@pytest.mark.parametrize("status", ["withdrawn", "refused", "asked"])
def test_consent_is_read_when_the_notice_is_sent(status: ConsentStatus, prepared: Engine, plain_sql: PlainSql) -> None:
    """Given when it was queued, not any more when it is about to go: it does not go."""
    first = begin(PLAN)
    given = consent(first, "given")
    record(prepared, first, given, consent(given, status))
    assert claim(prepared, "n-plan") == Withheld(reason="consent withdrawn")
    assert plain_sql("SELECT status, reason FROM notices") == [("withheld", "consent withdrawn")]
    assert plain_sql("SELECT outcome, address, body FROM deliveries") == [("withheld", None, None)]


def test_consent_given_again_does_not_wake_a_withheld_notice(prepared: Engine, plain_sql: PlainSql) -> None:
    """It has become somebody's job by then; claiming again changes nothing."""
    first = begin(PLAN)
    record(prepared, first)
    assert claim(prepared, "n-plan") == Withheld(reason="consent withdrawn")
    record(prepared, consent(first, "given"))
    assert claim(prepared, "n-plan") == Withheld(reason="consent withdrawn")
    assert plain_sql("SELECT count(*) FROM deliveries") == [(1,)]


def test_nothing_is_sent_once_notices_have_stopped(prepared: Engine) -> None:
    """After a death, also what was queued before."""
    first = begin(HELLO)
    died = InterruptRaised(at=first.case.now, by="manager", interrupt="pause")
    record(prepared, first, then(first, died, notices_stopped=True))
    assert claim(prepared, "n-hello") == Withheld(reason="notices stopped")


def test_a_recipient_without_an_address_is_said_so(prepared: Engine, plain_sql: PlainSql) -> None:
    """No safe way at all, or none by the channel asked for."""
    record(prepared, begin(HELLO))
    with writing(prepared) as session:
        people.set_ways(session, PERSON.id, ())
    assert claim(prepared, "n-hello") == Withheld(reason="no address")
    assert plain_sql("SELECT status, reason FROM notices") == [("not delivered", "no address")]


def test_the_inbox_needs_no_address(prepared: Engine, plain_sql: PlainSql) -> None:
    """Putting a message there twice leaves one, recorded as delivered once."""
    record(prepared, begin(SendNotice(id="n-in", notice="hello", recipient="person", channel="inbox")))
    sent = claim(prepared, "n-in")
    assert isinstance(sent, SendNow)
    for _ in range(2):
        with writing(prepared) as session:
            inbox.deliver_to_inbox(session, sent, now=NOW)
    assert plain_sql("SELECT count(*) FROM inbox_messages") == [(1,)]
    assert plain_sql("SELECT count(*) FROM deliveries") == [(1,)]
    with writing(prepared) as session:
        [message] = inbox.messages(session, SYSTEM, CASE, "person")
        assert (message.body, message.read_at) == (sent.body, None)
        inbox.mark_read(session, message.id, now=NOW)
        inbox.mark_read(session, message.id, now=NOW + DAY)
        assert inbox.messages(session, SYSTEM, CASE, "person")[0].read_at == NOW
        assert inbox.messages(session, Scope(agencies=frozenset({"south"})), CASE, "person") == ()


def test_a_delivered_notice_is_not_sent_again(prepared: Engine, plain_sql: PlainSql) -> None:
    """Marked twice, recorded once, with what was sent where."""
    record(prepared, begin(HELLO))
    sent = claim(prepared, "n-hello")
    assert isinstance(sent, SendNow)
    for _ in range(2):
        with writing(prepared) as session:
            notices.mark_delivered(session, sent, now=NOW)
    assert claim(prepared, "n-hello") == AlreadyDelivered()
    assert plain_sql("SELECT outcome, channel, address, body FROM deliveries") == [
        ("delivered", "email", "person@example.org", sent.body)
    ]
    assert plain_sql("SELECT status, reason FROM notices") == [("delivered", None)]


def test_what_was_sent_stays_whatever_changes_later(prepared: Engine, plain_sql: PlainSql) -> None:
    """A new address does not rewrite where something went."""
    record(prepared, begin(HELLO))
    sent = claim(prepared, "n-hello")
    assert isinstance(sent, SendNow)
    with writing(prepared) as session:
        notices.mark_delivered(session, sent, now=NOW)
        people.set_ways(session, PERSON.id, (Way(channel="email", address="new@example.org"),))
    assert plain_sql("SELECT address FROM deliveries") == [("person@example.org",)]


def test_a_notice_that_failed_for_good_stays_failed(prepared: Engine, plain_sql: PlainSql) -> None:
    """And one that was delivered is never said to have failed."""
    record(prepared, begin(HELLO, SendNotice(id="n-2", notice="hello", recipient="person")))
    sent = claim(prepared, "n-2")
    assert isinstance(sent, SendNow)
    with writing(prepared) as session:
        notices.mark_delivered(session, sent, now=NOW)
        for notice in ("n-hello", "n-hello", "n-2"):
            notices.mark_not_delivered(session, CASE, notice, reason="refused", now=NOW)
    assert claim(prepared, "n-hello") == Withheld(reason="refused")
    assert plain_sql("SELECT id, status FROM notices ORDER BY id") == [
        ("n-2", "delivered"),
        ("n-hello", "not delivered"),
    ]
    assert plain_sql("SELECT count(*) FROM deliveries") == [(2,)]


def test_a_case_that_gave_up_waiting_settles_the_notice(prepared: Engine, plain_sql: PlainSql) -> None:
    """In the transaction of its step; a notice that was delivered meanwhile stays delivered."""
    first = begin(HELLO, SendNotice(id="n-2", notice="hello", recipient="person"))
    record(prepared, first)
    sent = claim(prepared, "n-2")
    assert isinstance(sent, SendNow)
    with writing(prepared) as session:
        notices.mark_delivered(session, sent, now=NOW)
    told = first
    for notice in ("n-hello", "n-2", "n-unheard-of"):
        told = then(told, NoticeNotDelivered(at=told.case.now, notice=notice, reason="unreachable"))
        record(prepared, told)
    assert plain_sql("SELECT id, status, reason FROM notices ORDER BY id") == [
        ("n-2", "delivered", None),
        ("n-hello", "not delivered", "unreachable"),
    ]


def test_a_withheld_notice_is_on_record_and_not_in_the_queue(prepared: Engine, plain_sql: PlainSql) -> None:
    """What the case itself withheld, with its reason."""
    withheld = WithholdNotice(id="n-w", notice="plan", recipient=GP, reason="no consent")
    record(prepared, begin(HELLO, withheld))
    assert plain_sql("SELECT status, reason FROM notices WHERE id = 'n-w'") == [("withheld", "no consent")]
    with reading(prepared) as session:
        assert [listed.id for listed in notices.still_queued(session, NOW)] == ["n-hello"]
        assert notices.still_queued(session, AT) == ()
        assert [listed.id for listed in notices.of_case(session, SYSTEM, CASE)] == ["n-hello", "n-w"]
        assert notices.of_case(session, Scope(agencies=frozenset({"south"})), CASE) == ()


def test_an_unknown_notice_is_not_on_record(prepared: Engine) -> None:
    """Nothing is sent that no step asked for."""
    with pytest.raises(NotOnRecordError):
        claim(prepared, "n-none")


def test_an_unanswered_blank_says_so(prepared: Engine) -> None:
    """A notice goes out all the same: silence would be worse."""
    record(prepared, referred(effects=(HELLO,)))
    sent = claim(prepared, "n-hello")
    assert isinstance(sent, SendNow)
    assert sent.body == "We meet on (not known yet)."


def test_a_withdrawal_being_recorded_is_waited_for(
    prepared: Engine, until_blocked: Callable[[threading.Thread], None]
) -> None:
    """A notice claimed while the withdrawal is not committed yet is judged after it."""
    first = begin(PLAN)
    given = consent(first, "given")
    record(prepared, first, given)
    answers: list[object] = []
    with writing(prepared) as session:
        case_events.append(session, recording(consent(given, "withdrawn")))
        claiming = threading.Thread(target=lambda: answers.append(claim(prepared, "n-plan")))
        claiming.start()
        until_blocked(claiming)
    claiming.join()
    assert answers == [Withheld(reason="consent withdrawn")]
