from typing import Any

import pytest

from tests.unit.core.definitions import Story, codes, local, one_step, pathway

FACTS: dict[str, Any] = {
    "findings": {"ask": "Found?", "answer": ["much", "little"]},
    "score": {"ask": "Score?", "answer": "number", "repeats": "yes"},
}
SIGNED: dict[str, Any] = {"agree": {"asks": ["findings", "score"], "signed_by": ["worker", "manager"], "go_to": "done"}}


def story() -> Story:
    phases = one_step(SIGNED | {"away": {"go_to": "elsewhere"}})
    phases["first"]["steps"]["elsewhere"] = {"owner": "worker", "actions": {"return_again": {"go_to": "start"}}}
    return Story(pathway(phases=phases, facts=FACTS))


def signed() -> Story:
    case = story()
    case.do("agree", "2025-09-01 11:00", findings="much", score=7)
    return case


def test_an_action_takes_effect_with_its_last_signature() -> None:
    case = signed()
    assert (case.at, case.case.signatures) == ({"main": "start"}, {"agree": {"worker": local("2025-09-01 11:00")}})
    case.do("agree", "2025-09-02 11:00", by="manager")
    assert (case.case.outcome, case.case.signatures) == ("completed", {})


def test_signing_the_same_answers_again_does_not_answer_twice() -> None:
    case = signed()
    case.do("agree", "2025-09-02 11:00", by="manager", findings="much", score=7)
    assert (case.case.outcome, len(case.case.facts["score"])) == ("completed", 1)


@pytest.mark.parametrize("written", ["7", 7, 7.0])
def test_an_answer_written_otherwise_is_the_same_answer(written: str | float) -> None:
    case = signed()
    case.do("agree", "2025-09-02 11:00", by="manager", findings="much", score=written)
    assert case.case.outcome == "completed"


def test_changed_answers_must_be_signed_by_all_again() -> None:
    case = signed()
    case.do("agree", "2025-09-02 11:00", by="manager", findings="little", score=7)
    assert case.case.signatures == {"agree": {"manager": local("2025-09-02 11:00")}}
    case.do("agree", "2025-09-03 11:00")
    assert case.case.outcome == "completed"


def test_nobody_signs_twice_and_only_those_named_sign() -> None:
    case = signed()
    (reason,) = case.refused("agree", "2025-09-01 12:00")
    assert (reason.code, reason.who) == ("already_signed", ("manager",))
    assert codes(case.refused("agree", "2025-09-01 12:00", by="senior")) == {("not_yours", "senior")}


def test_a_form_corrected_before_its_last_signature_must_be_signed_again() -> None:
    case = signed()
    case.correct("findings", "little", "2025-09-01 12:00")
    assert case.case.signatures == {}
    case.do("agree", "2025-09-02 11:00", by="manager", score=7)
    assert case.case.outcome is None


def test_leaving_the_step_forgets_its_signatures() -> None:
    case = signed()
    case.do("away", "2025-09-01 12:00")
    case.do("return_again", "2025-09-01 13:00")
    assert case.case.signatures == {}


def test_what_all_have_signed_happened_when_the_last_of_them_signed() -> None:
    """The manager signed on the 2nd, which was entered only after the worker's signature of the 5th."""
    case = story()
    case.do("agree", "2025-09-05 11:00", findings="much", score=7)
    case.do("agree", "2025-09-02 11:00", by="manager", entered="2025-09-06 11:00")
    assert case.case.strands["main"].since == local("2025-09-05 11:00")
