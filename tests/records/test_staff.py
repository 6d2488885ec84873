"""Accounts, roles, scopes, the audit, and published definitions."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pathway_model.language.definition import Definition
from records import accounts, audit, case_events, definitions, people
from records.accounts import Account, Membership
from records.audit import About
from records.engine import reading, writing
from records.errors import DefinitionTakenError, NotOnRecordError, RecordsError
from records.scope import SYSTEM, Scope
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, DAY, DEFINITION, DIGEST, PERSON, prepare, recording, referred

SAM = Account(id="a1", sign_in="sam", name="Sam")


def test_a_scope_follows_from_the_roles_held_now(engine: Engine) -> None:
    """Given twice, held once; ended, held no more; given again, held again."""
    keyworker, manager = Membership("north", "keyworker"), Membership("south", "manager")
    with writing(engine) as session:
        accounts.add(session, SAM, now=AT)
        accounts.add(session, SAM, now=AT)
        for membership in (keyworker, keyworker, manager):
            accounts.give_role(session, "a1", membership, now=AT)
        assert accounts.scope_of(session, "a1") == Scope(
            roles=frozenset({"keyworker", "manager"}), agencies=frozenset({"north", "south"})
        )
        accounts.end_role(session, "a1", manager, now=AT)
        assert accounts.memberships(session, "a1") == (keyworker,)
        accounts.give_role(session, "a1", manager, now=AT + DAY)
        assert accounts.memberships(session, "a1") == (keyworker, manager)


def test_a_closed_account_sees_nothing_and_staffs_nothing(engine: Engine) -> None:
    """It stays on record, closed."""
    with writing(engine) as session:
        accounts.add(session, SAM, now=AT)
        accounts.give_role(session, "a1", Membership("north", "keyworker"), now=AT)
        assert accounts.staffed(session, ["keyworker", "manager"]) == {"keyworker"}
        accounts.close(session, "a1", now=AT)
        assert accounts.scope_of(session, "a1") == Scope()
        assert accounts.staffed(session, ["keyworker", "manager"]) == frozenset()
        assert accounts.find_by_sign_in(session, "sam").is_open is False
        assert accounts.all_accounts(session) == (accounts.find(session, "a1"),)


def test_an_unknown_account_is_not_on_record(engine: Engine) -> None:
    """By id or by name."""
    with reading(engine) as session:
        with pytest.raises(NotOnRecordError):
            accounts.find(session, "nobody")
        with pytest.raises(NotOnRecordError):
            accounts.find_by_sign_in(session, "nobody")


def test_each_look_and_change_is_one_row(engine: Engine, plain_sql: PlainSql) -> None:
    """Who, what, when, about what: the latest first."""
    with writing(engine) as session:
        prepare(session)
        case_events.append(session, recording(referred()))
        audit.note_look(session, "see_case", account="a1", now=AT, about=About(case=CASE))
        changed = About(case=CASE, person="person-1", subject="go_on")
        audit.note_change(session, "take_action", account="a2", now=AT, about=changed, request="r")
    assert plain_sql("SELECT account_id, kind, what, case_id FROM audit ORDER BY id") == [
        ("a1", "look", "see_case", CASE),
        ("a2", "change", "take_action", CASE),
    ]
    with reading(engine) as session:
        assert [row.account for row in audit.of_case(session, SYSTEM, CASE)] == ["a2", "a1"]
        assert audit.of_case(session, Scope(agencies=frozenset({"south"})), CASE) == ()
        [row] = audit.of_account(session, "a2")
        assert (row.about, row.request, row.at) == (changed, "r", AT)


def test_a_look_that_failed_is_not_noted(engine: Engine, plain_sql: PlainSql) -> None:
    """The note belongs to the transaction of what was seen."""

    def look() -> None:
        with writing(engine) as session:
            audit.note_look(session, "see_case", account="a1", now=AT, about=About(case="x"))
            raise KeyError

    with pytest.raises(KeyError):
        look()
    assert plain_sql("SELECT count(*) FROM audit") == [(0,)]


def test_a_definition_is_published_once(engine: Engine, plain_sql: PlainSql) -> None:
    """Publishing it again changes nothing; its content comes back byte for byte."""
    with writing(engine) as session:
        assert definitions.publish(session, DEFINITION, now=AT, account="a1") == DIGEST
        assert definitions.publish(session, DEFINITION, now=AT + DAY) == DIGEST
        assert definitions.canonical_of(session, DIGEST) == DEFINITION.canonical()
        assert definitions.pathway(session, DIGEST).digest == DIGEST
    assert plain_sql("SELECT name, version, published_by FROM definitions") == [("small", 1, "a1")]


def at_once(engine: Engine, *works: Callable[[Session], object]) -> list[str]:
    """Do several things in transactions that begin together; answer what came of each."""
    together = threading.Barrier(len(works))
    outcomes: list[str] = []

    def do(work: Callable[[Session], object]) -> None:
        together.wait()
        try:
            with writing(engine) as session:
                work(session)
            outcomes.append("done")
        except RecordsError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_programs_publish_the_same_version_at_once(engine: Engine, plain_sql: PlainSql) -> None:
    """Both find it published."""
    assert at_once(engine, *[lambda session: definitions.publish(session, DEFINITION, now=AT)] * 2) == ["done", "done"]
    assert plain_sql("SELECT count(*) FROM definitions") == [(1,)]


def test_two_doors_take_the_same_person_at_once(engine: Engine, plain_sql: PlainSql) -> None:
    """One of them is told who has the number already."""
    other = replace(PERSON, id="person-2")
    outcomes = at_once(
        engine,
        lambda session: people.add(session, PERSON, now=AT),
        lambda session: people.add(session, other, now=AT),
    )
    assert outcomes == ["NhsNumberTakenError", "done"]
    assert plain_sql("SELECT count(*) FROM people") == [(1,)]


def changed(version: int) -> Definition:
    return DEFINITION.model_copy(update={"title": "Another title", "version": version})


def test_a_published_version_never_changes(engine: Engine) -> None:
    """Other content needs another number."""
    with writing(engine) as session:
        definitions.publish(session, DEFINITION, now=AT)
    with pytest.raises(DefinitionTakenError, match="new version"), writing(engine) as session:
        definitions.publish(session, changed(1), now=AT)
    with writing(engine) as session:
        definitions.publish(session, changed(2), now=AT)
        assert definitions.find(session, "small").version == 2
        assert definitions.find(session, "small", 1).digest == DIGEST
        assert [found.version for found in definitions.published(session)] == [1, 2]


def test_an_unknown_definition_is_not_on_record(engine: Engine) -> None:
    """By name, by version, by digest."""
    with reading(engine) as session:
        with pytest.raises(NotOnRecordError):
            definitions.find(session, "small")
        with pytest.raises(NotOnRecordError):
            definitions.find(session, "small", 3)
        with pytest.raises(NotOnRecordError):
            definitions.canonical_of(session, "0" * 64)
