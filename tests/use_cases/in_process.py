"""Durable cases without Temporal: the core decides and the records keep, as the workflow has them do it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from activities.record import Records
from pathway_model.advance import open_case, proceed
from pathway_model.case import Case
from pathway_model.compiled import pathway_of
from pathway_model.events import Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal, Step
from use_cases.errors import RequestReusedError
from workflows.messages import Answer, CaseStart, Request
from workflows.rows import rows_of


@dataclass
class InProcessCases:
    """Each request acts once; `now` is set by the test.

    Attributes:
        sent: Requests in the order in which they came, repetitions too.
        lost: How many of the next answers are lost on their way, after the case has acted.
    """

    records: Engine
    now: datetime
    sent: list[Request] = field(default_factory=list)
    lost: int = 0
    _starts: dict[CaseId, CaseStart] = field(default_factory=dict)
    _cases: dict[CaseId, Case] = field(default_factory=dict)
    _answered: dict[tuple[CaseId, str], tuple[Request, Answer]] = field(default_factory=dict)

    async def begin(self, start: CaseStart, request: Request) -> Answer | Refusal:
        """Begin a case with its referral."""
        self._starts.setdefault(start.case, start)
        return self._once(start.case, request)

    async def take(self, case: CaseId, request: Request) -> Answer | Refusal:
        """Do something to a case."""
        return self._once(case, request)

    def _once(self, case: CaseId, request: Request) -> Answer | Refusal:
        self.sent.append(request)
        if (case, request.id) in self._answered:
            before, answer = self._answered[case, request.id]
            if before != request:
                raise RequestReusedError("This request id has been used for something else.")
            return answer
        answer_or_no = self._decide(case, request)
        if isinstance(answer_or_no, Answer):
            self._answered[case, request.id] = (request, answer_or_no)
        if self.lost:
            self.lost -= 1
            raise TimeoutError
        return answer_or_no

    def _decide(self, case: CaseId, request: Request) -> Answer | Refusal:
        pathway = pathway_of(self._starts[case].definition)
        if isinstance(request.event, Referred):
            opened = open_case(pathway, case, request.event, self.now)
            if isinstance(opened, Refusal):
                return opened
            return self._record(case, None, (opened,), request)
        before = self._cases[case]
        progress = proceed(pathway, before, request.event, max(self.now, before.now))
        if progress.refusal is not None:
            return progress.refusal
        return self._record(case, before, progress.steps, request)

    def _record(self, case: CaseId, before: Case | None, steps: tuple[Step, ...], request: Request) -> Answer:
        start = self._starts[case]
        digest = pathway_of(start.definition).digest
        Records(self.records).record_steps(rows_of(start, digest, before, steps, request))
        self._cases[case] = steps[-1].case
        return Answer(sequence=steps[-1].case.sequence)
