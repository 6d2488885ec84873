"""Identity: NHS numbers, somebody known already, and safe ways to reach people."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from pathway_model.language.names import CaseId, ContactId
from records import contacts, people
from records.contacts import Contact
from records.engine import reading, writing
from records.errors import BadNhsNumberError, ContactDiffersError, NhsNumberTakenError, NotOnRecordError
from records.ids import new_id
from records.nhs_numbers import standard_nhs_number
from records.people import LikelyDuplicate, Person, Way
from records.scope import SYSTEM, Scope
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, PERSON, prepare

BORN = date(1990, 2, 3)


def check_digit(nine: str) -> int:
    """Domain rule 15, written apart: weights 10 to 2; 11 less the remainder; 11 means 0."""
    rest = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return (11 - rest) % 11


@pytest.mark.parametrize("written", ["9990000018", "999 000 0018", "999-000-0018", "  999 000 0018 "])
def test_an_nhs_number_may_be_written_in_the_usual_ways(written: str) -> None:
    """Ten digits come out."""
    assert standard_nhs_number(written) == "9990000018"


@pytest.mark.parametrize(
    "written", ["", "999000001", "99900000181", "9990000019", "999 0000 018", "999000001X", "٩٩٩٠٠٠٠٠١٨", "0000000000"]
)
def test_anything_else_is_no_nhs_number(written: str) -> None:
    """The message does not repeat it: messages end up in logs."""
    with pytest.raises(BadNhsNumberError) as raised:
        standard_nhs_number(written)
    assert not written.strip() or written not in str(raised.value)


def test_the_check_digit_is_the_one_of_the_data_dictionary() -> None:
    """Every last digit of two hundred synthetic numbers, against arithmetic of our own."""
    for number in range(999_000_000, 999_000_200):
        nine = str(number)
        for last in range(10):
            good = check_digit(nine) == last
            try:
                standard_nhs_number(f"{nine}{last}")
            except BadNhsNumberError:
                assert not good
            else:
                assert good


def test_an_nhs_number_is_one_persons(engine: Engine, plain_sql: PlainSql) -> None:
    """Written differently, it is the same number."""
    with writing(engine) as session:
        people.add(session, PERSON, now=AT)
    twin = Person(id="person-2", name="Other", nhs_number="999-000-0018")
    with pytest.raises(NhsNumberTakenError) as raised, writing(engine) as session:
        people.add(session, twin, now=AT)
    assert raised.value.person == "person-1"
    assert plain_sql("SELECT id, nhs_number FROM people") == [("person-1", "9990000018")]


@pytest.mark.parametrize(
    "name", ["Zoë O'Brien-Smith", "ZOE OBRIEN SMITH", "zoe  o\u2019brien   smith", "Zoe\u0308 O'Brien-Smith"]
)
def test_a_name_is_recognised_however_it_is_written(name: str, engine: Engine) -> None:
    """Case, accents, apostrophes, hyphens and spaces do not hide somebody."""
    with writing(engine) as session:
        people.add(session, Person(id="p", name="Zoë O'Brien-Smith", birth_date=BORN), now=AT)
        assert people.likely_duplicates(session, name=name, birth_date=BORN) == (
            LikelyDuplicate(person="p", same="name and birth date"),
        )
        assert people.likely_duplicates(session, name=name, birth_date=date(1990, 2, 4)) == ()
        assert people.likely_duplicates(session, name=name) == ()


def test_the_nhs_number_comes_before_the_name(engine: Engine) -> None:
    """Each person once, by the stronger reason."""
    other = Person(id="person-2", name=PERSON.name, birth_date=PERSON.birth_date)
    with writing(engine) as session:
        people.add(session, PERSON, now=AT)
        people.add(session, other, now=AT)
        found = people.likely_duplicates(
            session, name=PERSON.name, birth_date=PERSON.birth_date, nhs_number="9990000018"
        )
    assert found == (
        LikelyDuplicate(person="person-1", same="NHS number"),
        LikelyDuplicate(person="person-2", same="name and birth date"),
    )


def test_a_person_can_be_corrected(engine: Engine) -> None:
    """Name, number and ways; the first way is the one they chose."""
    ways = (Way(channel="text message", address="07700 900000"), Way(channel="email", address="x@example.org"))
    changed = Person(id="person-1", name="New Name", birth_date=BORN, nhs_number="9990000018", ways=ways)
    with writing(engine) as session:
        people.add(session, PERSON, now=AT)
        people.change(session, changed)
    with reading(engine) as session:
        assert people.find(session, SYSTEM, "person-1") == changed
        assert people.likely_duplicates(session, name=PERSON.name, birth_date=BORN) == ()


def test_nobody_sees_a_person_without_a_case_in_scope(engine: Engine) -> None:
    """A person who is not there and one who may not be seen look the same."""
    with writing(engine) as session:
        prepare(session)
    with reading(engine) as session:
        for person in ("person-1", "nobody"):
            with pytest.raises(NotOnRecordError, match="or you may not see it"):
                people.find(session, Scope(agencies=frozenset({"south"})), person)


def test_contacts_are_kept_with_their_case(engine: Engine, plain_sql: PlainSql) -> None:
    """Adding one again changes nothing; somebody else under the same id is refused."""
    ways = (Way(channel="letter", address="1 High Street"),)
    gp = Contact(id=ContactId("gp-1"), case=CASE, kind="gp", name="Dr A", ways=ways)
    with writing(engine) as session:
        prepare(session)
        contacts.add(session, gp, now=AT)
        contacts.add(session, gp, now=AT)
        for other in (replace(gp, name="Dr B"), replace(gp, ways=()), replace(gp, case=CaseId("another"))):
            with pytest.raises(ContactDiffersError):
                contacts.add(session, other, now=AT)
    with reading(engine) as session:
        assert contacts.of_case(session, SYSTEM, CASE) == (gp,)
        assert contacts.of_case(session, Scope(agencies=frozenset({"south"})), CASE) == ()
        assert contacts.of_case(session, SYSTEM, CaseId("another")) == ()
    assert plain_sql("SELECT count(*) FROM contacts") == [(1,)]


def test_ids_say_nothing_and_do_not_clash() -> None:
    """Random, of letters that are not misread."""
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert not set("".join(ids)) & set("ilouAB")
