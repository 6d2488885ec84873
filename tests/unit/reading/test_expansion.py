import json

import pytest

from pathway_model.language.definition import Definition
from pathway_model.reading.expansion import MOST_USES
from tests.unit.reading.small import SHARED, SMALL, changed, read_small, told

USE = "    - {fragment: risk}\n"
TELL = "    - {fragment: tell, as: NAME, who: worker, what: [hello]}\n"


def definition_of(text: str, shared: str = SHARED) -> Definition:
    """The definition of a text without problems."""
    reading = read_small(text, shared)
    assert told(reading.problems) == []
    assert reading.definition is not None
    return reading.definition


def test_a_published_definition_holds_no_fragments() -> None:
    canonical = definition_of(SMALL).canonical()
    assert "fragment" not in canonical
    assert '"use"' not in canonical
    assert "<" not in canonical.replace("<back_at>", "").replace("<route>", "")


def test_a_fragment_used_once_keeps_its_names() -> None:
    definition = definition_of(changed(USE, TELL.replace("as: NAME, ", "")))
    assert list(definition.throughout.actions) == ["tell", "tell_again"]
    assert list(definition.throughout.clocks) == ["tell_due"]


def test_as_renames_what_carries_its_name_and_goes_in_front_of_the_rest() -> None:
    """Facts and counts keep their names; references inside the fragment follow."""
    definition = definition_of(changed(USE, TELL.replace("NAME", "greet")))
    assert list(definition.throughout.actions) == ["greet", "greet_tell_again"]
    assert list(definition.throughout.clocks) == ["greet_tell_due"]
    assert "told" in definition.counts
    met_by = definition.throughout.clocks["greet_tell_due"].met_by
    assert met_by is not None
    assert met_by[0].taking == "greet"
    needs = definition.throughout.actions["greet_tell_again"].needs
    assert json.loads(needs[0].model_dump_json(exclude_none=True)) == {"action": "greet", "is": "taken"}


def test_used_twice_with_names_its_shared_parts_arrive_once() -> None:
    text = changed(USE, TELL.replace("NAME", "greet") + TELL.replace("NAME", "remind"))
    definition = definition_of(text)
    assert list(definition.throughout.clocks) == ["greet_tell_due", "remind_tell_due"]
    assert list(definition.counts) == ["bounces", "told"]


def test_blanks_take_one_value_or_a_list() -> None:
    text = changed(USE, "    - {fragment: tell, who: worker, what: [hello, news], within: 3 weeks}\n")
    definition = definition_of(text)
    assert definition.throughout.actions["tell"].sends == ("hello", "news")
    assert str(definition.throughout.clocks["tell_due"].within) == "3 weeks"
    assert definition.throughout.clocks["tell_due"].when is None


def test_a_blank_takes_a_requirement() -> None:
    use = "    - {fragment: tell, who: worker, what: hello, when: {fact: agreed, is: yes}}\n"
    definition = definition_of(changed(USE, use))
    assert definition.throughout.clocks["tell_due"].when is not None


def test_a_list_in_a_blank_inside_a_list_is_spliced_in() -> None:
    shared = changed("by: <who>, sends", "by: [manager, <who>], sends", SHARED)
    shared = changed("escalate: {<who>: at once}", "escalate: {manager: at once}", shared)
    use = "    - {fragment: tell, who: [worker, owner], what: hello}\n"
    definition = definition_of(changed(USE, use), shared)
    assert definition.throughout.actions["tell"].by == ("manager", "worker", "owner")


def test_blanks_are_filled_inside_longer_text_and_facts_are_left_alone() -> None:
    shared = changed(
        "  counts:\n    told: {title: Told}", "  notices:\n    bye: {to: person, text: See <who> on <back_at>.}", SHARED
    )
    shared = changed(", count: told", "", shared)
    definition = definition_of(changed(USE, TELL.replace("NAME", "greet")), shared)
    assert definition.notices["bye"].text == "See worker on <back_at>."


@pytest.mark.parametrize(
    ("where", "old"),
    [
        ("phases.care", "    handovers:\n      pass_on:"),
        ("phases.care.strands.housing", "        steps:\n          looking"),
        ("phases.care.steps.second", "        with: [manager]"),
    ],
)
def test_fragments_are_used_in_phases_strands_and_steps(where: str, old: str) -> None:
    indent = old[: len(old) - len(old.lstrip())]
    text = changed(old, f"{indent}use: {{fragment: tell, who: worker, what: hello}}\n{old}")
    definition = definition_of(text)
    part: object = definition
    for step in where.split("."):
        part = part[step] if isinstance(part, dict) else getattr(part, step)
    assert "tell" in getattr(part, "actions")  # noqa: B009 - the parts are of different kinds


def test_what_a_fragment_lists_comes_behind_what_is_written() -> None:
    shared = SHARED + "careful:\n  leave_when: {fact: agreed, answered: yes}\n  notes: [{note: Take care}]\n"
    text = changed("        with: [manager]", "        use: [{fragment: careful}]\n        with: [manager]")
    step = definition_of(text, shared).phases["care"].steps["second"]
    assert [type(requirement).__name__ for requirement in step.leave_when] == [
        "HandoversRequirement",
        "FactRequirement",
    ]
    assert [note.note for note in step.notes] == ["Take care"]


def test_a_fragment_of_lists_alone_may_be_used_often() -> None:
    shared = SHARED + "careful:\n  notes: [{note: Take care}]\n"
    text = changed("        with: [manager]", "        use: {fragment: careful}\n        with: [manager]")
    text = changed("      first:\n", "      first:\n        use: {fragment: careful}\n", text)
    assert definition_of(text, shared).canonical().count("Take care") == 2


def test_a_fragment_may_use_another_and_pass_its_blanks_on() -> None:
    shared = SHARED + (
        "both:\n  blanks: {person_in_charge: worker}\n"
        "  use: [{fragment: tell, as: say, who: <person_in_charge>, what: hello}]\n"
        "  actions: {both: {needs: {action: say, is: taken}}}\n"
    )
    definition = definition_of(changed(USE, "    - {fragment: both, as: twice, person_in_charge: manager}\n"), shared)
    assert list(definition.throughout.actions) == ["twice", "twice_say", "twice_say_tell_again"]
    assert definition.throughout.actions["twice_say"].by == ("manager",)
    needs = definition.throughout.actions["twice"].needs
    assert json.loads(needs[0].model_dump_json(exclude_none=True)) == {"action": "twice_say", "is": "taken"}


def test_handovers_bring_their_clocks_under_the_new_name() -> None:
    """A requirement inside the fragment about the clock of its own handover follows the renaming."""
    hand = (
        "hand:\n  handovers:\n    hand: {to: receiver, passes: case, may_decline_for: [no_place],\n"
        "      receive: {within: 1 week, escalate: {chief: at once}},\n"
        "      decide: {within: 2 weeks, escalate: {chief: at once}}}\n"
        "  actions: {chase: {needs: {clock: hand_receive, is: missed}}}\n"
    )
    definition = definition_of(changed(USE, "    - {fragment: hand, as: away}\n"), SHARED + hand)
    needs = definition.throughout.actions["away_chase"].needs
    assert json.loads(needs[0].model_dump_json(exclude_none=True)) == {"clock": "away_receive", "is": "missed"}


def test_problems_keep_the_file_and_place_of_what_is_wrong() -> None:
    shared = changed("{go_to: back}", "{go_to: bck}", SHARED)
    assert told(read_small(SMALL, shared).problems) == [
        "shared-1.yaml:15:39: no_such_name: there is no step `bck` | did you mean `back`?"
    ]


def test_a_usual_value_that_does_not_fit_is_said_where_the_fragment_is_used() -> None:
    shared = changed("duty: worker", "duty: duty_worker", SHARED)
    assert told(read_small(SMALL, shared).problems) == [
        (
            "small.yaml:69:7: no_such_name: there is no role `duty_worker` | did you mean `worker`?; "
            "`risk` leaves its blank `duty` at the usual value"
        )
    ]


WRONG_HEAD = (
    "1:1: fragment_file: this file should begin with the name and version of `shared 1`"
    " | write `fragments: <name>` and `version: <number>`"
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("version: 1\nrisk", "version: 2\nrisk", WRONG_HEAD),
        ("  blanks: {duty", "  blank: {duty", "4:3: unknown_key: a fragment has no `blank` | did you mean `blanks`?"),
        ("owner: <duty>", "owner: <dty>", "13:18: no_such_blank: `risk` has no blank `dty` | did you mean `duty`?"),
        ("{<manager>: at once}", "{<manger>: at once}",
         "14:49: no_such_blank: `risk` has no blank `manger` | did you mean `manager`?"),
        ("  facts:\n    worry: {ask: What is the worry?, answer: text, personal: yes}\n", "  facts: worry\n",
         "5:3: not_a_table: `facts` is a table of names | "),
        ("blanks: {duty: worker,", "blanks: {as: x, duty: worker,",
         "4:12: reserved_word: no blank may be named `as` | choose another name"),
    ],
)  # fmt: skip
def test_a_fragment_file_is_read_as_strictly(old: str, new: str, says: str) -> None:
    lines = told(read_small(SMALL, changed(old, new, SHARED)).problems)
    assert f"shared-1.yaml:{says}" in lines


def test_a_fragment_that_uses_itself_is_refused() -> None:
    shared = SHARED + "loop:\n  use: [{fragment: loop, as: again}]\n  actions: {act: {}}\n"
    codes = {problem.code for problem in read_small(changed(USE, "    - {fragment: loop}\n"), shared).problems}
    assert "too_large" in codes


def test_fragments_that_double_are_refused_after_a_bounded_number_of_copies() -> None:
    """Thirty levels of two uses each would be a billion copies."""
    shared = SHARED + "".join(
        f"level_{n}:\n  use: [{{fragment: level_{n + 1}, as: a}}, {{fragment: level_{n + 1}, as: b}}]\n"
        for n in range(30)
    )
    shared += "level_30:\n  actions: {act: {title: Act}}\n"
    problems = read_small(changed(USE, "    - {fragment: level_0}\n"), shared).problems
    assert [problem.message for problem in problems if problem.code == "too_large"] == ["fragments are used too often"]
    assert MOST_USES < 1000
