"""Refer a person: who it is, how to reach them safely, who refers; and who on record may be the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from use_cases.known_people import KnownPerson
from use_cases.referrals import ReferralView
from web.caseworker.presenters.fields import Field, Option, happened_field, typed_parts
from web.caseworker.presenters.words import day, role, title
from web.forms import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """Somebody on record who may be the same, with the cases that may be opened."""

    who: str
    same: str
    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """Everything on the page."""

    title: str
    pathway: str
    choices: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    errors: tuple[tuple[str, str], ...]
    likely: tuple[Likely, ...]
    checked: str
    request: str


def referral_page(
    view: ReferralView,
    request: str,
    typed: Fields | None = None,
    *,
    wrong: Mapping[str, str] | None = None,
    sentences: tuple[str, ...] = (),
    likely: tuple[KnownPerson, ...] = (),
    checked: str = "",
) -> ReferralPage:
    """The form, new or come back with what was typed."""
    said = wrong or {}
    groups = tuple(
        Group(heading=heading, fields=tuple(replace(each, error=said.get(each.name, "")) for each in fields))
        for heading, fields in _groups(view, typed)
    )
    errors = [(each.focus, each.error) for group in groups for each in group.fields if each.error]
    errors += [("", sentence) for sentence in sentences]
    return ReferralPage(
        title="Refer a person",
        pathway=view.pathway,
        choices=(),
        groups=groups,
        errors=tuple(errors),
        likely=tuple(_likely(each) for each in likely),
        checked=checked,
        request=request,
    )


def choice_page(views: tuple[ReferralView, ...]) -> ReferralPage:
    """Which pathway? Asked where there is more than one."""
    choices = tuple((f"/cases/refer?pathway={view.pathway}", view.title) for view in views)
    return ReferralPage(
        title="Refer a person", pathway="", choices=choices, groups=(), errors=(), likely=(), checked="", request=""
    )


def _groups(view: ReferralView, typed: Fields | None) -> list[tuple[str, tuple[Field, ...]]]:
    groups = [
        (
            "The person",
            (
                _text(typed, "name", "Full name", autocomplete="off"),
                _text(typed, "nhs", "NHS number", "10 digits, such as 999 974 0375. Leave it empty if unknown."),
                Field(
                    kind="date",
                    name="born",
                    label="Date of birth",
                    hint="For example, 27 3 1988. Leave it empty if unknown.",
                    parts=typed_parts(typed, "born") if typed else {},
                ),
            ),
        ),
        (
            "Safe ways to reach the person",
            (
                _text(typed, "person-email", "Email address", "Only an address that nobody else reads."),
                _text(typed, "person-text", "Mobile number for text messages"),
            ),
        ),
    ]
    for kind in view.contacts:
        name = title(role(kind))
        groups.append(
            (
                name,
                (
                    _text(typed, f"{kind}-name", f"{name}: name", "Leave it empty if there is none."),
                    _text(typed, f"{kind}-email", f"{name}: email address"),
                ),
            )
        )
    by = Field(
        kind="radios",
        name="by",
        label="Who is referring?",
        options=tuple(Option(value=name, title=title(role(name))) for name in (*view.contacts, *view.roles)),
        values=typed.every("by") if typed else (view.roles if len(view.roles) == 1 else ()),
    )
    groups.append(("The referral", (by, happened_field(typed))))
    return groups


def _text(typed: Fields | None, name: str, label: str, hint: str = "", autocomplete: str = "off") -> Field:
    value = typed.one(name) if typed else ""
    return Field(kind="text", name=name, label=label, hint=hint, values=(value,), autocomplete=autocomplete)


def _likely(known: KnownPerson) -> Likely:
    who = known.name or "Somebody whose cases are not for you to see"
    born = f", born {day(known.born)}" if known.born else ""
    cases = tuple(
        (f"/cases/{each.case}", f"{title(each.pathway)}, {'ended' if each.ended else 'open'}") for each in known.cases
    )
    return Likely(who=f"{who}{born}", same=known.same, cases=cases)
