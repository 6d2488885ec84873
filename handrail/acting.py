"""From the words of `handrail act` to the use case that they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import cast

from pathway_model.case import ConsentStatus
from use_cases.add_contact import ContactDetails, add_contact
from use_cases.answer_handover import HANDOVER_ANSWERS, answer_handover
from use_cases.correct_fact import correct_fact
from use_cases.desk import Desk
from use_cases.errors import InputError, NotFoundError
from use_cases.finish_job import finish_job
from use_cases.given import did_you_mean
from use_cases.known import names_of
from use_cases.outcomes import Outcome
from use_cases.perform import Asked
from use_cases.raise_interrupt import raise_interrupt
from use_cases.record_consent import record_consent
from use_cases.take_action import take_action


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stood on the command line."""

    action: str
    answers: Mapping[str, str] = field(default_factory=dict)
    strand: str | None = None
    handover: str | None = None
    reason: str | None = None
    alternative: str | None = None
    consent: str | None = None
    party: str | None = None
    status: str | None = None
    contact: str | None = None
    job: str | None = None
    which: int = -1


async def act_on(desk: Desk, asked: Asked, words: Words) -> Outcome:
    """Do what the words mean.

    A pathway may call an action of its own `accept` or `finish`: the option that belongs to the act of every
    pathway (`--handover`, `--consent`, `--contact`, `--job`) tells the two apart.

    Raises:
        HandrailError: They mean nothing, or as the use case says.
    """
    match words:
        case Words(handover=str(handover), action=action):
            return await _answer_handover(desk, asked, handover, action, words)
        case Words(action="consent", consent=str(consent), status=str(status)):
            return await record_consent(desk, asked, consent, cast(ConsentStatus, status), party=words.party)
        case Words(action="contact", contact=str(contact)):
            return await add_contact(desk, asked, read_contact(contact))
        case Words(action="finish", job=str(job)):
            return await finish_job(desk, asked, job)
        case Words(action=action):
            return await _by_name(desk, asked, action, words)


def read_contact(text: str) -> ContactDetails:
    """Read `gp=Ann Lee <ann@example.org>`; the address may be left out.

    Raises:
        InputError: It is none.
    """
    kind, sign, rest = text.partition("=")
    name, address = parseaddr(rest) if "<" in rest else (rest.strip(), "")
    if not sign or not kind.strip() or not name.strip():
        raise InputError(f"`{text}` is not a contact.", 'Write "gp=Ann Lee <ann@example.org>".')
    return ContactDetails(kind=kind.strip(), name=name.strip(), email=address or None)


async def _answer_handover(desk: Desk, asked: Asked, handover: str, action: str, words: Words) -> Outcome:
    if action not in HANDOVER_ANSWERS:
        raise InputError(f"`{action}` is no answer to a handover.", f"Write one of {', '.join(HANDOVER_ANSWERS)}.")
    return await answer_handover(
        desk,
        asked,
        handover,
        action,
        reason=words.reason,
        alternative=words.alternative,
    )


async def _by_name(desk: Desk, asked: Asked, action: str, words: Words) -> Outcome:
    names = names_of(desk, asked.case)
    if action in names.actions:
        return await take_action(desk, asked, action, words.answers, strand=words.strand)
    if action in names.interrupts:
        return await raise_interrupt(desk, asked, action, words.answers)
    if action == "correct":
        if len(words.answers) != 1:
            raise InputError("Say which one answer is corrected.", "Write --answer FACT=VALUE, once.")
        ((fact, value),) = words.answers.items()
        return await correct_fact(desk, asked, fact, value, answer=words.which)
    _say_what_is_missing(action)
    known = [*names.actions, *names.interrupts, *HANDOVER_ANSWERS, *_NEEDS]
    raise NotFoundError(
        f"{names.title} has no action `{action}`{did_you_mean(action, known)}",
        "`handrail case CASE` shows what can be done.",
    )


_NEEDS = {
    "consent": "--consent NAME and --status asked, given, refused or withdrawn",
    "contact": '--contact "KIND=NAME <address>"',
    "finish": "--job NUMBER, as `handrail case CASE` shows it",
} | dict.fromkeys(HANDOVER_ANSWERS, "--handover NAME")


def _say_what_is_missing(action: str) -> None:
    if action in _NEEDS:
        raise InputError(f"`{action}` needs more.", f"Add {_NEEDS[action]}.")
