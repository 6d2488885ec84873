"""The rows that a case hands to the records: one a step, each with what it changed."""

import json
from collections.abc import Sequence
from hashlib import sha256

from activities.contracts import RecordSteps, StepRow
from pathway_model.advance import INTERPRETER
from pathway_model.case import Case
from pathway_model.changes import changes, value_of
from pathway_model.language.names import Digest
from pathway_model.outcome import Step
from workflows.messages import CaseStart, Request


def rows_of(
    start: CaseStart,
    digest: Digest,
    before: Case | None,
    steps: Sequence[Step],
    request: Request | None = None,
) -> RecordSteps:
    """Steps as they are recorded.

    Args:
        start: Names the case and its epoch.
        digest: Of the definition.
        before: The case that the first step was taken from; none for the referral.
        steps: In order, at least one.
        request: Behind the last step; the others are clocks.
    """
    rows: list[StepRow] = []
    for step in steps:
        own = request if step is steps[-1] else None
        rows.append(
            StepRow(
                sequence=step.case.sequence,
                entered=step.entered,
                event=step.event,
                changes=changes(before, step.case),
                effects=step.effects,
                request=None if own is None else own.id,
                account=None if own is None else own.account,
            )
        )
        before = step.case
    return RecordSteps(
        case=start.case,
        epoch=start.epoch,
        digest=digest,
        interpreter=INTERPRETER,
        steps=tuple(rows),
        after=_digest_of(steps[-1].case),
    )


def _digest_of(case: Case) -> str:
    """Of the JSON form of a case; short, for it only has to tell two apart that should be the same."""
    value = json.dumps(value_of(case), sort_keys=True, separators=(",", ":"))
    return sha256(value.encode()).hexdigest()[:16]
