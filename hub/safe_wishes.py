"""How somebody wants to be asked whether they are safe: in which words, how long we wait, the word that means no.

Their words and their word are sealed. A word that we would read as something else, or a question that tells others why
we write, is refused with a sentence that says what to do. Knows no screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_check_words as words
from hub.core import Hub
from hub.errors import NotAllowed
from hub.exact_replies import normal_form
from hub.ports import Turn
from hub.store import audit
from hub.store.tables import Person, SafeWish
from hub.store.vault import Key
from hub.text_rules import STOP_WORDS
from hub.texts import Template
from hub.words import Awaiting

PATIENCE = 15  # minutes
LEAST, MOST = 5, 60
LONGEST_QUESTION, LONGEST_WORD, SHORTEST_WORD = 60, 30, 3  # characters
TELLING = ("safe", "danger", "999", "check", "diogel", "perygl")  # what a question of their own is there to avoid


@dataclass(frozen=True, slots=True)
class Wish:
    """`duress`: empty for none; None leaves the one that is there, which no page ever shows."""

    question: str = ""
    duress: str | None = None
    patience: int = PATIENCE
    tells_contacts: bool = True


def zone_of(person: Person) -> str:
    """On whose wall their times are."""
    return person.time_zone or person.agency.time_zone


async def patience_of(session: AsyncSession, person: Person) -> int:
    found = await session.get(SafeWish, person.id)
    return found.patience if found else PATIENCE


async def tells_contacts(session: AsyncSession, person: Person) -> bool:
    found = await session.get(SafeWish, person.id)
    return found.tells_contacts if found else True


async def question_of(hub: Hub, session: AsyncSession, person: Person) -> str:
    """Their own words; empty for ours."""
    found = await session.get(SafeWish, person.id)
    return _key(hub, person).open(found.question_sealed, "safe_question") if found and found.question_sealed else ""


async def is_duress(hub: Hub, session: AsyncSession, person: Person, text: str) -> bool:
    """Whether it is the word that means no: as all of the text, in whatever letters."""
    found = await session.get(SafeWish, person.id)
    if found is None or found.duress_sealed is None:
        return False
    return normal_form(text) == normal_form(_key(hub, person).open(found.duress_sealed, "safe_word"))


async def has_duress(session: AsyncSession, person: Person) -> bool:
    found = await session.get(SafeWish, person.id)
    return found is not None and found.duress_sealed is not None


async def change(hub: Hub, session: AsyncSession, actor: str, person: Person, wish: Wish) -> None:
    """Raises `NotAllowed` with the first thing that is wrong."""
    for problem in problems(hub, person, wish).values():
        raise NotAllowed(problem)
    key, now = _key(hub, person), hub.clock.now()
    found = await session.get(SafeWish, person.id)
    if found is None:
        found = SafeWish(person_id=person.id)
        session.add(found)
    found.patience, found.tells_contacts, found.set_at = wish.patience, wish.tells_contacts, now
    question = " ".join(wish.question.split())
    found.question_sealed = key.seal(question, "safe_question") if question else None
    if wish.duress is not None:
        found.duress_sealed = key.seal(wish.duress.strip(), "safe_word") if wish.duress.strip() else None
    await session.flush()
    audit.record(session, now, actor, "safe_wishes_changed", f"person:{person.id}", person_id=person.id)


def problems(hub: Hub, person: Person, wish: Wish) -> Mapping[str, str]:
    """What is wrong, by field, each with what to do."""
    found = {
        "question": problem_with_question(hub, person, wish.question),
        "duress": problem_with_word(hub, person, wish.duress or ""),
        "patience": "" if LEAST <= wish.patience <= MOST else f"Choose from {LEAST} to {MOST} minutes.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def problem_with_question(hub: Hub, person: Person, question: str) -> str:
    """It stands on a lock screen, so it tells nobody why we write."""
    said = " ".join(question.split()).casefold()
    if not said:
        return ""
    if len(said) > LONGEST_QUESTION or "{" in said or "}" in said:
        return f"Keep the question to {LONGEST_QUESTION} characters, without curly brackets."
    rules = hub.flows.text_rules
    template = Template(said, said, ())
    gives_away = [sentence for language in rules.giveaways for sentence in rules.giving_away("", language, template)]
    named = person.agency.short_name.casefold() in said
    if gives_away or named or any(word in said for word in TELLING):
        return "Others may read this question, and it tells why we write. Choose one about something else."
    if any(word.casefold() in said.split() for word in STOP_WORDS):
        return "Networks take CANCEL, END and QUIT for “no more texts”. Choose other words."
    return ""


def problem_with_word(hub: Hub, person: Person, word: str) -> str:
    """It must be read as nothing else, in any language that we answer."""
    said = normal_form(word)
    if not said:
        return "" if not word.strip() else "Choose a word with letters."
    if not SHORTEST_WORD <= len(said) <= LONGEST_WORD:
        return f"Choose a word of {SHORTEST_WORD} to {LONGEST_WORD} letters."
    flows = hub.flows
    turns = [Turn("", word, Awaiting.NOTHING, person.role, language) for language in flows.texts.languages]
    taken = (
        words.answer(word) is not None
        or words.asks_to_be_checked(word)
        or flows.keywords.match(word) is not None
        or bool(flows.safety.match(word))
        or any(flows.exact.replies.match(turn) for turn in turns)
    )
    return "We would read this word as something else. Choose another one." if taken else ""


def _key(hub: Hub, person: Person) -> Key:
    return hub.vault.open_person_key(person.wrapped_key or b"")
