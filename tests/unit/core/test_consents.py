from typing import Any

import pytest

from pathway_model.case import ConsentState, ConsentStatus
from pathway_model.events import ConsentRecorded, ContactAdded, InterruptRaised, NoticeNotDelivered
from pathway_model.language.names import ContactId
from tests.unit.core.definitions import Story, codes, local, one_step, pathway

PARTS: dict[str, Any] = {
    "consents": {
        "family": {"with": "relative", "purpose": "Family", "covers": ["attendance"]},
        "share": {"with": ["gp", "them"], "purpose": "Shared care", "covers": ["plan"]},
    },
    "notices": {
        "news": {"to": "relative", "consent": "family", "text": "We met."},
        "plan": {"to": ["person", "gp"], "consent": "share", "channel": "letter", "text": "The plan."},
        "thanks": {"to": "gp", "no_consent_because": "They referred", "text": "Thank you."},
    },
    "phases": one_step(
        {"tell": {"sends": ["news", "plan", "thanks"]}, "go": {"needs": {"consent": "family", "is": "asked"}},
         "finish": {"go_to": "done", "sends": ["news"]}},
    ),
    "throughout": {"interrupts": {"died": {"raised_by": "anyone", "stops_notices": "yes"}}},
}  # fmt: skip


def story(**contacts: str) -> Story:
    return Story(pathway(**PARTS), contacts=contacts)


def test_a_notice_goes_to_the_person_and_to_whom_consent_names_and_no_further() -> None:
    case = story(g="gp", s="relative", b="relative")
    case.consent("family", "s", "given", "2025-09-01 11:00")
    case.do("tell", "2025-09-01 12:00")
    assert case.sent() == [("news", "s"), ("plan", "person"), ("thanks", "g")]
    assert case.withheld() == [("news", "b", "no consent"), ("plan", "g", "no consent")]


def test_after_withdrawal_nothing_goes_out_until_consent_is_given_again() -> None:
    """S1: the sister withdraws on 10 November; I4."""
    case = story(s="relative")
    case.consent("family", "s", "given", "2025-09-05 10:00")
    case.consent("family", "s", "withdrawn", "2025-11-10 10:00")
    case.do("tell", "2025-11-21 10:00")
    assert ("news", "s", "no consent") in case.withheld()
    case.consent("family", "s", "given", "2025-12-01 10:00")
    case.do("tell", "2025-12-02 10:00")
    assert ("news", "s") in case.sent()


def test_earlier_consent_entered_late_does_not_undo_a_withdrawal() -> None:
    case = story(s="relative")
    case.consent("family", "s", "given", "2025-09-05 10:00")
    case.consent("family", "s", "withdrawn", "2025-11-10 10:00")
    earlier = ConsentRecorded(at=local("2025-10-01 10:00"), by="worker", consent="family", party="s", status="given")
    (reason,) = case.refuse(earlier, "2025-11-12 10:00")
    assert (reason.code, reason.evidence) == ("before_entry", "withdrawn")
    assert case.case.consents["family"]["s"] == ConsentState(status="withdrawn", at=local("2025-11-10 10:00"))


def test_a_notice_to_nobody_is_recorded_as_withheld() -> None:
    case = story()
    case.do("tell", "2025-09-01 12:00")
    nobody = "nobody to send it to"
    assert case.withheld() == [("news", "relative", nobody), ("plan", "gp", nobody), ("thanks", "gp", nobody)]


def test_after_a_death_is_known_nothing_goes_out() -> None:
    case = story(g="gp")
    case.play(InterruptRaised(at=local("2025-09-01 11:00"), by="gp", interrupt="died"))
    case.do("tell", "2025-09-01 12:00")
    assert case.sent() == []


def test_the_same_notice_twice_in_one_event_goes_once() -> None:
    parts = PARTS | {"phases": one_step({"tell": {"sends": ["thanks", "thanks"]}})}
    case = Story(pathway(**parts), contacts={"g": "gp"})
    case.do("tell", "2025-09-01 12:00")
    assert [effect.id for effect in case.last.effects] == ["2-thanks-g"]


def test_everybody_whom_a_consent_is_about_must_have_been_asked() -> None:
    case = story(s="relative", b="relative")
    case.consent("family", "s", "refused", "2025-09-01 11:00")
    (reason,) = case.refused("go", "2025-09-01 12:00")
    assert (reason.name, reason.evidence, reason.who) == ("family", "not yet for b", ("worker",))
    case.consent("family", "b", "asked", "2025-09-01 12:00")
    case.do("go", "2025-09-01 13:00")


def test_nobody_to_ask_needs_no_asking() -> None:
    story().do("go", "2025-09-01 12:00")


@pytest.mark.parametrize(
    ("consent", "party", "status", "code"),
    [
        ("nothing", "s", "given", "no_such_name"),
        ("family", "g", "given", "no_such_name"),
        ("family", "relative", "given", "no_such_name"),
        ("share", "others", "given", "no_such_name"),
        ("family", "s", "withdrawn", "not_here"),
    ],
)
def test_consent_that_makes_no_sense_is_refused(consent: str, party: str, status: ConsentStatus, code: str) -> None:
    case = story(s="relative", g="gp")
    event = ConsentRecorded(at=local("2025-09-01 11:00"), by="worker", consent=consent, party=party, status=status)
    assert {each for each, _ in codes(case.refuse(event))} == {code}


def test_consent_about_an_agency_and_after_the_end_of_the_case() -> None:
    case = story(s="relative")
    case.consent("share", "them", "given", "2025-09-01 11:00")
    case.consent("family", "s", "given", "2025-09-01 11:00")
    case.do("finish", "2025-09-01 12:00")
    case.consent("family", "s", "withdrawn", "2025-09-02 12:00")
    assert case.case.consents["family"]["s"].status == "withdrawn"


def test_contacts_are_of_a_known_kind_and_one_where_there_is_one() -> None:
    case = story(g="gp")
    add = [("g2", "gp", "not_here"), ("n", "neighbour", "no_such_name"), ("g", "relative", "not_here")]
    for contact, kind, code in add:
        event = ContactAdded(at=local("2025-09-01 11:00"), by="worker", contact=ContactId(contact), contact_kind=kind)
        assert codes(case.refuse(event)) == {(code, kind)}
    case.play(ContactAdded(at=local("2025-09-01 11:00"), by="worker", contact=ContactId("s"), contact_kind="relative"))
    assert case.case.contacts == {"g": "gp", "s": "relative"}


def test_a_notice_that_failed_is_the_owners_work_and_a_withdrawn_one_is_nobodys() -> None:
    case = story(g="gp")
    case.play(NoticeNotDelivered(at=local("2025-09-01 11:00"), notice="2-plan-g", reason="unreachable"))
    assert case.jobs == {("worker", "notice 2-plan-g")}
    case.play(NoticeNotDelivered(at=local("2025-09-01 11:00"), notice="2-news-s", reason="consent withdrawn"))
    assert case.jobs == {("worker", "notice 2-plan-g")}


def test_asking_again_does_not_undo_what_was_given_but_may_follow_a_refusal() -> None:
    case = story(s="relative")
    case.consent("family", "s", "refused", "2025-09-01 11:00")
    case.consent("family", "s", "asked", "2025-09-02 11:00")
    case.consent("family", "s", "given", "2025-09-03 11:00")
    again = ConsentRecorded(at=local("2025-09-04 11:00"), by="worker", consent="family", party="s", status="asked")
    assert codes(case.refuse(again)) == {("not_here", "family")}
