"""A story with everything in it; run as a program, it writes out every step (to be compared between processes)."""

import sys

from pathway_model.changes import changes
from pathway_model.effects import EFFECT
from pathway_model.events import JobDone
from tests.unit.core.definitions import Story, local, pathway
from tests.unit.core.test_handovers import PARTS
from tests.unit.core.test_interrupts import RISK
from tests.unit.core.test_pauses import PAUSE


def playing_everything() -> Story:
    """Strands, clocks, a signature, consents, notices, two risks, a pause, a decline, an exclusion, an acceptance."""
    facts = PARTS["facts"] | {
        "worry": {"ask": "What?", "answer": "text", "personal": "yes"},
        "reason": {"ask": "Why?", "answer": ["ward", "custody"]},
        "score": {"ask": "Score?", "answer": "number", "repeats": "yes"},
    }
    clocks = {
        name: {"within": "1 week", "from": {"taking": "measure"}, "met_by": {"taking": "ring"}, "in_pause": "freeze",
               "warn": {"worker": "1 working day before"}, "escalate": {"manager": "at once", "senior": "at once"}}
        for name in ("alpha", "bravo", "charlie")
    }  # fmt: skip
    parts = PARTS | {
        "facts": facts,
        "notices": {"news": {"to": ["person", "gp", "relative"], "no_consent_because": "Harmless", "text": "News"}},
        "throughout": {
            "clocks": clocks,
            "interrupts": PARTS["throughout"]["interrupts"] | {"risk": RISK, "pause": PAUSE},
            "actions": {
                "measure": {"asks": "score", "sends": "news", "job_for": ["senior", "manager", "worker"]},
                "ring": {},
                "sign": {"signed_by": ["worker", "senior"]},
            },
        },
    }
    story = Story(pathway(**parts), began="2025-12-01 10:00", contacts={"b": "relative", "a": "relative", "g": "gp"})
    story.do("measure", "2025-12-01 11:00", score=7.5)
    story.do("sign", "2025-12-01 12:00")
    story.do("measure", "2025-12-02 11:00", score=8)
    story.interrupt("risk", "2025-12-03 11:00", worry="answered")
    story.interrupt("risk", "2025-12-03 11:10", worry="answered")
    story.interrupt("pause", "2025-12-03 11:20", reason="ward")
    story.do("respond", "2025-12-03 14:00", by="senior", strand="risk-2")
    story.do("end_risk", "2025-12-03 15:00", by="senior")
    story.do("respond", "2025-12-03 15:10", by="senior")
    story.do("end_pause", "2025-12-08 15:00")
    story.wait("2025-12-20 10:00")
    story.do("end_risk", "2025-12-20 10:00", by="senior")
    story.correct("score", 3, "2025-12-20 10:30")
    story.do("ring", "2025-12-20 11:00")
    story.do("end_support", "2025-12-20 12:00")
    story.consent("share", "them", "given", "2025-12-20 12:00")
    story.consent("share", "others", "refused", "2025-12-20 12:00")
    story.do("ask", "2025-12-20 13:00", receivers=("them", "others"))
    story.handover("to_them", "decline", "2025-12-20 14:00", reason="uses_substances")
    story.handover("to_them", "decline", "2025-12-21 14:00", reason="no_room_now", alternative="others")
    story.wait("2026-01-05 10:00")
    key = next(key for key, job in story.case.jobs.items() if job.about.startswith("refused"))
    story.play(JobDone(at=local("2026-01-05 10:00"), by=story.case.jobs[key].role, job=key))
    story.handover("to_others", "accept", "2026-01-05 11:00", by="other_receiver")
    story.interrupt("died", "2026-01-06 10:00", by="gp")
    return story


def main() -> None:
    """Write each step's patch and effects, one a line."""
    before = None
    for step in playing_everything().steps:
        effects = [EFFECT.dump_python(effect, mode="json") for effect in step.effects]
        sys.stdout.write(f"{step.event!r} {changes(before, step.case)} {effects}\n")
        before = step.case


if __name__ == "__main__":
    main()
