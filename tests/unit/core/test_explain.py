from typing import Any

from pathway_model.explain import Possibility, explain
from tests.unit.core.definitions import Story, local, one_step, pathway
from tests.unit.core.test_handovers import PARTS


def seen(story: Story, at: str, by: str | None = None) -> dict[str, Possibility]:
    return {each.action: each for each in explain(story.pathway, story.case, local(at), by)}


FACTS: dict[str, Any] = {
    "agreed": {"ask": "Agreed?", "answer": "yes or no"},
    "known": {"ask": "Known?", "answer": "yes or no"},
}
ACTIONS: dict[str, Any] = {
    "agree": {
        "asks": "agreed",
        "needs": [{"fact": "agreed", "is": "yes"}, {"fact": "known", "is": "yes"}],
        "go_to": "done",
    },
    "know": {"asks": "known", "by": "manager"},
    "sign": {"signed_by": ["worker", "manager"]},
    "look": {"by": "anyone"},
    "wait": {"needs": {"clock": "minimum", "is": "reached"}},
}


def story() -> Story:
    phases = one_step(ACTIONS, clocks={"minimum": {"at_least": "1 week"}})
    pause = {"raised_by": "anyone", "suspends": "everything",
             "steps": {"paused": {"owner": "manager", "actions": {"end_pause": {"go_to": "back"}}}}}  # fmt: skip
    throughout = {"actions": {"note": {}}, "interrupts": {"pause": pause}}
    return Story(pathway(phases=phases, facts=FACTS, throughout=throughout))


def test_every_action_in_force_is_explained_with_who_and_what_it_asks() -> None:
    found = seen(story(), "2025-09-01 11:00")
    assert {name: each.who for name, each in found.items()} == {
        "agree": ("worker",),
        "know": ("manager",),
        "sign": ("worker", "manager"),
        "look": ("anyone",),
        "wait": ("worker",),
        "note": ("worker",),
    }
    assert found["agree"].asks == ("agreed",)


def test_what_stands_in_the_way_is_told_from_what_hangs_on_the_answers() -> None:
    agree = seen(story(), "2025-09-01 11:00")["agree"]
    assert (agree.possible, [reason.name for reason in agree.reasons]) == (False, ["known"])
    assert agree.depends == ("“Agreed?” must be answered yes",)
    (reason,) = agree.reasons
    assert reason.who == ("manager",)


def test_seen_by_a_role_it_says_what_is_not_theirs() -> None:
    found = seen(story(), "2025-09-01 11:00", by="worker")
    assert found["look"].possible, "anyone is everybody"
    assert [reason.code for reason in found["know"].reasons] == ["not_yours"]


def test_who_has_signed_waits_for_the_others() -> None:
    case = story()
    case.do("sign", "2025-09-01 11:00")
    assert [reason.code for reason in seen(case, "2025-09-01 12:00", by="worker")["sign"].reasons] == ["already_signed"]
    sign = seen(case, "2025-09-01 12:00", by="manager")["sign"]
    assert (sign.possible, sign.who) == (True, ("manager",))


def test_a_minimum_is_explained_with_its_earliest_date() -> None:
    (reason,) = seen(story(), "2025-09-01 11:00")["wait"].reasons
    assert reason.earliest == local("2025-09-08 00:00")


def test_while_paused_only_what_goes_on_is_possible() -> None:
    case = story()
    case.interrupt("pause", "2025-09-01 11:00")
    possible = {name for name, each in seen(case, "2025-09-01 12:00").items() if each.possible}
    assert possible == {"note", "end_pause"}


def test_an_unfinished_strand_is_a_reason_and_an_ended_case_has_no_actions() -> None:
    phases = one_step({"finish": {"go_to": "done"}})
    phases["first"]["strands"] = {"home": {"owner": "manager", "finishes_when": "At home"}}
    case = Story(pathway(phases=phases))
    (reason,) = seen(case, "2025-09-01 11:00")["finish"].reasons
    assert (reason.code, reason.name, reason.who) == ("strand_unfinished", "home", ("manager",))
    case.do("finish_home", "2025-09-01 11:00", by="manager")
    case.do("finish", "2025-09-01 12:00")
    assert explain(case.pathway, case.case, local("2025-09-01 13:00")) == ()


def test_consent_that_hangs_on_who_is_asked_is_told_before_they_are_chosen() -> None:
    case = Story(pathway(**PARTS), began="2025-12-01 10:00")
    case.do("end_support", "2025-12-01 10:00")
    assert not seen(case, "2025-12-02 10:00")["ask"].possible, "nobody has been asked for consent at all"
    case.consent("share", "them", "given", "2025-12-02 10:00")
    ask = seen(case, "2025-12-02 10:00")["ask"]
    assert (ask.possible, ask.depends) == (True, ("Consent “Handover” must have been asked",))


def test_a_way_out_that_hangs_on_an_answer_asked_for_is_possible() -> None:
    phases = one_step({"agree": {"asks": "agreed", "go_to": "done"}}, leave_when={"fact": "agreed", "is": "yes"})
    case = Story(pathway(phases=phases, facts=FACTS))
    agree = seen(case, "2025-09-01 11:00")["agree"]
    assert (agree.possible, agree.depends) == (True, ("“Agreed?” must be answered yes",))
    case.do("agree", "2025-09-01 11:00", agreed=True)
