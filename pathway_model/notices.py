"""Which notices go to whom: consent is judged here when the event happens, and once more when a notice is sent."""

from pathway_model.effects import Effect, SendNotice, WithheldReason, WithholdNotice
from pathway_model.language.definition import Notice
from pathway_model.language.names import PERSON
from pathway_model.scratch import Scratch


def send(case: Scratch, notices: tuple[str, ...]) -> None:
    """Send notices in the order written: to the person, and to each contact of the kinds named; once in an event."""
    for name in notices:
        notice = case.pathway.definition.notices[name]
        for to in notice.to:
            recipients = (PERSON,) if to == PERSON else tuple(key for key, kind in case.contacts.items() if kind == to)
            for recipient in recipients or (to,):
                effect = _to_one(case, name, notice, recipient, known=bool(recipients))
                if effect not in case.effects:
                    case.effects.append(effect)


def _to_one(case: Scratch, name: str, notice: Notice, recipient: str, *, known: bool) -> Effect:
    key = case.effect_id(name, recipient)
    consented = recipient == PERSON or notice.consent is None or _given(case, notice.consent, recipient)
    withheld: WithheldReason | None = None
    if case.notices_stopped:
        withheld = "notices stopped"
    elif not known:
        withheld = "nobody to send it to"
    elif not consented:
        withheld = "no consent"
    if withheld is not None:
        return WithholdNotice(id=key, notice=name, recipient=recipient, reason=withheld)
    consent = None if recipient == PERSON else notice.consent
    return SendNotice(id=key, notice=name, recipient=recipient, channel=notice.channel, consent=consent)


def _given(case: Scratch, consent: str, party: str) -> bool:
    state = case.consents.get(consent, {}).get(party)
    return state is not None and state.status == "given"
