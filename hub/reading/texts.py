"""Opening what is sealed for a screen: names and the words of messages. Knows no query."""

import json

from hub.core import Hub
from hub.manner import manner_of
from hub.people import name_of
from hub.reading.wording import list_name
from hub.store.tables import ContactPoint, Message, Person
from hub.store.vault import Key
from hub.texts import Rendered, as_written

ERASED = "(erased)"


def shown_name(hub: Hub, person: Person) -> str:
    """The name, or what stands for it when there is none."""
    return name_of(hub, person) or ("Erased person" if person.wrapped_key is None else "Unknown sender")


def listed_name(hub: Hub, person: Person) -> str:
    name = name_of(hub, person)
    return list_name(name) if name else shown_name(hub, person)


def key_of(hub: Hub, person: Person) -> Key | None:
    return hub.vault.open_person_key(person.wrapped_key) if person.wrapped_key else None


def words_of(hub: Hub, key: Key | None, message: Message, person: Person, *, to: ContactPoint | None = None) -> str:
    """What the person sees or wrote: the record once it is there, else what would be sent to `to`, if that is known."""
    if key is None:
        return ERASED
    if message.body_sealed is not None:
        return key.open(message.body_sealed, "body")
    return _would_be_sent(hub, key, message, person, to).text


def _would_be_sent(hub: Hub, key: Key, message: Message, person: Person, to: ContactPoint | None) -> Rendered:
    if message.text_key is None:
        return as_written("")
    facts = json.loads(key.open(message.facts_sealed, "facts")) if message.facts_sealed else {}
    said = hub.texts_for(person)
    if to is None:
        return said.render(message.text_key, person.language, facts)
    return said.render(message.text_key, person.language, facts, **manner_of(key, to))


def choices_of(hub: Hub, message: Message, language: str) -> list[tuple[str, str]]:
    """(reply, label) of each answer that can be tapped: the message's own, else those of its text."""
    if message.choices:
        return [(str(choice["reply"]), str(choice["label"])) for choice in message.choices]
    if message.text_key is None:
        return []
    return [(choice.reply, choice.label) for choice in hub.flows.texts.template(message.text_key, language).choices]
