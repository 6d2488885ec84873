"""The working copy of a case while one event is taken. Lives for one call of `advance`; the case itself never changes.

Besides the new state it collects effects, and the moments that occurred, in order: clocks answer to moments only after
the moves are done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from pathway_model.case import KEPT_ANSWERS, Answer, Case, Job, StrandState, Value
from pathway_model.effects import CloseJob, Effect, JobOutcome, OpenJob
from pathway_model.language.definition import EndKind
from pathway_model.language.names import MAIN, OWNER
from pathway_model.pathway import THROUGHOUT, Pathway, Place
from pathway_model.values import as_written


class Scratch:
    """A case in the middle of one event.

    Attributes:
        at: When the event happened; dates are judged by it.
        now: When it was entered; authority and lateness are judged by it.
        action: The action being taken, if any: some minimums name it as an exception.
        requested: The handovers that the action being taken would request.
        occurred: Keys of moments, with their instants and strands, in the order in which they occurred.
    """

    __slots__ = (
        "action", "at", "by", "case", "clocks", "consents", "contacts", "counts", "effects", "entries", "facts",
        "handovers", "jobs", "moments", "nobody_in", "notices_stopped", "now", "occurred", "outcome", "pathway",
        "pauses", "requested", "sequence", "signatures", "strands", "turns",
    )  # fmt: skip

    def __init__(self, pathway: Pathway, case: Case, *, at: datetime, now: datetime, by: str) -> None:
        self.pathway = pathway
        self.case = case
        self.at = at
        self.now = now
        self.by = by
        self.sequence = case.sequence + 1
        self.action: str | None = None
        self.requested: tuple[str, ...] = ()
        self.effects: list[Effect] = []
        self.occurred: list[tuple[str, datetime, str]] = []
        self.strands = {key: case.strands[key] for key in sorted(case.strands, key=_begun(pathway))}
        self.facts = dict(case.facts)
        self.moments = dict(case.moments)
        self.entries = dict(case.entries)
        self.turns = dict(case.turns)
        self.clocks = dict(sorted(case.clocks.items()))
        self.pauses = case.pauses
        self.handovers = dict(case.handovers)
        self.consents = dict(case.consents)
        self.contacts = dict(sorted(case.contacts.items()))
        self.signatures = dict(case.signatures)
        self.counts = dict(case.counts)
        self.jobs = dict(sorted(case.jobs.items()))
        self.nobody_in = case.nobody_in
        self.notices_stopped = case.notices_stopped
        self.outcome: EndKind | None = case.outcome

    def finished(self) -> Case:
        """The case after the event."""
        return Case(
            id=self.case.id,
            definition=self.case.definition,
            opened=self.case.opened,
            sequence=self.sequence,
            now=self.now,
            strands=self.strands,
            facts=self.facts,
            moments=self.moments,
            entries=self.entries,
            turns=self.turns,
            clocks=self.clocks,
            pauses=self.pauses,
            handovers=self.handovers,
            consents=self.consents,
            contacts=self.contacts,
            signatures=self.signatures,
            counts=self.counts,
            jobs=self.jobs,
            nobody_in=self.nobody_in,
            notices_stopped=self.notices_stopped,
            outcome=self.outcome,
        )

    @property
    def main(self) -> StrandState:
        """The strand that runs through the phases."""
        return self.strands[MAIN]

    @property
    def phase(self) -> str:
        """The phase that the case is in."""
        return self.pathway.steps[self.main.step].phase or ""

    @property
    def paused(self) -> bool:
        """Whether an open interrupt suspends everything."""
        return any(self.suspends(strand) for strand in self.strands.values())

    def suspends(self, strand: StrandState) -> bool:
        """Whether a strand is an open interrupt that suspends everything."""
        interrupt = self.pathway.interrupts.get(strand.kind)
        return strand.open and interrupt is not None and interrupt.suspends is not None

    def occur(self, moment: str, at: datetime, strand: str = MAIN) -> None:
        """Note that a moment occurred in a strand; clocks hear of it when the moves are done."""
        self.occurred.append((moment, at, strand))
        if moment in self.pathway.kept_moments:
            earlier = self.moments.get(moment)
            self.moments[moment] = at if earlier is None or moment.startswith("fact:") else max(at, earlier)

    def answer(self, fact: str, value: Value) -> None:
        """Keep an answer; earlier ones stay if the question repeats."""
        given = Answer(value=value, at=self.at, sequence=self.sequence)
        earlier = self.facts.get(fact, ()) if self.pathway.definition.facts[fact].repeats else ()
        self.facts[fact] = (*earlier, given)[-KEPT_ANSWERS:]

    def strand_for(self, place: Place, preferred: str = MAIN) -> str | None:
        """The open strand in which a place is in force, if it is in force; of several, the preferred one."""
        if place == THROUGHOUT:
            return MAIN if self.outcome is None else None
        found = [
            key
            for key, strand in self.strands.items()
            if strand.open and place in self.pathway.steps[strand.step].places
        ]
        return preferred if preferred in found else next(iter(found), None)

    def owner_of(self, strand: str) -> str:
        """The role that owns a strand."""
        return self.strands[strand].owner

    def role(self, written: str, strand: str) -> str:
        """The role that a word in the definition means, seen from a strand."""
        return self.owner_of(strand) if written == OWNER else written

    def open_job(self, role: str, about: str, sentence: str, since: datetime) -> None:
        """Give a role a job, unless it has one about the same thing already."""
        if any(job.role == role and job.about == about for job in self.jobs.values()):
            return
        key = f"{self.sequence}-{about}-{role}"
        self.jobs[key] = Job(role=role, about=about, opened=since)
        self.effects.append(OpenJob(id=key, role=role, about=about, sentence=sentence, since=since))

    def close_jobs(self, about: str, outcome: JobOutcome) -> None:
        """Close whatever jobs are open about something."""
        for key in [key for key, job in self.jobs.items() if job.about == about]:
            self.close_job(key, outcome)

    def close_job(self, key: str, outcome: JobOutcome) -> None:
        """Close one job."""
        del self.jobs[key]
        self.effects.append(CloseJob(id=key, outcome=outcome))

    def tally(self, count: str) -> None:
        """Add one to a count; on reaching its mark, those whom it names get a job."""
        self.counts[count] = self.counts.get(count, 0) + 1
        model = self.pathway.definition.counts[count]
        if model.at is not None and self.counts[count] >= model.at:
            for role in model.job_for:
                self.open_job(role, f"count {count}", model.title, self.at)

    def effect_id(self, *names: str) -> str:
        """An id made from the event's number and names: the same event always makes the same."""
        return "-".join((str(self.sequence), *names))


def _begun(pathway: Pathway) -> Callable[[str], tuple[bool, int, int, str]]:
    """The order of strands: the main one, then as written; of one kind, as they were raised.

    The order of the keys of a case means nothing: whoever stored it may have sorted them.
    """
    written = {kind: place for place, kind in enumerate(pathway.first_step)}

    def key(strand: str) -> tuple[bool, int, int, str]:
        kind, _, number = strand.partition("-")
        return strand != MAIN, written.get(kind, len(written)), int(number or 1), strand

    return key


def latest(facts: Mapping[str, tuple[Answer, ...]], fact: str) -> Answer | None:
    """The latest answer to a question."""
    answers = facts.get(fact)
    return answers[-1] if answers else None


def texts(answer: Answer) -> tuple[str, ...]:
    """An answer as a definition would write it: one text, or one for each choice."""
    return as_written(answer.value)
