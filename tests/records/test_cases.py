"""Cases and caseloads: who may see which, in the order of what is due."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from pathway_model.case import StrandState
from pathway_model.events import Referred
from pathway_model.language.names import MAIN, CaseId
from records import case_events, cases
from records.caseload import Caseload, caseload, count, position
from records.engine import open_engine, reading, writing
from records.errors import NotOnRecordError
from records.scope import SYSTEM, Scope
from tests.records.story import AT, CASE, DAY, DIGEST, PERSON, gone_on, prepare, recording, referred, then, turn

NORTH = Scope(agencies=frozenset({"north"}))
SOUTH = Scope(agencies=frozenset({"south"}))


def begin(engine: Engine, name: str, due: datetime | None = None) -> None:
    """A case that waits for the coordinator, with something due then or with nothing due."""
    case = CaseId(name)
    first = referred(case)
    clocks = {} if due is None else {"waiting#1": turn("waiting", due)}
    second = then(first, Referred(at=AT, by="coordinator"), clocks=clocks)
    with writing(engine) as session:
        prepare(session, case)
        case_events.append(session, recording(first, second))


def owned_by_south(engine: Engine, name: str) -> None:
    case = CaseId(name)
    first = referred(case)
    main = StrandState(kind=MAIN, step="waiting", owner="receiver", since=AT)
    with writing(engine) as session:
        prepare(session, case)
        second = then(first, Referred(at=AT, by="coordinator"), strands={MAIN: main})
        case_events.append(session, recording(first, second))


def ids(engine: Engine, scope: Scope, wanted: Caseload) -> list[str]:
    with reading(engine) as session:
        found = caseload(session, scope, wanted)
        assert count(session, scope, wanted) == len(found)
        return [line.id for line in found]


def test_a_case_is_starting_until_its_first_step(engine: Engine) -> None:
    """It is found by the sweep, not by viewers, and adding it again changes nothing."""
    with writing(engine) as session:
        prepare(session)
        cases.add(session, CASE, person=PERSON.id, digest=DIGEST, now=AT + DAY)
    with reading(engine) as session:
        [left] = cases.left_starting(session, AT + DAY)
        assert (left.id, left.status, left.sequence, left.case) == (CASE, "starting", 0, None)
        assert (left.pathway, left.version, left.person, left.added_at) == ("small", 1, PERSON.id, AT)
        assert cases.left_starting(session, AT) == ()
        with pytest.raises(NotOnRecordError):
            cases.find(session, NORTH, CASE)
    with writing(engine) as session:
        case_events.append(session, recording(referred()))
        assert cases.left_starting(session, AT + DAY) == ()


def test_a_case_needs_a_published_definition(engine: Engine) -> None:
    """Nobody is put on a pathway that is not on record."""
    with writing(engine) as session:
        prepare(session)
    with pytest.raises(NotOnRecordError, match="definition"), writing(engine) as session:
        cases.add(session, CaseId("x"), person=PERSON.id, digest="0" * 64, now=AT)


def test_a_scope_hides_other_agencies_cases(engine: Engine) -> None:
    """In every query, and as if they were not there."""
    begin(engine, "north-1", AT)
    owned_by_south(engine, "south-1")
    assert ids(engine, NORTH, Caseload()) == ["north-1"]
    assert ids(engine, SOUTH, Caseload()) == ["south-1"]
    assert sorted(ids(engine, SYSTEM, Caseload())) == ["north-1", "south-1"]
    assert ids(engine, Scope(), Caseload()) == []
    with reading(engine) as session:
        assert cases.find(session, NORTH, "north-1").id == "north-1"
        for name in ("south-1", "no-such-case"):
            with pytest.raises(NotOnRecordError, match="or you may not see it"):
                cases.find(session, NORTH, name)
        assert [case.id for case in cases.of_person(session, SOUTH, PERSON.id)] == ["south-1"]


def test_roles_alone_open_no_case(engine: Engine) -> None:
    """A role of the same name in another agency sees nothing."""
    begin(engine, "north-1", AT)
    stranger = Scope(roles=frozenset({"coordinator"}), agencies=frozenset({"south"}))
    assert ids(engine, stranger, Caseload(owner="coordinator")) == []


def test_a_caseload_lists_what_is_due_first(engine: Engine) -> None:
    """What is overdue, then what is due, then what nothing is due for; the same on both databases."""
    begin(engine, "nothing")
    begin(engine, "later", AT + 5 * DAY)
    begin(engine, "overdue", AT - 5 * DAY)
    for wanted in (Caseload(), Caseload(owner="coordinator")):
        assert ids(engine, NORTH, wanted) == ["overdue", "later", "nothing"]
    with reading(engine) as session:
        overdue, later, nothing = caseload(session, NORTH, Caseload())
    assert [line.is_overdue(AT) for line in (overdue, later, nothing)] == [True, False, False]
    assert later.next_due is not None
    assert not later.is_overdue(later.next_due)
    assert (later.name, later.phase, later.steps) == (PERSON.name, "intake", ("waiting",))


@pytest.mark.parametrize("owner", [None, "coordinator"])
def test_a_list_goes_on_where_its_last_page_ended(owner: str | None, engine: Engine) -> None:
    """Also among cases that are due at the same instant, and those with nothing due."""
    for name, due in {"b": AT, "a": AT, "d": None, "c": None, "e": AT + DAY}.items():
        begin(engine, name, due)
    seen: list[str] = []
    after = None
    with reading(engine) as session:
        while page := caseload(session, NORTH, Caseload(owner=owner, after=after, limit=2)):
            seen += [line.id for line in page]
            after = position(page[-1])
    assert seen == ["a", "b", "e", "c", "d"]


def test_a_caseload_can_be_narrowed(engine: Engine) -> None:
    """By owner, phase, pathway, status, what is due, pauses and what is blocked."""
    begin(engine, "waits", AT)
    first = referred(CaseId("went-on"))
    with writing(engine) as session:
        prepare(session, CaseId("went-on"))
        case_events.append(session, recording(first, gone_on(first)))
        cases.set_blocked(session, "went-on", "records away")
    assert ids(engine, NORTH, Caseload(owner="coordinator")) == ["waits"]
    assert ids(engine, NORTH, Caseload(owner="manager")) == ["went-on"]
    assert ids(engine, NORTH, Caseload(owner="receiver")) == []
    assert ids(engine, NORTH, Caseload(due_before=AT + DAY)) == ["waits"]
    assert ids(engine, NORTH, Caseload(blocked=True)) == ["went-on"]
    assert ids(engine, NORTH, Caseload(blocked=False)) == ["waits"]
    assert ids(engine, NORTH, Caseload(paused=True)) == []
    assert ids(engine, NORTH, Caseload(status="ended")) == []
    assert len(ids(engine, NORTH, Caseload(phase="intake", pathway="small", status=None))) == 2
    assert ids(engine, NORTH, Caseload(phase="elsewhere")) == []


def test_an_owners_list_is_read_from_its_index(sqlite_template: Path, tmp_path: Path) -> None:
    """In the order of the index on role, status and what is due, without sorting every case of the role."""
    engine = open_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}")
    begin(engine, "waits", AT)
    asked: list[tuple[str, Sequence[object]]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, values: Sequence[object], *_rest: object) -> None:
        asked.append((statement, values))

    with reading(engine) as session:
        caseload(session, NORTH, Caseload(owner="coordinator"))
        [(statement, values)] = [each for each in asked if "case_owners" in each[0]]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values)).all()
    engine.dispose()
    assert "ix_case_owners_role_status_next_due_case_id" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
