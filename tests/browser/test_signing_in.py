"""A keyworker signs in for the first time, with and without scripts, at any width, by keyboard alone."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visitor

OWN = "three dull wet badgers"


def test_a_keyworker_signs_in_for_the_first_time(visitor: Visitor) -> None:
    """Given a one-time password, when they sign in and choose their own, then they are at their account."""
    given = visitor.site.one_time_password("keyworker")
    page = visitor.page
    visitor.opens("/account")
    visitor.finds_no_barrier()

    page.get_by_label("Name that you sign in with").fill("keyworker")
    page.get_by_label("Password", exact=True).fill(given)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    visitor.finds_no_barrier()

    page.get_by_label("One-time password", exact=True).fill(given)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again", exact=True).fill(OWN)
    page.get_by_role("button", name="Choose this password").click()
    visitor.opens("/account")
    expect(page.get_by_role("heading", name="Keyworker")).to_be_visible()
    visitor.finds_no_barrier()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_is_wrong_is_said_above_the_form_and_at_the_field(visitor: Visitor) -> None:
    """When the form is sent empty, then each field says what is missing, and the list leads to it."""
    visitor.opens("/sign-in")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(visitor.page).to_have_title(re.compile("^Error: Sign in"))
    visitor.finds_no_barrier()
    visitor.page.get_by_role("link", name="Enter your password.").click()
    expect(visitor.page.get_by_label("Password", exact=True)).to_be_in_viewport()


def test_signing_in_needs_no_mouse(visitor: Visitor) -> None:
    """When only the keyboard is used, then the skip link comes first, and the form can be sent."""
    page = visitor.page
    visitor.opens("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.get_by_label("Name that you sign in with").focus()
    page.keyboard.type("keyworker")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")


def test_a_page_that_is_not_there_leads_back(visitor: Visitor) -> None:
    """When an address leads nowhere, then the page says so, and has a way on."""
    visitor.opens("/nowhere")
    expect(visitor.page.get_by_role("heading", name="Page not found")).to_be_visible()
    visitor.finds_no_barrier()
    visitor.page.get_by_role("link", name="Go to the first page").click()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
