"""`refer`, `act` and `case` as a caseworker uses them, against a whole Handrail."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.stack import Ran, Up

WIDTH = 120


def _json(ran: Ran) -> Any:  # noqa: ANN401 - what a program reads
    assert ran.code in (0, 1), ran.err
    return ran.json


@pytest.fixture(scope="module")
def case(up: Up) -> str:
    """One person, referred with a GP and a relative, acknowledged."""
    referred = up.handrail(
        *("refer", "icon", "--name", "Robin Ash", "--nhs-number", "9999740375", "--born", "4 May 1988"),
        *("--email", "robin@example.org", "--contact", "gp=Dr Lee <lee@example.org>", "--contact", "referrer=Hostel"),
        *("--contact", "family_member=Sam Ash", "--by", "referrer", "--as", "duty_coordinator", "--format", "json"),
        *("--request-id", "robin"),
    )
    said = _json(referred)
    assert said == {"done": True, "case": said["case"], "request": "robin", "sequence": 1, "never": None}
    assert up.handrail("act", said["case"], "acknowledge", "--as", "duty_coordinator").code == 0
    return str(said["case"])


def test_the_list_has_one_line_a_case_that_fits_a_terminal(up: Up, case: str) -> None:
    shown = up.handrail("case")
    assert shown.code == 0
    assert re.search(rf"^{case}  Robin Ash +referred +duty coordinator ", shown.out, re.MULTILINE)
    assert max(map(len, shown.out.splitlines())) <= WIDTH


def test_the_list_for_programs_has_the_promised_fields(up: Up, case: str) -> None:
    (line,) = _json(up.handrail("case", "--format", "json"))
    assert set(line) == {
        "case", "person", "pathway", "version", "phase", "steps", "owners", "next_due", "overdue", "paused",
        "status", "outcome",
    }  # fmt: skip
    assert (line["case"], line["person"], line["steps"]) == (case, "Robin Ash", ["referred"])


def test_a_case_for_programs_has_the_promised_fields(up: Up, case: str) -> None:
    view = _json(up.handrail("case", case, "--format", "json"))
    assert set(view) == {
        "case", "pathway", "version", "title", "whole", "seen_at", "opened", "events", "phase", "outcome", "blocked",
        "person", "strands", "due", "can_do", "not_yet", "answers", "handovers", "consents", "contacts", "jobs",
        "notices", "timeline", "roles", "contact_kinds", "phases", "paused",
    }  # fmt: skip
    assert view["person"] == {"name": "Robin Ash", "nhs_number": "9999740375", "born": "1988-05-04"}


def test_a_case_reads_on_a_terminal_and_never_shows_an_id_for_a_name(up: Up, case: str) -> None:
    consented = up.handrail(
        "act", case, "consent", "--consent", "share_with_gp", "--status", "given", "--as", "keyworker"
    )
    assert consented.code == 0, consented.err
    shown = up.handrail("case", case).out
    assert "Consent to share with gp (Dr Lee) given" in shown
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert "  complete_referral: Complete referral\n    - Answer" not in shown
    assert re.search(
        r"^  complete_referral +Complete referral \(duty coordinator\); asks reason, substances$", shown, re.MULTILINE
    )


def test_a_refusal_ends_with_one_and_every_reason(up: Up, case: str) -> None:
    refused = up.handrail("act", case, "complete_referral", "--as", "duty_coordinator", "--format", "json")
    assert refused.code == 1
    said = _json(refused)
    assert said["done"] is False
    assert {reason["code"] for reason in said["reasons"]} == {"missing_answer"}
    assert set(said["reasons"][0]) == {"code", "name", "sentence", "evidence", "who", "earliest"}


def test_the_same_request_id_acts_once(up: Up, case: str) -> None:
    worry = ("act", case, "risk", "--as", "keyworker", "--answer", "worry=Not seen", "--request-id", "worry-1")
    first, again = (_json(up.handrail(*worry, "--format", "json")) for _ in range(2))
    assert first == again


def test_a_referral_sent_again_is_the_same_case(up: Up, case: str) -> None:
    again = up.handrail(
        *("refer", "icon", "--name", "Robin Ash", "--nhs-number", "9999740375", "--born", "4 May 1988"),
        *("--email", "robin@example.org", "--contact", "gp=Dr Lee <lee@example.org>", "--contact", "referrer=Hostel"),
        *("--contact", "family_member=Sam Ash", "--by", "referrer", "--as", "duty_coordinator", "--format", "json"),
        *("--request-id", "robin"),
    )
    assert _json(again)["case"] == case


def test_the_same_person_twice_is_a_conflict(up: Up, case: str) -> None:
    second = up.handrail(
        *("refer", "icon", "--name", "Robin Ash", "--nhs-number", "9999740375", "--as", "duty_coordinator")
    )
    assert second.code == 3
    assert case in second.err


NONSENSE = {
    "an unknown role": (("acknowledge", "--as", "keywrker"), 2, "did you mean `keyworker`?"),
    "an unknown action": (("aknowledge", "--as", "keyworker"), 2, "did you mean `acknowledge`?"),
    "no role at all": (("acknowledge",), 2, "Say in which you act (--as)"),
    "an answer without a value": (("acknowledge", "--as", "keyworker", "--answer", "reason"), 2, "not FACT=VALUE"),
    "an answer twice": (
        ("acknowledge", "--as", "keyworker", "--answer", "reason=a", "--answer", "reason=b"), 2, "given twice",
    ),
    "a wrong choice": (
        ("complete_referral", "--as", "duty_coordinator", "--answer", "substances=beer"), 2, "alcohol, opiates",
    ),
    "no date": (("acknowledge", "--as", "keyworker", "--happened", "yesterday"), 2, "write 2026-03-02 14:30"),
    "an unknown handover": (("accept", "--handover", "x", "--as", "recovery_receiver"), 2, "There is no case"),
    "an answer without its handover": (("accept", "--as", "keyworker"), 2, "Add --handover NAME"),
    "no contact": (("contact", "--contact", "gp", "--as", "keyworker"), 2, "is not a contact"),
}  # fmt: skip


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_is_told_in_a_sentence(up: Up, case: str, said: str) -> None:
    arguments, code, sentence = NONSENSE[said]
    ran = up.handrail("act", case, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert sentence in ran.err
    assert "Traceback" not in ran.err


def test_a_case_that_is_not_there_is_told_to_programs_too(up: Up) -> None:
    ran = up.handrail("case", "nowhere", "--format", "json")
    assert ran.code == 2
    assert '"error": "NotFound"' in ran.err


def test_a_wrong_nhs_number_is_told(up: Up) -> None:
    ran = up.handrail("refer", "icon", "--name", "A B", "--nhs-number", "1234567890", "--as", "duty_coordinator")
    assert ran.code == 2
    assert "not a valid NHS number" in ran.err


def test_words_about_a_person_may_come_from_a_file(up: Up, tmp_path: Path) -> None:
    """What stands on the command line can be read in the list of processes."""
    person, worry = tmp_path / "person.json", tmp_path / "worry.json"
    person.write_text(
        '{"name": "Lee Birch", "nhs_number": "9990400016", "born": "1990-02-03", "phone": "01632 960123"}'
    )
    worry.write_text('{"worry": "Not seen since Friday"}')
    as_duty = ("--as", "duty_coordinator", "--format", "json")
    case = _json(up.handrail("refer", "icon", "--person", str(person), *as_duty))["case"]
    assert _json(up.handrail("act", case, "risk", "--answers", str(worry), *as_duty))["done"]
    shown = _json(up.handrail("case", case, *as_duty))
    assert shown["person"] == {"name": "Lee Birch", "nhs_number": "9990400016", "born": "1990-02-03"}
    assert [entry["given"][0]["value"] for entry in shown["answers"] if entry["fact"] == "worry"] == [
        "Not seen since Friday"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ('["Lee"]', "must be an object"),
        ('{"nam": "Lee"}', "`nam` is not one of name, nhs_number"),
        ('{"phone": "1"}', "A person needs a name"),
    ],
)
def test_a_file_that_says_nobody_is_refused(up: Up, tmp_path: Path, content: str, message: str) -> None:
    person = tmp_path / "person.json"
    person.write_text(content)
    refused = up.handrail("refer", "icon", "--person", str(person), "--as", "duty_coordinator")
    assert refused.code == 2
    assert message in refused.err
