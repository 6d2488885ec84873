"""The demonstration people: each goes as far as their story, once, however often they are shown."""

from handrail.demonstration import PEOPLE, show_people
from tests.use_cases.conftest import Desks
from use_cases.list_cases import Caseload, list_cases
from use_cases.see_case import see_case


async def test_they_appear_once_and_each_story_is_told_to_its_end(at_desk: Desks) -> None:
    desk = at_desk("everybody")
    said: list[str] = []
    await show_people(desk, said.append)
    first = list_cases(desk, Caseload(status=None))
    events = {line.case: see_case(desk, line.case).events for line in first}
    assert sorted(line.person or "" for line in first) == sorted(story.name for story in PEOPLE)
    assert all(events[line.case] > len(_story(line.person)) for line in first)
    assert said[-1] == f"Demonstration people: {len(PEOPLE)} of {len(PEOPLE)}"
    await show_people(desk, said.append)
    assert list_cases(desk, Caseload(status=None)) == first
    assert {line.case: see_case(desk, line.case).events for line in first} == events
    assert {line.status for line in first} == {"open", "ended"}
    assert any(line.paused for line in first)
    assert any("risk_raised" in line.steps for line in first)


def _story(name: str | None) -> tuple[str, ...]:
    return next(story.acts for story in PEOPLE if story.name == name)
