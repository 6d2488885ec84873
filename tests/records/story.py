"""A small pathway and a case on it, stepped by hand: the records are tested apart from the core that decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from pathway_model.case import Case, StrandState, Turn
from pathway_model.changes import changes
from pathway_model.effects import Effect
from pathway_model.events import ActionTaken, CaseEvent, Referred
from pathway_model.language.definition import Definition
from pathway_model.language.names import MAIN, CaseId
from pathway_model.recording import RecordSteps, StepRow
from records import cases, definitions, people
from records.people import Person, Way

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CASE = CaseId("case-1")
PERSON = Person(
    id="person-1",
    name="Synthetic Person",
    birth_date=datetime(1990, 2, 3, tzinfo=UTC).date(),
    nhs_number="999 000 0018",
    ways=(Way(channel="email", address="person@example.org"),),
)

_RECEIVING = {"within": "2 working days", "escalate": {"manager": "at once"}}

DEFINITION = Definition.model_validate(
    {
        "pathway": "small",
        "version": 1,
        "title": "A small pathway",
        "agencies": {
            "north": {"title": "North", "roles": ["coordinator", "manager"]},
            "south": {"title": "South", "roles": ["receiver"]},
        },
        "contacts": {"gp": "one"},
        "consents": {"share_with_gp": {"with": ["gp"], "purpose": "Shared care", "covers": ["plan"]}},
        "facts": {
            "reason": {"ask": "What led to this?", "answer": "text", "personal": "yes"},
            "urgent": {"ask": "Is it urgent?", "answer": "yes or no"},
            "visit": {"ask": "When do we meet?", "answer": "date and time"},
        },
        "notices": {
            "hello": {"to": ["person"], "text": "We meet on <visit>."},
            "plan": {"to": ["gp"], "consent": "share_with_gp", "text": "It began with: <reason>"},
        },
        "phases": {
            "intake": {
                "steps": {
                    "waiting": {
                        "owner": "coordinator",
                        "deadline": {"within": "2 working days", "escalate": {"manager": "at once"}},
                        "clocks": {"overlap": {"at_least": "4 weeks"}},
                        "actions": {"go_on": {"go_to": "talking"}},
                    },
                    "talking": {
                        "owner": "manager",
                        "deadline": {"within": "5 working days", "escalate": {"coordinator": "at once"}},
                        "actions": {"finish": {"go_to": "closed"}},
                    },
                    "closed": {"owner": "manager", "ends": "completed"},
                },
                "handovers": {
                    "to_south": {
                        "to": "receiver",
                        "passes": "case",
                        "may_decline_for": ["no_room"],
                        "receive": _RECEIVING,
                        "decide": _RECEIVING,
                    }
                },
            }
        },
        "throughout": {
            "interrupts": {
                "pause": {
                    "raised_by": ["manager"],
                    "suspends": "everything",
                    "steps": {
                        "paused": {
                            "owner": "coordinator",
                            "deadline": {"within": "12 weeks", "escalate": {"manager": "at once"}},
                            "actions": {"end_pause": {"go_to": "back"}},
                        }
                    },
                }
            }
        },
    }
)
DIGEST = DEFINITION.digest()


@dataclass(frozen=True)
class Told:
    """A case after some steps, with the last of these."""

    case: Case
    step: StepRow


def prepare(session: Session, case: CaseId = CASE, person: Person = PERSON) -> None:
    """Put definition, person and starting case on record."""
    definitions.publish(session, DEFINITION, now=AT)
    if not people.likely_duplicates(session, name=person.name, birth_date=person.birth_date):
        people.add(session, person, now=AT)
    cases.add(session, case, person=person.id, digest=DIGEST, now=AT)


def referred(
    case: CaseId = CASE, answers: Mapping[str, bool | str] | None = None, effects: tuple[Effect, ...] = ()
) -> Told:
    """The first step: the case waits for the coordinator, due in two days, with a minimum running."""
    first = Case(
        id=case,
        definition=DIGEST,
        sequence=1,
        opened=AT,
        now=AT,
        strands={MAIN: StrandState(kind=MAIN, step="waiting", owner="coordinator", since=AT)},
        clocks={"waiting#1": turn("waiting", AT + 2 * DAY), "overlap#1": turn("overlap", AT + DAY)},
    )
    event = Referred(at=AT, by="coordinator", answers=answers or {"urgent": True})
    return Told(first, _row(None, first, event, effects, "request-1"))


def then(told: Told, event: CaseEvent, *effects: Effect, request: str | None = None, **changed: object) -> Told:
    """The next step, a day later: the event with its effects, and what it changes in the case."""
    entered = told.case.now + DAY
    after = replace(told.case, sequence=told.case.sequence + 1, now=entered, **changed)  # type: ignore[arg-type]
    return Told(after, _row(told.case, after, event, effects, request))


def gone_on(told: Told, request: str | None = "request-2") -> Told:
    """The action `go_on`: the manager owns the case from here."""
    at = told.case.now + DAY
    main = StrandState(kind=MAIN, step="talking", owner="manager", since=at)
    event = ActionTaken(at=at, by="coordinator", action="go_on")
    clocks = {"talking#1": turn("talking", at + 5 * DAY)}
    return then(told, event, request=request, strands={MAIN: main}, clocks=clocks)


def turn(clock: str, due: datetime) -> Turn:
    """A running turn."""
    return Turn(clock=clock, strand=MAIN, number=1, started=AT, due=due, wake=due)


def recording(*told: Told, epoch: int = 1, digest: str = DIGEST) -> RecordSteps:
    """What the record activity is handed."""
    steps = tuple(each.step for each in told)
    return RecordSteps(case=told[0].case.id, epoch=epoch, digest=digest, interpreter=1, steps=steps)


def _row(
    before: Case | None, after: Case, event: CaseEvent, effects: tuple[Effect, ...], request: str | None
) -> StepRow:
    return StepRow(
        sequence=after.sequence,
        entered=after.now,
        event=event,
        changes=changes(before, after),
        effects=effects,
        request=request,
        account=None if request is None else "account-1",
    )
