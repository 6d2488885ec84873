"""The first command that a reader types works on the Handrail that `make run` has just started."""

import re
from pathlib import Path

import pytest

from handrail.demonstration import PEOPLE
from records.nhs_numbers import standard_nhs_number

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", ["README.md", "handrail/commands/refer.py"])
def test_the_example_refers_somebody_who_is_not_among_the_demonstration_people(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    numbers = re.findall(r"--nhs-number (\d{10})", text)
    assert numbers
    assert not set(numbers) & {story.nhs_number for story in PEOPLE}
    assert [standard_nhs_number(number) for number in numbers] == numbers
