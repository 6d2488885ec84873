"""What durable cases are measured by is one journey, whoever takes it."""

from benchmarks.by_hand.messages import Icon
from benchmarks.by_hand.rules import act, refusals
from benchmarks.compressed import NOW, at_once, deeds, quick_icon, walk
from benchmarks.durable import NOTICES, deed_of
from pathway_model.effects import SendNotice


def test_the_compressed_journey_is_taken_to_its_end() -> None:
    """Nothing is refused; beside people's deeds only the two minimums come due."""
    pathway = quick_icon()
    story = deeds(pathway)
    steps = walk(pathway, at_once(story, "one"))
    assert steps[-1].case.outcome == "completed"
    assert len([step for step in steps if step.event.kind != "clock came due"]) == len(story) == len(steps) - 2
    assert sum(isinstance(effect, SendNotice) for step in steps for effect in step.effects) == NOTICES


def test_the_hand_written_case_goes_the_same_way() -> None:
    """The same deeds, steps and notices, so that the same work is compared."""
    pathway = quick_icon()
    story = deeds(pathway)
    main = [step.case.strands["main"].step for step in walk(pathway, at_once(story, "one")) if step.event.by != "clock"]
    icon, by_hand, told = Icon(), [], 0
    for event in at_once(story, "one"):
        deed = deed_of(event, "request")
        assert refusals(icon, deed, NOW) == []
        icon, notices = act(icon, deed)
        by_hand.append(icon.step)
        told += len(notices)
    assert by_hand == main
    assert (icon.outcome, told) == ("completed", NOTICES)


def test_the_hand_written_case_refuses_what_is_not_possible() -> None:
    """Its requirements are judged as well, or it would be compared to less."""
    first, _, third, *_ = at_once(deeds(quick_icon()), "one")
    assert refusals(Icon(), deed_of(third, "request"), NOW)
    icon, _ = act(Icon(), deed_of(first, "request"))
    assert refusals(icon, deed_of(first, "again"), NOW)
