"""One form page for everything that can be done to a case: the questions in order, when, in which role.

What was typed is never lost: not by a mistake, not by a refusal, not when the case has moved on meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pathway_model.language.names import ANYONE
from pathway_model.outcome import Reason
from use_cases.case_view import CaseView, QuestionView
from web.caseworker.presenters.case import Entry, entry
from web.caseworker.presenters.doing import Obstacle, obstacle
from web.caseworker.presenters.fields import HAPPENED, Field, answer_name, happened_field, question_field, role_field
from web.caseworker.presenters.words import title
from web.forms import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a form is about.

    Attributes:
        roles: The viewer's roles that may do it.
        fields: Fields of its own, before the questions.
        warn: Sending it cannot be undone lightly: the button is red.
    """

    title: str
    submit: str
    roles: tuple[str, ...]
    questions: tuple[QuestionView, ...] = ()
    fields: tuple[Field, ...] = ()
    follows: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    warn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a form comes back.

    Attributes:
        fields: What is wrong with a field, by its name.
        reasons: Why the pathway refuses.
        sentences: What else went wrong.
        moved_on: The case is not as it was seen.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    sentences: tuple[str, ...] = ()
    moved_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """Everything on the page.

    Attributes:
        errors: Field ids (nothing for none) and sentences.
        changed: What has happened since the form was opened.
        request: Sending the form twice acts once.
        seen: How many events the case has, as shown.
        kept: What was typed into a form that is there no more, by what it was asked as: to be copied.
        role: The only role in which the viewer can do it; nothing when they choose, or have none.
    """

    title: str
    submit: str
    caption: str
    back: str
    fields: tuple[Field, ...]
    follows: tuple[str, ...]
    depends: tuple[str, ...]
    warn: bool
    errors: tuple[tuple[str, str], ...]
    obstacles: tuple[Obstacle, ...]
    changed: tuple[Entry, ...]
    moved_on: bool
    request: str
    seen: int
    role: str
    kept: tuple[tuple[str, str], ...]


NO_TROUBLE: Final = Trouble()

_ABOUT_WHEN: Final = frozenset({"in_the_future", "before_entry"})
_HIDDEN: Final = frozenset({"csrf", "request", "seen", "as"})


def form_page(
    view: CaseView, subject: Subject, request: str, typed: Fields | None = None, trouble: Trouble = NO_TROUBLE
) -> FormPage:
    """A form about a case, new or come back with what was typed."""
    own = {each.name: each.name for each in subject.fields}
    own |= {question.fact: answer_name(question.fact) for question in subject.questions}
    wrong = dict(trouble.fields)
    for reason in trouble.reasons:
        if reason.code in {"missing_answer", "wrong_answer"} and reason.name in own:
            wrong[own[reason.name]] = reason.sentence
        elif reason.code in _ABOUT_WHEN:
            wrong[HAPPENED] = reason.sentence
    fields = [replace(each, error=wrong.get(each.name, "")) for each in subject.fields]
    fields += [question_field(each, typed, wrong.get(answer_name(each.fact), "")) for each in subject.questions]
    fields += [happened_field(typed, wrong.get(HAPPENED, ""))]
    role = role_field(subject.roles, typed, wrong.get("as", ""))
    if role is not None:
        fields.insert(0, role)
    shown = {each.name for each in fields}
    others = [reason for reason in trouble.reasons if reason.sentence not in wrong.values()]
    errors = [(each.focus, each.error) for each in fields if each.error]
    errors += [("", sentence) for name, sentence in wrong.items() if name not in shown]
    errors += [("", sentence) for sentence in trouble.sentences]
    errors += [("refused", reason.sentence) for reason in others]
    seen_before = int(typed.one("seen")) if typed and typed.one("seen").isdigit() else view.events
    return FormPage(
        title=subject.title,
        submit=subject.submit,
        caption=view.person.name if view.person else view.title,
        back=f"/cases/{view.case}",
        fields=tuple(fields),
        follows=subject.follows,
        depends=subject.depends,
        warn=subject.warn,
        errors=tuple(errors),
        obstacles=tuple(obstacle(reason, view.seen_at) for reason in others),
        changed=_since(view, seen_before) if trouble.moved_on else (),
        moved_on=trouble.moved_on,
        request=request,
        seen=view.events,
        role=subject.roles[0] if len(subject.roles) == 1 else "",
        kept=() if subject.submit or typed is None else tuple(_kept(typed)),
    )


def roles_for(view: CaseView, who: Iterable[str]) -> tuple[str, ...]:
    """Those of the viewer's roles that may do something."""
    allowed = tuple(who)
    return view.roles if ANYONE in allowed else tuple(role for role in view.roles if role in allowed)


def _kept(typed: Fields) -> Iterator[tuple[str, str]]:
    for name, text in typed.items:
        if name not in _HIDDEN and text.strip():
            yield title(name.removeprefix("answer-").replace("-", " ")), text


def _since(view: CaseView, seen: int) -> tuple[Entry, ...]:
    return tuple(entry(event) for event in view.timeline if event.sequence > seen)
