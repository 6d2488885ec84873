"""Referring and acting: refusals are answers, a request acts once, and mistakes are told in sentences."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from handrail.acting import Words, act_on, read_contact
from pathway_model.language.names import CaseId
from records.engine import reading
from tests.use_cases.conftest import NOW, Desks
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import ROBIN, hand_over, refer_robin
from use_cases.answer_handover import answer_handover
from use_cases.case_view import CaseView
from use_cases.errors import ConflictError, InputError, NotFoundError, RequestReusedError
from use_cases.known import acted_before
from use_cases.outcomes import Done, Outcome, Refused
from use_cases.perform import Asked
from use_cases.record_consent import record_consent
from use_cases.refer import Way, refer
from use_cases.see_case import see_case
from use_cases.take_action import take_action

COMPLETE = {"reason": "Secret reason", "substances": "alcohol"}


async def _act(at_desk: Desks, case: CaseId, role: str, words: Words, request: str | None = None) -> Outcome:
    return await act_on(at_desk(role), Asked(case=case, by=role, request=request), words)


def _seen(at_desk: Desks, case: CaseId) -> CaseView:
    return see_case(at_desk("keyworker"), case)


async def test_a_refusal_is_an_answer_with_every_reason_and_changes_nothing(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    before = _seen(at_desk, case)
    refused = await _act(at_desk, case, "duty_coordinator", Words(action="complete_referral"))
    assert isinstance(refused, Refused)
    assert sorted(reason.code for reason in refused.reasons) == ["missing_answer", "missing_answer", "needs"]
    assert _seen(at_desk, case) == before


async def test_the_same_request_twice_is_one_event_and_one_answer(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    acknowledge = Words(action="acknowledge")
    first = await _act(at_desk, case, "duty_coordinator", acknowledge, "once")
    again = await _act(at_desk, case, "duty_coordinator", acknowledge, "once")
    assert first == again
    assert _seen(at_desk, case).events == 2


async def test_a_request_whose_reply_was_lost_is_sent_again_and_acts_once(
    at_desk: Desks, cases: InProcessCases, records: Engine
) -> None:
    case = await refer_robin(at_desk)
    cases.lost = 1
    with pytest.raises(TimeoutError):
        await _act(at_desk, case, "duty_coordinator", Words(action="acknowledge"), "once")
    again = await _act(at_desk, case, "duty_coordinator", Words(action="acknowledge"), "once")
    with reading(records) as session:
        acted = acted_before(session, case, "once")
    assert acted is not None
    assert again == Done(case=case, request="once", sequence=acted.sequence)


async def test_a_request_id_means_one_thing(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    await _act(at_desk, case, "duty_coordinator", Words(action="acknowledge"), "once")
    with pytest.raises(RequestReusedError):
        await _act(at_desk, case, "duty_coordinator", Words(action="complete_referral", answers=COMPLETE), "once")


async def test_a_referral_sent_again_finds_its_person_and_its_case(at_desk: Desks) -> None:
    assert await refer_robin(at_desk) == await refer_robin(at_desk)


async def test_a_second_open_case_of_the_same_person_is_refused(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    with pytest.raises(ConflictError, match=f"open case on this pathway already \\({case}\\)"):
        await refer(at_desk("duty_coordinator"), replace(ROBIN, request="another"))


async def test_a_number_of_somebody_else_is_refused(at_desk: Desks) -> None:
    await refer_robin(at_desk)
    with pytest.raises(ConflictError, match="another name and date of birth"):
        await refer(at_desk("duty_coordinator"), replace(ROBIN, name="Alex Oak", request="another"))


NONSENSE = {
    "a wrong NHS number": (replace(ROBIN, nhs_number="9999740376"), "not a valid NHS number"),
    "no name": (replace(ROBIN, name="  "), "A name is empty"),
    "a name over two lines": (replace(ROBIN, name="Robin\nBcc: all@example.org"), "cannot be printed"),
    "no mail address": (replace(ROBIN, ways=(Way(channel="email", address="nonsense"),)), "not a mail address"),
    "an unknown pathway": (replace(ROBIN, pathway="icn"), "There is no pathway `icn`; did you mean `icon`\\?$"),
    "an unknown contact": (replace(ROBIN, contacts=(read_contact("gpp=Lee"),)), "did you mean `gp`\\?$"),
    "an unknown question": (replace(ROBIN, answers={"reson": "x"}), "did you mean `reason`\\?$"),
    "a wrong choice": (replace(ROBIN, answers={"substances": "beer"}), "`beer` is not one of alcohol"),
}


@pytest.mark.parametrize("said", NONSENSE)
async def test_nonsense_in_a_referral_is_named_and_puts_nobody_on_record(
    at_desk: Desks, cases: InProcessCases, said: str
) -> None:
    referral, sentence = NONSENSE[said]
    with pytest.raises(InputError) as no:
        await refer(at_desk("duty_coordinator"), referral)
    assert re.search(sentence, no.value.sentence, re.MULTILINE)
    assert cases.sent == []


async def test_a_decline_for_a_reason_that_is_never_allowed_says_that_nothing_has_moved(at_desk: Desks) -> None:
    case = await hand_over(at_desk)
    asked = Asked(case=case, by="recovery_receiver")
    done = await answer_handover(
        at_desk("recovery_receiver"),
        asked,
        "recovery_handover",
        "decline",
        reason="uses_substances",
        alternative="local_mental_health",
    )
    assert isinstance(done, Done)
    assert done.never is not None
    assert "never a reason to decline" in done.never
    status = {handover.handover: handover.status for handover in _seen(at_desk, case).handovers}
    assert status["recovery_handover"] == "requested"


async def test_people_are_called_by_name_where_the_viewer_knows_them(at_desk: Desks) -> None:
    case = await hand_over(at_desk)
    told = [event.what for event in _seen(at_desk, case).timeline]
    assert "Consent to share with gp (Dr Lee) given" in told
    assert "Consent to share at handover (Local drug and alcohol service) given" in told


async def test_reasons_call_people_by_name_too(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    for role, words in (
        ("duty_coordinator", Words(action="acknowledge")),
        ("duty_coordinator", Words(action="complete_referral", answers=COMPLETE)),
        ("mental_health_practitioner", Words(action="agree_assessment", answers={"findings": "x"})),
        ("substance_use_coordinator", Words(action="agree_assessment")),
    ):
        await _act(at_desk, case, role, words)
    plan = {"life_goals": "x", "plan_agreed": "no", "wellbeing": "3"}
    refused = await _act(at_desk, case, "keyworker", Words(action="agree_plan", answers=plan))
    assert isinstance(refused, Refused)
    assert any("Dr Lee" in (reason.evidence or "") for reason in refused.reasons)


async def test_a_consent_names_its_contact_or_says_whom_it_could_mean(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    await _act(at_desk, case, "keyworker", Words(action="contact", contact="family_member=Kim Ash"))
    asked = Asked(case=case, by="keyworker")
    with pytest.raises(InputError) as unclear:
        await record_consent(at_desk("keyworker"), asked, "share_with_family", "given")
    assert "Sam Ash (family member)" in unclear.value.mend
    done = await record_consent(at_desk("keyworker"), asked, "share_with_family", "given", party="Kim Ash")
    assert isinstance(done, Done)


async def test_a_contact_that_the_case_refused_is_no_part_of_it(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    refused = await _act(at_desk, case, "keyworker", Words(action="contact", contact="gp=Dr Second"))
    assert isinstance(refused, Refused)
    view = _seen(at_desk, case)
    assert "Dr Second" not in repr((view.contacts, view.consents))


async def test_words_of_a_person_stay_in_the_records(at_desk: Desks, cases: InProcessCases) -> None:
    case = await hand_over(at_desk)
    assert "Secret" not in repr(cases.sent)
    assert "Secret reason" in repr(_seen(at_desk, case).answers)


async def test_what_cannot_be_meant_is_told_with_what_could(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    with pytest.raises(NotFoundError, match="did you mean `acknowledge`"):
        await take_action(at_desk("duty_coordinator"), Asked(case=case), "aknowledge", {})
    with pytest.raises(InputError, match="needs more"):
        await _act(at_desk, case, "keyworker", Words(action="consent"))


async def test_a_job_is_finished_by_the_number_it_is_shown_with(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    await _act(at_desk, case, "keyworker", Words(action="risk", answers={"worry": "x"}))
    job = next(job for job in _seen(at_desk, case).jobs if job.role == "duty_clinician")
    number = job.job.partition("-")[0]
    done = await _act(at_desk, case, "duty_clinician", Words(action="finish", job=number))
    assert isinstance(done, Done)
    assert job.job not in {left.job for left in _seen(at_desk, case).jobs}


async def test_what_happened_earlier_is_kept_with_both_times(at_desk: Desks, cases: InProcessCases) -> None:
    case = await refer_robin(at_desk)
    cases.now = NOW.replace(hour=15)
    asked = Asked(case=case, by="duty_coordinator", happened=NOW.replace(hour=12))
    await take_action(at_desk("duty_coordinator"), asked, "acknowledge", {})
    last = _seen(at_desk, case).timeline[-1]
    assert (last.happened, last.entered) == (NOW.replace(hour=12), NOW.replace(hour=15))
