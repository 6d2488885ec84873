"""What is drawn from a case: strands, clocks, handovers, consents, owners, agencies, jobs, links, projection."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from pathway_model.case import ConsentState, HandoverState, Job, StrandState
from pathway_model.effects import CloseJob, EndCase, OpenJob, OpenLinkedCase
from pathway_model.events import (
    ActionTaken,
    ConsentRecorded,
    HandoverAnswered,
    InterruptRaised,
    JobDone,
    Referred,
    StaffingChanged,
)
from pathway_model.language.names import MAIN
from records import accounts, case_events, cases, jobs
from records.accounts import Account, Membership
from records.cases import LinkedCase
from records.engine import reading, writing
from records.scope import SYSTEM, Scope
from records.tables.base import NEVER
from records.tables.cases import CaseRow
from records.tables.drawn import ClockRow
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, DAY, Told, gone_on, prepare, recording, referred, then, turn


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    with writing(engine) as session:
        prepare(session)
    return engine


def record(engine: Engine, *told: Told) -> tuple[str, ...]:
    with writing(engine) as session:
        return case_events.append(session, recording(*told)).nobody_in


def paused(told: Told) -> Told:
    """An interrupt that suspends everything; it freezes the clocks."""
    at = told.case.now + DAY
    event = InterruptRaised(at=at, by="manager", interrupt="pause")
    pause = StrandState(kind="pause", step="paused", owner="coordinator", since=at)
    return then(told, event, strands={**told.case.strands, "pause": pause}, clocks={})


def test_strands_follow_the_case(prepared: Engine, plain_sql: PlainSql) -> None:
    """Each strand has one row, changed in place; one that is gone from the case leaves."""
    first = referred()
    second = paused(first)
    record(prepared, first)
    assert plain_sql("SELECT strand, step, owner FROM strands") == [("main", "waiting", "coordinator")]
    record(prepared, second)
    assert plain_sql("SELECT strand, step, owner FROM strands ORDER BY strand") == [
        ("main", "waiting", "coordinator"),
        ("pause", "paused", "coordinator"),
    ]
    record(prepared, gone_on(second))
    assert plain_sql("SELECT strand, step, owner FROM strands") == [("main", "talking", "manager")]


def test_open_turns_have_a_row_each(prepared: Engine, plain_sql: PlainSql) -> None:
    """A turn that is over leaves no row; instants come back in UTC."""
    first = referred()
    record(prepared, first)
    assert plain_sql("SELECT turn, state, fired FROM clocks ORDER BY turn") == [
        ("overlap#1", "running", 0),
        ("waiting#1", "running", 0),
    ]
    with reading(prepared) as session:
        due = session.scalars(select(ClockRow.due).where(ClockRow.clock == "waiting")).one()
    assert due == AT + 2 * DAY
    assert due.isoformat() == "2026-01-07T09:00:00+00:00"
    record(prepared, gone_on(first))
    assert plain_sql("SELECT turn FROM clocks") == [("talking#1",)]


def test_the_projection_says_where_the_case_stands(prepared: Engine) -> None:
    """Phase, steps, owners, what is due next (no minimum), since when it waits, and pauses."""
    first = referred()
    record(prepared, first)
    row = projection(prepared)
    assert row == ("intake", ["waiting"], ["coordinator"], ["north"], AT + 2 * DAY, AT, False)

    second = paused(first)
    record(prepared, second)
    row = projection(prepared)
    assert row == ("intake", ["waiting", "paused"], ["coordinator"], ["north"], NEVER, AT, True)


def test_nothing_due_sorts_last_in_every_owner_list(prepared: Engine, plain_sql: PlainSql) -> None:
    """The two databases sort missing values differently, so there are none."""
    first = referred()
    record(prepared, first, paused(first))
    with reading(prepared) as session:
        assert cases.find(session, SYSTEM, CASE).status == "open"
    [(role, status, due)] = plain_sql("SELECT role, status, next_due FROM case_owners")
    assert (role, status) == ("coordinator", "open")
    assert str(due).startswith(str(NEVER.year))


def test_a_handover_keeps_its_earlier_requests(prepared: Engine, plain_sql: PlainSql) -> None:
    """Declined, then asked for again: both requests stay, and only a receiver still asked takes part."""
    first = referred()
    at = first.case.now
    asked = HandoverState(status="requested", to="receiver", turn=1, requested=at)
    declined = HandoverState(status="declined", to="receiver", turn=1, requested=at, settled=at, reason="no_room")
    again = HandoverState(status="requested", to="receiver", turn=2, requested=at)
    answer = HandoverAnswered(at=at, by="receiver", handover="to_south", answer="decline", reason="no_room")
    second = then(first, answer, handovers={"to_south": asked})
    third = then(second, answer, handovers={"to_south": declined})
    fourth = then(third, answer, handovers={"to_south": again})

    record(prepared, first, second)
    assert sorted(plain_sql("SELECT agency FROM case_agencies")) == [("north",), ("south",)]
    record(prepared, third)
    assert plain_sql("SELECT agency FROM case_agencies") == [("north",)]
    record(prepared, fourth)
    assert plain_sql("SELECT turn, status, reason FROM handovers ORDER BY turn") == [
        (1, "declined", "no_room"),
        (2, "requested", None),
    ]


def test_consents_stand_as_last_recorded(prepared: Engine, plain_sql: PlainSql) -> None:
    """One row for each consent and party, with the latest word."""
    first = referred()
    at = first.case.now
    event = ConsentRecorded(at=at, by="coordinator", consent="share_with_gp", party="gp-1", status="given")
    given = then(first, event, consents={"share_with_gp": {"gp-1": ConsentState(status="given", at=at)}})
    withdrawn = then(given, event, consents={"share_with_gp": {"gp-1": ConsentState(status="withdrawn", at=at + DAY)}})
    record(prepared, first, given)
    assert plain_sql("SELECT consent, party, status FROM consents") == [("share_with_gp", "gp-1", "given")]
    record(prepared, withdrawn)
    assert plain_sql("SELECT consent, party, status FROM consents") == [("share_with_gp", "gp-1", "withdrawn")]


def job(role: str, since: datetime = AT) -> OpenJob:
    return OpenJob(id="job-1", role=role, about="waiting#1", sentence="Overdue.", since=since)


def test_jobs_open_change_hands_and_close(prepared: Engine, plain_sql: PlainSql) -> None:
    """A job keeps its id up the ladder, and stays on record when it is closed."""
    done = JobDone(at=AT, by="manager", job="job-1")
    first = referred(effects=(job("coordinator"),))
    second = then(first, done, job("manager"))
    third = then(second, done, CloseJob(id="job-1", outcome="done late"))
    record(prepared, first)
    assert plain_sql("SELECT role, status, outcome FROM jobs") == [("coordinator", "open", None)]
    record(prepared, second)
    assert plain_sql("SELECT role, status, outcome FROM jobs") == [("manager", "open", None)]
    record(prepared, third)
    assert plain_sql("SELECT role, status, outcome FROM jobs") == [("manager", "closed", "done late")]


def test_jobs_are_listed_for_the_viewers_roles_only(prepared: Engine) -> None:
    """A role of the same agency does not see another role's list."""
    record(prepared, referred(effects=(job("manager"),)))
    with reading(prepared) as session:
        [listed] = jobs.open_jobs(session, Scope(roles=frozenset({"manager"}), agencies=frozenset({"north"})))
        assert (listed.case, listed.sentence, listed.since) == (CASE, "Overdue.", AT)
        other = Scope(roles=frozenset({"coordinator"}), agencies=frozenset({"north"}))
        assert jobs.open_jobs(session, other) == ()
        stranger = Scope(roles=frozenset({"manager"}), agencies=frozenset({"south"}))
        assert jobs.open_jobs(session, stranger) == ()
        assert jobs.of_case(session, stranger, CASE) == ()
        assert len(jobs.of_case(session, other, CASE)) == 1


def test_a_job_for_a_role_with_nobody_in_it_is_reported(prepared: Engine) -> None:
    """Asked each time, so that a retry after somebody came answers what is true then."""
    first = referred(effects=(job("manager"),))
    assert record(prepared, first) == ("manager",)
    assert record(prepared, first) == ("manager",)
    membership = Membership("north", "manager")
    with writing(prepared) as session:
        accounts.add(session, Account(id="a1", sign_in="sam", name="Sam"), now=AT)
        accounts.give_role(session, "a1", membership, now=AT)
    assert record(prepared, first) == ()
    with writing(prepared) as session:
        accounts.end_role(session, "a1", membership, now=AT + DAY)
    assert record(prepared, first) == ("manager",)
    with writing(prepared) as session:
        accounts.give_role(session, "a1", membership, now=AT + DAY)
        accounts.close(session, "a1", now=AT + DAY)
    assert record(prepared, first) == ("manager",)


def test_a_role_that_a_case_believes_to_be_empty_is_reported_when_somebody_is_in_it(prepared: Engine) -> None:
    """Also when the step itself has nothing to do with that role."""
    first = referred()
    gone = StaffingChanged(at=AT, role="manager", somebody=False)
    record(prepared, first, then(first, gone, nobody_in=("manager",)))
    again = then(then(first, gone, nobody_in=("manager",)), ActionTaken(at=AT, by="coordinator", action="stay"))
    with writing(prepared) as session:
        assert case_events.append(session, recording(again)).somebody_in == ()
        accounts.add(session, Account(id="a1", sign_in="sam", name="Sam"), now=AT)
        accounts.give_role(session, "a1", Membership("north", "manager"), now=AT)
        assert case_events.append(session, recording(again)).somebody_in == ("manager",)


def test_a_job_gives_its_agency_sight_of_the_case(prepared: Engine, plain_sql: PlainSql) -> None:
    """Whoever must do something about a case may see it."""
    first = referred()
    event = Referred(at=AT, by="coordinator")
    given = then(first, event, jobs={"job-1": Job(role="receiver", about="x", opened=AT)})
    record(prepared, first, given)
    assert sorted(plain_sql("SELECT agency FROM case_agencies")) == [("north",), ("south",)]


def test_a_case_that_ended_says_how(prepared: Engine, plain_sql: PlainSql) -> None:
    """It keeps its last step and owner, and leaves the open lists."""
    first = referred()
    closed = StrandState(kind=MAIN, step="closed", owner="manager", since=AT, open=False)
    end = then(
        first,
        JobDone(at=AT, by="manager", job="x"),
        EndCase(id="end", outcome="completed"),
        strands={MAIN: closed},
        clocks={},
        outcome="completed",
    )
    record(prepared, first, end)
    assert plain_sql("SELECT status, outcome, phase FROM cases") == [("ended", "completed", "intake")]
    assert plain_sql("SELECT role, status FROM case_owners") == [("manager", "ended")]


def test_a_linked_case_is_asked_for_until_it_is_opened(prepared: Engine) -> None:
    """The link remembers which case was opened for it."""
    record(prepared, referred(effects=(OpenLinkedCase(id="link-1", interrupt="referred_again"),)))
    with writing(prepared) as session:
        [link] = cases.linked_cases_to_open(session)
        assert link == LinkedCase(case=CASE, id="link-1", interrupt="referred_again", asked_at=AT)
        cases.note_linked_case(session, link, CASE)
    with reading(prepared) as session:
        assert cases.linked_cases_to_open(session) == ()


def test_a_row_left_by_an_earlier_version_gives_way(prepared: Engine, plain_sql: PlainSql) -> None:
    """What an older program drew differently does not block a case."""
    first = referred()
    record(prepared, first)
    plain_sql("INSERT INTO case_agencies (case_id, agency) VALUES ('case-1', 'south')")
    asked = HandoverState(status="requested", to="receiver", turn=1, requested=AT)
    record(prepared, then(first, Referred(at=AT, by="coordinator"), handovers={"to_south": asked}))
    assert sorted(plain_sql("SELECT agency FROM case_agencies")) == [("north",), ("south",)]


def projection(engine: Engine) -> tuple[object, ...]:
    with reading(engine) as session:
        row = session.get_one(CaseRow, CASE)
        return (
            row.phase,
            row.steps,
            row.owner_roles,
            row.agencies,
            row.next_due,
            row.waiting_since,
            row.paused,
        )


def test_a_late_deadline_stays_due(prepared: Engine) -> None:
    """A missed turn that is still open is what is due next, in the past."""
    first = referred()
    late = turn("waiting", AT - DAY)
    record(prepared, first, then(first, Referred(at=AT, by="coordinator"), clocks={"waiting#1": late}))
    assert projection(prepared)[4] == AT - DAY
