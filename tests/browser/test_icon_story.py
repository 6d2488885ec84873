"""ICoN from referral to closing through the pages, by its team and a receiver in another agency; entered late."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal
from records import accounts
from records.engine import writing
from tests.browser.conftest import Site, Visitor
from tests.use_cases.in_process import InProcessCases
from use_cases.sign_in import begin_session
from workflows.messages import Answer, CaseStart, Request

SignIn = Callable[[str], Visitor]


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class CasesOfSite:
    """Cases on the site's own records, known once it is open."""

    inside: InProcessCases

    async def begin(self, start: CaseStart, request: Request) -> Answer | Refusal:
        """Begin a case."""
        self.inside.now = now()
        return await self.inside.begin(start, request)

    async def take(self, case: CaseId, request: Request) -> Answer | Refusal:
        """Do something to a case."""
        self.inside.now = now()
        return await self.inside.take(case, request)


@pytest.fixture(scope="module")
def cases() -> CasesOfSite:
    return CasesOfSite()


@pytest.fixture(params=["with scripts", "without scripts"])
def signed_in(request: pytest.FixtureRequest, chromium: Browser, site: Site, cases: CasesOfSite) -> Iterator[SignIn]:
    """Browsers in which the accounts of roles are signed in."""
    if not hasattr(cases, "inside"):
        cases.inside = InProcessCases(records=site.records, now=now())
    scripts = request.param == "with scripts"
    visitors: dict[str, Visitor] = {}
    with ExitStack() as stack:

        def sign_in(role: str) -> Visitor:
            if role not in visitors:
                with writing(site.records) as session:
                    token = begin_session(session, accounts.find_by_sign_in(session, role).id, now())
                context = chromium.new_context(java_script_enabled=scripts)
                stack.callback(context.close)
                name = f"handrail_{site.address.rpartition(':')[2]}"
                context.add_cookies([{"name": name, "value": token, "url": site.address}])
                visitors[role] = Visitor(context.new_page(), site, scripts)
            return visitors[role]

        yield sign_in


def enters_when(page: Page, days_ago: int) -> None:
    """Fill in when it happened, unless that was today."""
    if days_ago:
        day: date = (now() - timedelta(days=days_ago)).date()
        group = page.get_by_role("group", name="When did it happen?")
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(label).fill(str(value))
        group.get_by_label("Time").fill("12:00")


def does(visitor: Visitor, case: str, act: str, days_ago: int = 0, **answers: str | list[str]) -> None:
    """Open the form of an act from the case page, answer its questions, and send it."""
    page = visitor.page
    visitor.opens(case)
    # Acts are links that look like buttons; what can be told at any time is a plain link.
    page.get_by_role("button", name=act, exact=True).or_(page.get_by_role("link", name=act, exact=True)).click()
    for fact, answer in answers.items():
        asked = page.locator(f'[name="answer-{fact}"]')
        if isinstance(answer, list):
            for choice in answer:
                page.locator(f'[name="answer-{fact}"][value="{choice}"]').check()
        else:
            asked.fill(answer)
    enters_when(page, days_ago)
    page.locator("main form button").click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()


def refers(visitor: Visitor, name: str, days_ago: int) -> str:
    """Refer somebody; answer the address of their case."""
    page = visitor.page
    visitor.opens("/cases")
    page.get_by_role("main").get_by_role("button", name="Refer a person").click()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Gp: name").or_(page.get_by_label("GP: name")).fill("Dr Lee")
    page.get_by_label("Referrer", exact=True).check()
    enters_when(page, days_ago)
    page.get_by_role("button", name="Refer", exact=True).click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    return page.url.removeprefix(visitor.site.address).partition("?")[0]


def test_icon_from_referral_to_closing(signed_in: SignIn) -> None:
    """Given a referral, when each role does its part, then the case is closed as completed."""
    duty, keyworker, manager = signed_in("duty_coordinator"), signed_in("keyworker"), signed_in("team_manager")
    case = refers(duty, "Robin Ash", 60)
    does(duty, case, "Tell the person and the referrer that the referral has arrived", 60)
    does(duty, case, "Complete referral", 60, reason="Low mood and drinking", substances=["alcohol"])
    for role in ("mental_health_practitioner", "substance_use_coordinator"):
        does(signed_in(role), case, "Agree assessment", 60, **({"findings": "Both"} if role.startswith("m") else {}))
    for purpose in ("Shared care, Dr Lee",):
        records_consent(keyworker, case, purpose, "Yes", 60)
    does(keyworker, case, "Agree plan", 60, life_goals="The allotment", plan_agreed=["yes"], wellbeing="7")
    does(manager, case, "End early", 59, early_reason=["own_choice"])
    records_consent(keyworker, case, "Handover of care, Local drug and alcohol service", "Yes", 59)
    does(keyworker, case, "Request handovers", 59, receivers=["local_recovery"], life_goals="A job", wellbeing="9")
    receiver = signed_in("recovery_receiver")
    does(receiver, case, "Accept", 40)
    does(keyworker, case, "End overlap")
    does(keyworker, case, "Offer follow up", offer=["phone"])
    does(keyworker, case, "Record outcome", outcome=["attended"])
    expect(keyworker.page.get_by_text("This case has ended: Completed")).to_be_visible()
    keyworker.finds_no_barrier()
    keyworker.opens("/cases?tab=ended")
    expect(keyworker.page.get_by_role("link", name="Robin Ash").first).to_be_visible()
    keyworker.finds_no_barrier()


def records_consent(visitor: Visitor, case: str, whom: str, said: str, days_ago: int) -> None:
    """Record what the person said about one agency or contact."""
    visitor.opens(case)
    visitor.page.get_by_role("link", name=f"Record consent: {whom}").click()
    visitor.page.get_by_label(said, exact=True).check()
    enters_when(visitor.page, days_ago)
    visitor.page.get_by_role("button", name="Record consent").click()
    expect(visitor.page.get_by_role("heading", name="Recorded")).to_be_visible()


def test_a_colleague_s_entry_appears_by_itself_and_a_late_sender_is_told(signed_in: SignIn) -> None:
    """Given two people at one case, when one records a risk, then the other sees it, or is told before sending."""
    duty, clinician = signed_in("duty_coordinator"), signed_in("duty_clinician")
    case = refers(duty, "Sky Moor", 0)
    writing_page = signed_in("keyworker")
    writing_page.opens(f"{case}/interrupts/risk")
    writing_page.page.locator('[name="answer-worry"]').fill("Typed slowly")
    duty.opens(case)
    does(clinician, case, "Somebody is worried about immediate safety", worry="Seen first")
    if duty.scripts:
        expect(duty.page.get_by_role("status")).to_contain_text("brought up to date", timeout=15_000)
        expect(duty.page.get_by_role("list").get_by_text("Somebody is worried").first).to_be_visible()
    writing_page.page.get_by_role("button", name="Record this").click()
    expect(writing_page.page.get_by_role("heading", name="Somebody else was here meanwhile")).to_be_visible()
    expect(writing_page.page.locator('[name="answer-worry"]')).to_have_value("Typed slowly")
    writing_page.finds_no_barrier()
    writing_page.page.get_by_role("button", name="Record this").click()
    expect(writing_page.page.get_by_role("heading", name="Recorded")).to_be_visible()


def test_the_pages_have_no_barriers_and_need_no_mouse(signed_in: SignIn) -> None:
    """Given a new case, then its pages are clean at any width, and a form comes back to its first mistake."""
    duty = signed_in("duty_coordinator")
    page = duty.page
    case = refers(duty, "Alex Reed", 0)
    duty.finds_no_barrier()
    for path in ("/cases", "/cases?tab=all", "/cases/refer", f"{case}/contacts", f"{case}/interrupts/risk", case):
        duty.opens(path)
        duty.finds_no_barrier()
    duty.opens("/cases/refer")
    page.get_by_role("button", name="Refer", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter the person's full name")
    duty.finds_no_barrier()
    page.get_by_role("link", name="Enter the person's full name").press("Enter")
    expect(page.get_by_label("Full name")).to_be_in_viewport()
