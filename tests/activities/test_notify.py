"""GOV.UK Notify: what it is handed, once however often it is tried, and what its refusals mean."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import DeliverNotice, NoticeDelivered
from activities.mail import Message, NotSentError
from activities.notices import Notices
from activities.notify import NotifyPost, NotifySettings, notify_posts
from activities.record import Records
from pathway_model.effects import SendNotice
from tests.notify import API_KEY, EMAIL_TEMPLATE, TEXT_TEMPLATE, Fault, StandInNotify, stand_in
from tests.records.story import CASE, recording, referred

MAIL = Message(id="a" * 40, to="person@example.org", subject="A message for you", body="Hello.")
TEXT = replace(MAIL, id="b" * 40, to="07700 900123")
HELLO = SendNotice(id="case-1/1/hello/person", notice="hello", recipient="person")


@pytest.fixture
def notify() -> Iterator[StandInNotify]:
    with stand_in() as notify:
        yield notify


@pytest.fixture
def settings(notify: StandInNotify) -> NotifySettings:
    return NotifySettings(
        api_key=API_KEY, email_template=EMAIL_TEMPLATE, text_template=TEXT_TEMPLATE, base_url=notify.url
    )


@pytest.fixture
def email(settings: NotifySettings) -> NotifyPost:
    return notify_posts(settings)["email"]


@pytest.fixture
def text(settings: NotifySettings) -> NotifyPost:
    return notify_posts(settings)["text message"]


async def _failed(post: NotifyPost, message: Message = MAIL) -> NotSentError:
    with pytest.raises(NotSentError) as raised:
        await post.send(message)
    return raised.value


async def test_an_email_goes_with_its_subject_and_reference(notify: StandInNotify, email: NotifyPost) -> None:
    await email.send(MAIL)
    (taken,) = notify.taken
    assert (taken["type"], taken["email_address"], taken["template_id"]) == ("email", MAIL.to, EMAIL_TEMPLATE)
    assert taken["personalisation"] == {"subject": MAIL.subject, "body": MAIL.body}
    assert taken["reference"] == MAIL.id


async def test_a_text_message_goes_with_its_words_alone(notify: StandInNotify, text: NotifyPost) -> None:
    await text.send(TEXT)
    (taken,) = notify.taken
    assert (taken["type"], taken["phone_number"], taken["template_id"]) == ("sms", TEXT.to, TEXT_TEMPLATE)
    assert taken["personalisation"] == {"body": TEXT.body}


async def test_a_message_sent_again_is_recognised(notify: StandInNotify, email: NotifyPost) -> None:
    """The worker died after Notify had taken it, before that was recorded."""
    for _ in range(3):
        await email.send(MAIL)
    assert notify.requests == {"get": 3, "email": 1}
    await email.send(replace(MAIL, id="c" * 40))
    assert len(notify.taken) == 2


async def test_an_answer_that_was_lost_is_not_sent_twice(notify: StandInNotify, text: NotifyPost) -> None:
    """Notify took it, and somebody in between answered 502."""
    notify.faults.append(Fault(502, after_taking=True))
    assert (await _failed(text, TEXT)).reason is None
    await text.send(TEXT)
    assert len(notify.taken) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(400, "BadRequestError", "Can't send to this recipient using a team-only API key"),
        Fault(400, "BadRequestError", "Can't send to this recipient when service is in trial mode"),
        Fault(400, "BadRequestError", "Template not found"),
        Fault(400, "ValidationError", "template_id is not a valid UUID"),
        Fault(400, "BadRequestError", "Missing personalisation: body"),
        Fault(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"),
        Fault(429, "RateLimitError", "Exceeded rate limit for key type live of 3000 requests per 60 seconds"),
        Fault(429, "TooManyRequestsError", "Exceeded send limits (email: 250000) for today"),
        Fault(500),
        Fault(503),
    ],
    ids=lambda fault: f"{fault.status} {fault.words[:24]}",
)
async def test_what_is_not_about_the_message_is_tried_again(
    notify: StandInNotify, email: NotifyPost, fault: Fault
) -> None:
    notify.faults.append(fault)
    assert (await _failed(email)).reason is None
    await email.send(MAIL)
    assert len(notify.taken) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Content for template has a character count greater than the limit of 918",
        "Cannot send to international numbers",
    ],
)
async def test_what_is_about_the_message_is_a_refusal(notify: StandInNotify, text: NotifyPost, words: str) -> None:
    notify.faults.append(Fault(400, "BadRequestError", words))
    assert (await _failed(text, TEXT)).reason == "refused"


async def test_what_is_no_address_is_none(email: NotifyPost, text: NotifyPost) -> None:
    assert (await _failed(email, replace(MAIL, to="nobody"))).reason == "no address"
    assert (await _failed(text, replace(TEXT, to="person@example.org"))).reason == "no address"


@pytest.mark.parametrize(("status", "reason"), [("permanent-failure", "refused"), ("temporary-failure", "unreachable")])
async def test_a_failure_that_notify_found_since_is_told(
    notify: StandInNotify, email: NotifyPost, status: str, reason: str
) -> None:
    """The attempt before was taken; meanwhile the address turned out to be wrong."""
    await email.send(MAIL)
    notify.taken[0]["status"] = status
    assert (await _failed(email)).reason == reason
    assert notify.requests["email"] == 1


async def test_a_failure_of_notify_itself_is_sent_again(notify: StandInNotify, email: NotifyPost) -> None:
    await email.send(MAIL)
    notify.taken[0]["status"] = "technical-failure"
    for _ in range(2):
        await email.send(MAIL)
    assert notify.requests["email"] == 2


async def test_a_key_that_is_not_theirs_is_tried_again(notify: StandInNotify, settings: NotifySettings) -> None:
    """Whoever operates it changes the key; nobody's message is given up for that."""
    wrong = replace(settings, api_key=API_KEY[:-1] + "3")
    assert (await _failed(notify_posts(wrong)["email"])).reason is None
    assert notify.requests == {"get": 1}


async def test_notify_away_is_no_refusal(settings: NotifySettings) -> None:
    away = replace(settings, base_url="http://127.0.0.1:1")
    assert (await _failed(notify_posts(away)["email"])).reason is None


async def test_no_address_and_no_key_gets_out(
    notify: StandInNotify, email: NotifyPost, settings: NotifySettings, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither into a log nor into an exception, whatever Notify says."""
    caplog.set_level(logging.DEBUG)
    notify.faults.append(Fault(400, "ValidationError", f"email_address {MAIL.to} is not valid"))
    error = await _failed(email)
    assert str(error) == "Notify answered 400 ValidationError"
    assert error.__cause__ is None
    assert error.__suppress_context__
    await email.send(MAIL)
    for secret in (MAIL.to, MAIL.body, MAIL.id, API_KEY[-36:]):
        assert secret not in caplog.text
        assert secret not in repr(settings)


def test_a_channel_without_a_template_is_not_served(settings: NotifySettings) -> None:
    assert notify_posts(replace(settings, email_template=None)).keys() == {"text message"}


async def test_a_notice_by_notify_is_delivered_once_and_recorded(
    engine: Engine, notify: StandInNotify, email: NotifyPost
) -> None:
    """Through the delivery activity: an outage, a lost answer, and then the records say that it went."""
    ActivityEnvironment().run(Records(engine).record_steps, recording(referred(effects=(HELLO,))))
    notify.faults += [Fault(429, "RateLimitError", "slower"), Fault(504, after_taking=True)]
    deliver = Notices(engine, {"email": email}).deliver_notice
    for _ in range(2):
        with pytest.raises(ApplicationError, match="Notify answered"):
            await ActivityEnvironment().run(deliver, DeliverNotice(case=CASE, notice=HELLO.id))
    for _ in range(2):
        delivered = await ActivityEnvironment().run(deliver, DeliverNotice(case=CASE, notice=HELLO.id))
        assert delivered == NoticeDelivered(outcome="delivered")
    assert [taken["email_address"] for taken in notify.taken] == ["person@example.org"]
