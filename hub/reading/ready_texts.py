"""Ready texts, filled in for one person, as they would stand in the reply box. Sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core import Hub
from hub.people import name_of
from hub.ready_texts import ReadyText
from hub.safe_contact import is_careful
from hub.store.tables import Appointment, Conversation, Worker
from hub.texts import DEFAULT_LANGUAGE, fields_of
from hub.times import say_when


@dataclass(frozen=True, slots=True)
class Offer:
    """One as it would stand in the box."""

    key: str
    called: str
    under: str
    words: str
    language: str  # of the words: English where nobody has written it in the person's own


def offers(hub: Hub, worker: Worker, conversation: Conversation, appointment: Appointment | None) -> list[Offer]:
    """Those of the person's side whose facts are all known, in the person's language."""
    facts = _facts(hub, worker, conversation, appointment)
    mine = (ready for ready in hub.flows.ready.values() if ready.side in {None, conversation.side})
    return [_offer(hub, ready, conversation, facts) for ready in mine if _fits(hub, ready, conversation, facts)]


def _fits(hub: Hub, ready: ReadyText, conversation: Conversation, facts: Mapping[str, str]) -> bool:
    template = hub.texts_for(conversation.person).template(ready.key, conversation.person.language)
    words = template.discreet if is_careful(conversation.contact_point) else template.text
    return all(facts.get(name) for name in fields_of(words))


def _offer(hub: Hub, ready: ReadyText, conversation: Conversation, facts: Mapping[str, str]) -> Offer:
    language = conversation.person.language
    said = hub.texts_for(conversation.person)
    rendered = said.render(ready.key, language, facts, discreet=is_careful(conversation.contact_point))
    known = said.languages.get(language)
    written = language if known and ready.key in known.templates else DEFAULT_LANGUAGE
    return Offer(ready.key, ready.called, ready.under, rendered.text, written)


def _facts(hub: Hub, worker: Worker, conversation: Conversation, appointment: Appointment | None) -> dict[str, str]:
    person = conversation.person
    name = name_of(hub, person)
    if person.wrapped_key and person.preferred_name_sealed:
        name = hub.vault.open_person_key(person.wrapped_key).open(person.preferred_name_sealed, "name")
    facts = {
        "first_name": name.split(" ")[0],
        "worker": worker.first_name,
        "agency": person.agency.short_name,
        "phone": person.agency.phone,
    }
    if appointment is None:
        return facts
    when = say_when(appointment.starts_at, person.agency.time_zone, person.language)
    return facts | {"when": when, "place": appointment.place, "with_whom": appointment.with_whom}
