"""What can be done with a case, and why the rest cannot: actions, handovers to answer, interrupts.

Actions come from `explain`; the others are tried on `proceed` itself, so that both always agree with what the
durable case accepts.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pathway_model.advance import proceed
from pathway_model.case import Case
from pathway_model.events import HandoverAnswered, InterruptRaised
from pathway_model.explain import Possibility, explain
from pathway_model.language.names import ANYONE, OWNER
from pathway_model.outcome import Reason
from pathway_model.pathway import Pathway, in_words
from use_cases.answer_handover import HANDOVER_ANSWERS
from use_cases.case_view import PossibleView, QuestionView
from use_cases.follows import follows_action, follows_interrupt
from use_cases.given import in_range, written
from use_cases.telling import title_of_interrupt


def possibilities(
    pathway: Pathway, case: Case, now: datetime, roles: tuple[str, ...] | None
) -> tuple[PossibleView, ...]:
    """Everything that is in force, possible or not.

    Args:
        pathway: The definition that the case runs on.
        case: As it was recorded.
        now: UTC.
        roles: Only what one of these may do; None for whoever.
    """
    found = [*_actions(pathway, case, now), *_handovers(pathway, case, now), *_interrupts(pathway, case, now)]
    if roles is None:
        return tuple(found)
    return tuple(view for view in found if set(view.who) & {*roles, ANYONE})


def questions(pathway: Pathway, facts: Iterable[str], case: Case) -> tuple[QuestionView, ...]:
    """The questions behind some facts, with the answers that the case knows."""
    return tuple(_question(pathway, name, case) for name in facts)


def _actions(pathway: Pathway, case: Case, now: datetime) -> Iterator[PossibleView]:
    # An action of a phase is in force at each of its steps: once is enough for the same strand.
    seen: dict[tuple[str, str], Possibility] = {}
    for possibility in explain(pathway, case, now):
        seen.setdefault((possibility.action, possibility.strand), possibility)
    for possibility in seen.values():
        yield PossibleView(
            action=possibility.action,
            title=possibility.title,
            kind="action",
            strand=possibility.strand,
            who=possibility.who,
            asks=questions(pathway, possibility.asks, case),
            reasons=possibility.reasons,
            depends=possibility.depends,
            follows=follows_action(pathway, case, possibility.action, possibility.strand),
        )


def _handovers(pathway: Pathway, case: Case, now: datetime) -> Iterator[PossibleView]:
    for name, state in case.handovers.items():
        answers = []
        for answer in HANDOVER_ANSWERS:
            by = case.strands["main"].owner if answer == "withdraw" else state.to
            tried = HandoverAnswered(
                at=now,
                by=by,
                handover=name,
                answer=answer,
                reason=next(iter(pathway.handovers[name].may_decline_for)) if answer == "decline" else None,
                alternative=next(iter(pathway.definition.agencies)) if answer == "decline" else None,
            )
            if proceed(pathway, case, tried, now).refusal is None:
                answers.append(answer)
        if answers:
            title = pathway.handovers[name].title or in_words(name)
            yield PossibleView(
                action=name,
                title=title,
                kind="handover",
                strand=pathway.handovers[name].passes,
                who=(state.to,),
                asks=(),
                answers=tuple(answers),
            )


def _interrupts(pathway: Pathway, case: Case, now: datetime) -> Iterator[PossibleView]:
    for name, interrupt in pathway.interrupts.items():
        who = tuple(case.strands["main"].owner if role == OWNER else role for role in interrupt.raised_by)
        by = next(iter(pathway.agency_of)) if who[0] == ANYONE else who[0]
        # Clocks that are due are settled first, as the durable case does: a late clock is no reason to hold up a risk.
        refusal = proceed(pathway, case, InterruptRaised(at=now, by=by, interrupt=name), now).refusal
        reasons = _but_answers(refusal.reasons) if refusal else ()
        yield PossibleView(
            action=name,
            title=title_of_interrupt(pathway, name),
            kind="interrupt",
            strand=None,
            who=tuple(dict.fromkeys(who)),
            asks=questions(pathway, interrupt.asks, case),
            reasons=reasons,
            follows=follows_interrupt(pathway, case, name),
        )


def _but_answers(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if reason.code not in {"missing_answer", "wrong_answer"})


def _question(pathway: Pathway, name: str, case: Case) -> QuestionView:
    fact = pathway.definition.facts[name]
    choices = dict(fact.answer) if isinstance(fact.answer, dict) else {}
    kind = ("choices" if fact.several else "choice") if isinstance(fact.answer, dict) else fact.answer
    given = () if fact.personal else case.facts.get(name, ())
    return QuestionView(
        fact=name,
        ask=fact.ask,
        answer=kind,
        choices=choices,
        personal=fact.personal,
        limits=in_range(fact.lowest, fact.highest),
        repeats=fact.repeats,
        latest=written(given[-1].value) if given else "",
    )
