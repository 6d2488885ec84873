"""What the pages about accounts show."""

from dataclasses import dataclass, replace

from use_cases.passwords import SHORTEST
from use_cases.sign_in import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """The sign-in form, and what was wrong with it."""

    next: str = ""
    name: str = ""
    no_name: bool = False
    no_password: bool = False
    refused: str = ""

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """Field and sentence, for the list above the form."""
        found = (
            ("name", "Enter the name that you sign in with." if self.no_name else ""),
            ("password", "Enter your password." if self.no_password else ""),
            ("name", self.refused),
        )
        return tuple((field, sentence) for field, sentence in found if sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordField:
    """One field of the form on which to choose a password."""

    name: str
    label: str
    autocomplete: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePasswordPage:
    """The form on which to choose a password, and what was wrong with it."""

    one_time: bool
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> tuple[PasswordField, ...]:
        """In the order in which they are filled in."""
        old = "One-time password" if self.one_time else "Password that you have now"
        hint = f"At least {SHORTEST} characters. Three or four random words do well."
        return (
            PasswordField(name="old", label=old, autocomplete="current-password"),
            PasswordField(name="new", label="New password", autocomplete="new-password", hint=hint),
            PasswordField(name="again", label="New password again", autocomplete="new-password"),
        )

    def with_error(self, field: str, sentence: str) -> "ChangePasswordPage":
        """The form, come back with something wrong."""
        return replace(self, errors=(*self.errors, (field, sentence)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """Whose account it is, and the roles by agency, as words."""

    name: str
    sign_in: str
    roles: tuple[tuple[str, str], ...]


def present_account(who: SignedIn) -> AccountPage:
    """One's own account."""
    roles = tuple((_words(held.agency), _words(held.role)) for held in who.viewer.memberships)
    return AccountPage(name=who.viewer.name, sign_in=who.sign_in, roles=roles)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
