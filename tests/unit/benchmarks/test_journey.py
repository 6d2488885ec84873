from benchmarks.journey import s1
from benchmarks.rounds import interleaved, ratios


def test_what_is_measured_is_the_whole_journey() -> None:
    """The benchmark walks to the same last case as the scenario itself."""
    journey = s1()
    end = journey.walk()
    assert end == journey.steps[-1].case
    assert end.outcome == "completed"


def test_contenders_take_turns() -> None:
    turns: list[str] = []
    seconds = interleaved({"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}, rounds=2, repeats=1)
    assert turns == ["a", "b", "a", "b", "a", "b"]
    assert {name: len(taken) for name, taken in seconds.items()} == {"a": 2, "b": 2}


def test_ratios_are_taken_within_each_round() -> None:
    assert ratios({"ours": [2.0, 9.0, 4.0], "theirs": [1.0, 3.0, 4.0]}, "ours", "theirs") == (1.0, 2.0, 3.0)
