"""ICoN's own scenarios, recorded step by step as the durable case would: everything drawn agrees with the case."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from pathway_model.advance import INTERPRETER
from pathway_model.case import ANSWERED, Case
from pathway_model.changes import changes
from pathway_model.effects import SendNotice, WithholdNotice
from pathway_model.events import ActionTaken, ClockCameDue, FactCorrected, InterruptRaised, Referred
from pathway_model.outcome import Step
from pathway_model.recording import RecordSteps, StepRow
from pathway_model.scenarios.runner import InMemory, cues_of
from pathway_model.summary import summarise
from records import case_events, cases, definitions, people, staging
from records.engine import reading, writing
from records.scope import SYSTEM
from records.tables.drawn import CaseAgencyRow, CaseOwnerRow, ClockRow, ConsentRow, HandoverRow, JobRow, StrandRow
from tests.records.conftest import PlainSql
from tests.records.story import PERSON
from tests.unit.pathways.files import icon, icon_scenario, scenario_files

WORDS = "what somebody said"


@pytest.mark.parametrize("file", scenario_files("icon"), ids=lambda path: path.stem)
def test_a_scenario_is_recorded_as_it_was_played(file: Path, engine: Engine, plain_sql: PlainSql) -> None:
    """Folded, the rows are the same case; every drawn row has its counterpart in it, and none is missing."""
    steps = list(played(file.stem))
    recorded(engine, steps)
    case = steps[-1].case

    assert plain_sql("SELECT count(*) FROM case_events") == [(len(steps),)]
    sent = [effect for step in steps for effect in step.effects if isinstance(effect, SendNotice | WithholdNotice)]
    assert plain_sql("SELECT count(*) FROM notices") == [(len(sent),)]
    assert plain_sql("SELECT count(*) FROM staged_answers") == [(0,)]
    assert plain_sql(f"SELECT count(*) FROM facts WHERE personal AND CAST(value AS TEXT) <> '\"{WORDS}\"'") == [(0,)]  # noqa: S608
    with reading(engine) as session:
        assert case_events.rebuild(session, case.id) == case
        assert cases.find(session, SYSTEM, case.id).case == case
        assert case_events.verify_chain(session, case.id) is None

        strands = {row.strand: (row.step, row.owner, row.open) for row in session.scalars(select(StrandRow))}
        assert strands == {name: (each.step, each.owner, each.open) for name, each in case.strands.items()}
        clocks = {row.turn: (row.due, row.state, row.wake) for row in session.scalars(select(ClockRow))}
        assert clocks == {name: (each.due, each.state, each.wake) for name, each in case.clocks.items()}
        handovers = {(row.handover, row.turn): row.status for row in session.scalars(select(HandoverRow))}
        assert handovers.items() >= {(name, each.turn): each.status for name, each in case.handovers.items()}.items()
        consents = {(row.consent, row.party): row.status for row in session.scalars(select(ConsentRow))}
        assert consents == {
            (name, party): each.status for name, parties in case.consents.items() for party, each in parties.items()
        }
        jobs = {row.id: row.role for row in session.scalars(select(JobRow)) if row.status == "open"}
        assert jobs == {name: each.role for name, each in case.jobs.items()}
        summary = summarise(icon(), case)
        assert set(session.scalars(select(CaseOwnerRow.role))) == set(summary.owner_roles)
        assert set(session.scalars(select(CaseAgencyRow.agency))) == set(summary.agencies)


def played(name: str) -> Iterator[Step]:
    scenario = icon_scenario(name).scenario
    assert scenario is not None
    driver = InMemory(icon())
    for cue in cues_of(icon(), scenario):
        yield from driver.play(cue).steps


def recorded(engine: Engine, steps: list[Step]) -> None:
    """Record steps one by one, each with its words staged before, and each twice."""
    first = steps[0].case
    with writing(engine) as session:
        digest = definitions.publish(session, icon().definition, now=first.now)
        people.add(session, PERSON, now=first.now)
        cases.add(session, first.id, person=PERSON.id, digest=digest, now=first.now - timedelta(seconds=1))
    before: Case | None = None
    for step in steps:
        request = None if isinstance(step.event, ClockCameDue) else f"request-{step.case.sequence}"
        row = StepRow(
            sequence=step.case.sequence,
            entered=step.entered,
            event=step.event,
            changes=changes(before, step.case),
            effects=step.effects,
            request=request,
        )
        recording = RecordSteps(case=first.id, epoch=1, digest=digest, interpreter=INTERPRETER, steps=(row,))
        with writing(engine) as session:
            if request is not None:
                staging.stage(session, first.id, request, words_of(step), now=step.entered)
            case_events.append(session, recording)
            case_events.append(session, recording)
        before = step.case


def words_of(step: Step) -> dict[str, str]:
    match step.event:
        case Referred(answers=answers) | ActionTaken(answers=answers) | InterruptRaised(answers=answers):
            return {fact: WORDS for fact, value in answers.items() if value == ANSWERED}
        case FactCorrected(fact=fact, value=value) if value == ANSWERED:
            return {fact: WORDS}
        case _:
            return {}
