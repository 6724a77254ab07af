"""What a worker was told about an address, in a talk that was not by text to it: safe or not, for whom, when, how.

The only way out of "nothing goes there", besides another address of the person's own. Knows no screen.
"""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, safe_contact_record
from hub.core import Hub
from hub.errors import NotAllowed
from hub.person_details import set_safety
from hub.safe_contact import ABOUT_SAFETY, SPOKE
from hub.safe_contact_words import code_word_in
from hub.store import audit
from hub.store.tables import Agency, ContactPoint, Person, Worker
from hub.times import at_local, local

NOON = time(12)
OLDEST_TALK = 30  # days: what was said longer ago is asked again


@dataclass(frozen=True, slots=True)
class Told:
    """`spoke`: a key of `hub.safe_contact.SPOKE`; `spoke_on`: the day of the talk."""

    safe: bool
    spoke: str
    spoke_on: date
    discreet: bool = True
    ask_first: bool = False
    hours: tuple[time | None, time | None] = (None, None)
    code_word: str = ""


def problems_with(hub: Hub, agency: Agency, told: Told) -> dict[str, str]:
    """What is wrong, by the name of the field."""
    wrong: dict[str, str] = {}
    today = local(hub.clock.now(), agency.time_zone).date()
    if told.spoke not in SPOKE:
        wrong["spoke"] = "Select how you spoke with them."
    if not 0 <= (today - told.spoke_on).days <= OLDEST_TALK:
        wrong["spoke_on"] = f"Enter a day that is not in the future, and at most {OLDEST_TALK} days ago."
    if told.code_word and not code_word_in(told.code_word):
        wrong["code_word"] = "Enter one or two short words, letters and digits only."
    elif told.code_word and hub.flows.text_rules.tells(told.code_word):
        wrong["code_word"] = "This word could tell others what it is about. Choose another one with them."
    return wrong


async def take(hub: Hub, session: AsyncSession, worker: Worker, person: Person, way: ContactPoint, told: Told) -> None:
    """Raises `NotAllowed` with what is wrong, `BadHours`."""
    for sentence in problems_with(hub, person.agency, told).values():
        raise NotAllowed(sentence)
    actor = f"worker:{worker.id}"
    if told.safe:
        await set_safety(hub, session, actor, person, way, discreet=told.discreet, window=told.hours)
        _set_manner(hub, session, actor, person, way, told)
    for_worker = f"{told.spoke}:{worker.id}"
    await escalations.settle(session, person.id, ABOUT_SAFETY, worker.id, "answered", hub.clock.now())
    await safe_contact_record.record(hub, session, actor, way, for_worker, safe=told.safe)
    today = local(hub.clock.now(), person.agency.time_zone).date()
    if told.spoke_on < today:  # the interval counts from the talk
        way.safe_asked_at = at_local(told.spoke_on, NOON, person.agency.time_zone)
        await safe_contact_record.plan_again(hub, session, way)


def _set_manner(hub: Hub, session: AsyncSession, actor: str, person: Person, way: ContactPoint, told: Told) -> None:
    """Asked first, and the code word; which word it is stands nowhere but sealed."""
    key, word = hub.vault.open_person_key(person.wrapped_key or b""), code_word_in(told.code_word)
    before = key.open(way.code_word_sealed, "code_word") if way.code_word_sealed else ""
    changed = [
        *(["ask_first"] if way.ask_first != told.ask_first else []),
        *(["code_word"] if before != word else []),
    ]
    way.ask_first = told.ask_first
    if before != word:
        way.code_word_sealed = key.seal(word, "code_word") if word else None
    if changed:
        about, now = f"person:{person.id}", hub.clock.now()
        audit.record(session, now, actor, "person_changed", about, person_id=person.id, fields=changed)
