"""The case page and its forms: each acts, keeps what was typed, acts once, and tells of others meanwhile."""

import httpx
import pytest

from pathway_model.language.names import CaseId
from tests.use_cases.journey import hand_over, refer_robin
from tests.web.caseworker.conftest import Office, case_of, hidden, words
from use_cases.see_case import see_case

REFERRAL = {
    "name": "Robin Ash",
    "nhs": "999 974 0375",
    "born-day": "4",
    "born-month": "5",
    "born-year": "1988",
    "person-email": "robin@example.org",
    "gp-name": "Dr Lee",
    "gp-email": "lee@example.org",
    "by": "gp",
}


async def send(browser: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    """Open a form, fill it in, and send it."""
    page = await browser.get(address)
    assert page.status_code == 200, (page.status_code, page.headers.get("location"))
    return await browser.post(address, data=hidden(page) | fields)


async def test_a_person_is_referred_and_the_case_page_says_where_they_are(office: Office) -> None:
    """From the form to the case in one redirect."""
    browser = await office.door.as_role("duty_coordinator")
    sent = await send(browser, "/cases/refer", **REFERRAL)
    assert sent.status_code == 303, words(sent)
    page = await browser.get(sent.headers["location"])
    said = words(page)
    for expected in ("Robin Ash", "999 974 0375", "4 May 1988 (37 years)", "Referred", "Duty coordinator", "Recorded"):
        assert expected in said, expected
    assert "Tell the person and the referrer that the referral has arrived" in said
    assert "Complete referral" in said
    assert "The person and the referrer know that the referral has arrived" in said


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("nhs", "999 974 0376", "This is not a valid NHS number"),
        ("name", " ", "Enter the person's full name"),
        ("born-month", "13", "Enter the date of birth as a real date"),
        ("gp-email", "nowhere", "is not a mail address"),
    ],
)
async def test_a_mistake_in_a_referral_is_told_and_nothing_typed_is_lost(
    office: Office, field: str, typed: str, error: str
) -> None:
    """The error summary says it, and the other fields are as they were."""
    browser = await office.door.as_role("duty_coordinator")
    sent = await send(browser, "/cases/refer", **(REFERRAL | {field: typed}))
    assert sent.status_code == 422
    assert error in words(sent)
    assert "There is a problem" in words(sent)
    assert 'value="Dr Lee"' in sent.text
    assert 'value="robin@example.org"' in sent.text


async def test_somebody_known_is_shown_before_a_second_referral(office: Office) -> None:
    """The page names the likely duplicate and where to find them; nothing has begun."""
    browser = await office.door.as_role("duty_coordinator")
    first = case_of(await send(browser, "/cases/refer", **REFERRAL))
    again = await send(browser, "/cases/refer", **(REFERRAL | {"nhs": ""}))
    assert again.status_code == 409
    assert "has the same name and birth date" in words(again)
    assert f"/cases/{first}" in again.text
    went_on = await browser.post("/cases/refer", data=hidden(again) | REFERRAL | {"nhs": ""})
    assert went_on.status_code == 303


async def test_a_referral_sent_twice_begins_one_case(office: Office) -> None:
    """The second of a double click leads to the same case."""
    browser = await office.door.as_role("duty_coordinator")
    data = hidden(await browser.get("/cases/refer")) | REFERRAL
    places = [(await browser.post("/cases/refer", data=data)).headers.get("location") for _ in range(2)]
    assert places[0] == places[1]


async def test_a_refusal_says_every_reason_and_keeps_the_answers(office: Office) -> None:
    """What is missing and what stands in the way come back together."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("duty_coordinator")
    address = f"/cases/{case}/actions/acknowledge"
    await send(browser, address)
    page = await send(browser, f"/cases/{case}/actions/complete_referral", **{"answer-reason": "Words that stay"})
    assert page.status_code == 409
    assert "Words that stay" in page.text
    assert "Which substances are a concern?" in words(page)
    assert "Error: " in page.text


async def test_what_cannot_be_done_yet_says_why_who_and_when(office: Office) -> None:
    """Before the acknowledgement the referral cannot be completed."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("duty_coordinator")
    page = await browser.get(f"/cases/{case}")
    said = words(page).partition("Not yet, and why")[2]
    assert "Complete referral" in said
    assert "The person and the referrer know that the referral has arrived" in said
    gone = await browser.get(f"/cases/{case}/actions/complete_referral")
    assert gone.headers["location"] == f"/cases/{case}?gone=yes"


async def test_a_form_sent_twice_acts_once(office: Office) -> None:
    """A double click is one event, and both answers lead to it."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("duty_coordinator")
    address = f"/cases/{case}/actions/acknowledge"
    data = hidden(await browser.get(address))
    answers = [await browser.post(address, data=data) for _ in range(2)]
    assert [each.headers.get("location") for each in answers] == [f"/cases/{case}?done=2"] * 2
    assert see_case(office.desk("keyworker"), case).events == 2


async def test_the_second_of_two_people_is_told_what_changed_and_loses_nothing(office: Office) -> None:
    """Both opened the page; the one who sends later sees the other's entry and may send again."""
    case = await refer_robin(office.desk)
    slow = await office.door.as_role("duty_coordinator")
    address = f"/cases/{case}/interrupts/risk"
    data = hidden(await slow.get(address)) | {"answer-worry": "Typed for a long time"}
    quick = await office.door.as_role("duty_clinician")
    await send(quick, address, **{"answer-worry": "Seen first"})
    page = await slow.post(address, data=data)
    assert page.status_code == 409
    assert "Somebody else was here meanwhile" in words(page)
    assert "Duty clinician" in words(page)
    assert "Typed for a long time" in page.text
    assert see_case(office.desk("keyworker"), case).events == 2
    sent = await slow.post(address, data=hidden(page) | {"answer-worry": "Typed for a long time"})
    assert sent.status_code == 303


async def test_what_happened_earlier_is_entered_late(office: Office) -> None:
    """The timeline has both: when it happened and when it was entered."""
    browser = await office.door.as_role("duty_coordinator")
    earlier = {"happened-day": "26", "happened-month": "2", "happened-year": "2026", "happened-time": "9:30"}
    sent = await send(browser, "/cases/refer", **(REFERRAL | earlier))
    said = words(await browser.get(sent.headers["location"]))
    assert "26 February 2026, 9:30am" in said
    assert "Entered late, on 2 March 2026" in said


async def test_a_date_that_never_was_is_told_at_its_field(office: Office) -> None:
    """The error leads to the field, and what was typed stands there."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("duty_coordinator")
    page = await send(browser, f"/cases/{case}/actions/acknowledge", **{"happened-day": "31", "happened-month": "2"})
    assert page.status_code == 422
    assert 'href="#happened-day"' in page.text
    assert "Enter when it happened as a real date and time" in words(page)


async def test_what_cannot_have_happened_yet_is_told_at_its_field(office: Office) -> None:
    """The pathway's own refusal leads to the date."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("duty_coordinator")
    later = {"happened-day": "1", "happened-month": "1", "happened-year": "2030", "happened-time": "12:00"}
    page = await send(browser, f"/cases/{case}/actions/acknowledge", **later)
    assert page.status_code == 409
    assert 'href="#happened-day"' in page.text
    assert 'value="2030"' in page.text


async def test_consent_is_recorded_and_withdrawn(office: Office) -> None:
    """Each on the form of one contact."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("keyworker")
    party = next(
        each.party for each in see_case(office.desk("keyworker"), case).consents if "Dr Lee" in each.party_name
    )
    address = f"/cases/{case}/consents/share_with_gp/{party}"
    nothing = await send(browser, address)
    assert "Choose what the person said" in words(nothing)
    for status in ("given", "withdrawn"):
        assert (await send(browser, address, status=status)).status_code == 303
        shown = next(each for each in see_case(office.desk("keyworker"), case).consents if each.party == party)
        assert shown.status == status


async def test_a_contact_is_added_and_an_answer_corrected(office: Office) -> None:
    """Both stand on the page afterwards."""
    case = await hand_over(office.desk)
    browser = await office.door.as_role("keyworker")
    added = {"kind": "family_member", "name": "Kim Ash", "email": "kim@example.org"}
    assert (await send(browser, f"/cases/{case}/contacts", **added)).status_code == 303
    assert (
        await send(browser, f"/cases/{case}/answers/substances", **{"answer-substances": "opiates"})
    ).status_code == 303
    said = words(await browser.get(f"/cases/{case}"))
    assert "Kim Ash" in said
    assert "Opiates" in said
    assert "Before: Alcohol" in said


async def test_a_receiver_answers_a_handover_and_a_reason_that_is_never_allowed_is_looked_into(office: Office) -> None:
    """The handover stays open, and the page says what follows."""
    case = await hand_over(office.desk)
    browser = await office.door.as_role("recovery_receiver")
    assert "Sent without content" not in words(await browser.get(f"/cases/{case}"))
    address = f"/cases/{case}/handovers/recovery_handover"
    await send(browser, f"{address}/receive")
    refused = await send(browser, f"{address}/decline", reason="has_a_mental_illness", alternative="icon")
    assert refused.headers["location"].endswith("&never=yes")
    assert "never a reason to decline" in words(await browser.get(refused.headers["location"]))
    accepted = await send(browser, f"{address}/accept")
    assert accepted.status_code == 303
    assert "Accepted" in words(await browser.get(accepted.headers["location"]))


async def test_without_consent_a_receiver_sees_a_handover_and_nobody(office: Office) -> None:
    """Neither name nor answers are on the page."""
    case = await hand_over(office.desk)
    browser = await office.door.as_role("mental_health_receiver")
    said = words(await browser.get(f"/cases/{case}"))
    assert "Robin" not in said
    assert "Secret" not in said
    assert "Sent without content" in said


async def test_the_page_of_a_case_that_is_not_for_the_viewer_is_not_there(office: Office) -> None:
    """The same answer as for no case at all."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("recovery_receiver")
    for address in (
        f"/cases/{case}",
        "/cases/nowhere",
        f"/cases/{case}/actions/acknowledge",
        f"/cases/{case}/contacts",
    ):
        assert (await browser.get(address)).status_code == 404, address


async def test_every_form_that_the_case_page_leads_to_renders(office: Office) -> None:
    """Followed link by link, as three roles see them."""
    case = await hand_over(office.desk)
    for role in ("keyworker", "team_manager", "everybody", "recovery_receiver"):
        browser = await office.door.as_role(role)
        page = await browser.get(f"/cases/{case}")
        links = _links(page, case)
        assert links, role
        for link in links:
            form = await browser.get(link)
            assert form.status_code == 200, (role, link)
            assert "When did it happen?" in words(form), link


async def test_whoever_has_several_roles_says_in_which_they_act(office: Office) -> None:
    """Without a choice the form comes back; with one it acts."""
    case = await refer_robin(office.desk)
    browser = await office.door.as_role("everybody")
    address = f"/cases/{case}/interrupts/risk"
    page = await send(browser, address, **{"answer-worry": "Not seen today"})
    assert "Choose in which role you are acting" in words(page)
    assert "Not seen today" in page.text
    assert (await send(browser, address, **{"answer-worry": "Not seen today", "as": "keyworker"})).status_code == 303


def _links(page: httpx.Response, case: CaseId) -> list[str]:
    main = page.text.partition("<main")[2]
    parts = [part.partition('"')[0] for part in main.split('href="')[1:]]
    return [part.replace("&amp;", "&") for part in parts if part.startswith(f"/cases/{case}/")]
