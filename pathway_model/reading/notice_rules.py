"""References in notices and consents: who is told, what is shown, and what covers it."""

import re
from collections.abc import Iterator
from typing import Final

from pathway_model.language.definition import Consent, Handover, Notice
from pathway_model.language.names import PERSON
from pathway_model.reading.look import Look
from pathway_model.reading.problems import said
from pathway_model.reading.tree import Path

_SHOWN: Final = re.compile(r"<([^<>\s]{1,60})>")
_CLINICAL: Final = frozenset({"clinical", "risk"})


def check_consents(look: Look) -> None:
    """Consents are about agencies and contacts."""
    for name, consent in look.definition.consents.items():
        for at, party in enumerate(consent.with_):
            look.refer(party, ("consents", name, "with", at), "agency", "contact")


def check_notices(look: Look) -> None:
    """Recipients exist, and each fact shown is covered by their consent."""
    for name, notice in look.definition.notices.items():
        path: Path = ("notices", name)
        for at, recipient in enumerate(notice.to):
            look.refer(recipient, (*path, "to", at), "contact", also=(PERSON,))
        others = [recipient for recipient in notice.to if recipient != PERSON]
        if notice.consent is not None and look.refer(notice.consent, (*path, "consent"), "consent"):
            _is_with(notice, look.definition.consents[notice.consent], others, path, look)
        for fact in _shown(notice, path, look):
            _covered(name, notice, fact, others, look)


def check_carried(name: str, handover: Handover, path: Path, look: Look) -> None:
    """What a handover carries is covered by its consent, which is with the receiver's agency."""
    for at, fact in enumerate(handover.carries):
        look.refer(fact, (*path, "carries", at), "fact")
    if handover.consent is None or not look.refer(handover.consent, (*path, "consent"), "consent"):
        return
    consent = look.definition.consents[handover.consent]
    agency = look.known.agency_of.get(handover.to)
    if agency is not None and agency not in consent.with_:
        look.problem(
            (*path, "consent"), "consent_with_others",
            f"`{handover.consent}` is not with `{agency}`, which receives `{name}`",
            f"add `{agency}` to its `with`",
        )  # fmt: skip
    for at, fact in enumerate(handover.carries):
        known = look.known.facts.get(fact)
        if known is not None and known.category not in consent.covers:
            look.problem(
                (*path, "carries", at), "not_covered",
                f"`{name}` carries `{fact}` ({known.category}), not covered by `{handover.consent}`",
                f"add {known.category} to what it covers, or leave `{fact}` out",
            )  # fmt: skip


def _is_with(notice: Notice, consent: Consent, others: list[str], path: Path, look: Look) -> None:
    if ("consents", str(notice.consent), "with") in look.shaped.gaps:
        return
    for recipient in others:
        if recipient in look.known.by_kind["contact"] and recipient not in consent.with_:
            look.problem(
                (*path, "consent"), "consent_with_others", f"`{notice.consent}` is not with `{recipient}`",
                f"add `{recipient}` to its `with`, or write another notice",
            )  # fmt: skip


def _shown(notice: Notice, path: Path, look: Look) -> Iterator[str]:
    for name in dict.fromkeys(_SHOWN.findall(notice.text)):
        if name in look.known.facts:
            yield name
        elif name not in look.shaped.missing_words:
            close = look.findings.closest(name, look.known.facts)
            hint = f"did you mean `<{close}>`?" if close else "a word in < > is a fact"
            look.problem((*path, "text"), "no_such_name", f"there is no fact `{name}`", hint)


def _covered(name: str, notice: Notice, fact: str, others: list[str], look: Look) -> None:
    path: Path = ("notices", name, "text")
    category = look.known.facts[fact].category
    consent = look.definition.consents.get(notice.consent) if notice.consent is not None else None
    if others and notice.consent is None:
        look.problem(
            path, "not_covered", f"`{name}` shows `{fact}` to {said(others, 'and')} without consent",
            "add `consent`, or leave it out",
        )  # fmt: skip
    elif others and consent is not None and category not in consent.covers:
        if ("consents", str(notice.consent), "covers") in look.shaped.gaps:
            return
        look.problem(
            path, "not_covered", f"`{name}` shows `{fact}` ({category}), not covered by `{notice.consent}`",
            f"add {category} to what it covers, or leave `<{fact}>` out",
        )  # fmt: skip
    if category not in _CLINICAL or notice.channel not in {None, "text message"}:
        return
    if notice.channel is None:
        message = f"`{name}` shows `{fact}` ({category}), and might go as a text message"
        look.problem(path, "clinical_in_text", message, "add `channel: letter`, email or inbox")
    else:
        message = f"a text message may not carry clinical facts; `{name}` shows `{fact}` ({category})"
        look.problem(path, "clinical_in_text", message, "choose another channel, or leave it out")
