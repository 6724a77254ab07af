"""How one address is written to: careful words or not, and the code word that our texts begin with. Knows no text."""

from typing import TypedDict

from hub.safe_contact import is_careful
from hub.store.tables import ContactPoint
from hub.store.vault import Key


class Manner(TypedDict):
    """As `Texts.render` takes it."""

    discreet: bool
    code_word: str


def manner_of(key: Key, contact: ContactPoint) -> Manner:
    return {"discreet": is_careful(contact), "code_word": code_word_of(key, contact)}


def code_word_of(key: Key, contact: ContactPoint) -> str:
    """Empty where they have none."""
    return key.open(contact.code_word_sealed, "code_word") if contact.code_word_sealed else ""
