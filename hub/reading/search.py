"""Finding people, references and words within a worker's own caseload.

Messages are sealed, so a search opens them: of the worker's own people only, the newest `MOST` of the last `DAYS` days.
That bound is told on the page. What was searched for is kept nowhere; that it was, and whose messages were found, is
recorded.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from hub.access import may_see
from hub.core import Hub
from hub.reading import people
from hub.reading.texts import listed_name
from hub.states import Direction
from hub.store import audit
from hub.store.tables import Case, Conversation, Message, Person, Worker
from hub.store.vault import Key
from hub.times import say_when
from hub.words import WorkerRole

DAYS = 90
MOST = 3_000  # messages that are opened: about 15 µs each, all told
SHOWN = 50
SHORTEST = 2  # letters
_AT_ONCE = 250  # messages between two looks at what else waits: others' pages do not stand still
_AROUND = 60  # characters on each side of what was found


@dataclass(frozen=True, slots=True)
class Hit:
    """A message: where, when, who spoke, and the words around what was found."""

    ref: str
    name: str
    when: str
    from_us: bool
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    people: list[people.Row]
    hits: list[Hit]
    opened: int  # messages looked into
    more: bool  # there were more hits than are shown

    @property
    def total(self) -> int:
        return len(self.people) + len(self.hits)


async def search(hub: Hub, session: AsyncSession, worker: Worker, words: str) -> Found:
    """People by name, reference or case reference, and messages in which all of the words stand, newest first."""
    persons = await _people(hub, session, worker, words)
    messages = await _messages(hub, session, worker)
    wanted = words.casefold().split()
    found = await _with_words(hub, messages, wanted)
    shown = found[:SHOWN]
    whose = {message.person_id for message, _ in shown}
    people_found = {p.id: p for p in (await session.scalars(select(Person).where(Person.id.in_(whose)))).all()}
    hits = [_hit(hub, people_found[message.person_id], message, text, wanted[0]) for message, text in shown]
    _record(hub, session, worker, whose, len(messages))
    return Found(persons, hits, len(messages), len(found) > SHOWN)


async def _people(hub: Hub, session: AsyncSession, worker: Worker, words: str) -> list[people.Row]:
    """Each once, whether by name or by the reference of a case."""
    cases = (
        select(Person.ref)
        .join(Case, Case.person_id == Person.id)
        .where(may_see(worker), Case.reference.ilike(words.strip().replace("%", r"\%").replace("_", r"\_")))
    )
    found = await people.search(hub, session, worker, words)
    for ref in set((await session.scalars(cases.limit(SHOWN))).all()) - {row.ref for row in found}:
        found += await people.search(hub, session, worker, ref)
    return found


def _own(worker: Worker) -> Any:
    """A supervisor searches the team's people, a worker the own ones."""
    return true() if worker.role is WorkerRole.SUPERVISOR else Person.worker_id == worker.id


async def _messages(hub: Hub, session: AsyncSession, worker: Worker) -> Sequence[Any]:
    """The newest of the caseload, as bare columns: thousands of objects would cost more than opening them."""
    message = (Message.direction, Message.created_at, Message.body_sealed)
    wanted = (
        select(*message, Person.id.label("person_id"), Person.wrapped_key)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(
            may_see(worker),
            _own(worker),
            Person.wrapped_key.is_not(None),
            Message.body_sealed.is_not(None),
            Message.created_at > hub.clock.now() - timedelta(days=DAYS),
        )
        .order_by(Message.id.desc())
        .limit(MOST)
    )
    return (await session.execute(wanted)).all()


async def _with_words(hub: Hub, messages: Sequence[Any], words: list[str]) -> list[tuple[Any, str]]:
    """The messages in which all of the words stand, opened; one more than is shown at most."""
    found: list[tuple[Any, str]] = []
    keys: dict[int, Key] = {}
    for number, message in enumerate(messages, 1):
        if message.person_id not in keys:
            keys[message.person_id] = hub.vault.open_person_key(message.wrapped_key)
        text = keys[message.person_id].open(message.body_sealed, "body")
        folded = text.casefold()
        if all(word in folded for word in words):
            found.append((message, " ".join(text.split())))
            if len(found) > SHOWN:
                break
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


def _hit(hub: Hub, person: Person, message: Any, text: str, word: str) -> Hit:
    place = max(0, text.casefold().find(word))
    start, end = max(0, place - _AROUND), place + len(word)
    return Hit(
        ref=person.ref,
        name=listed_name(hub, person),
        when=say_when(message.created_at, person.agency.time_zone),
        from_us=message.direction is Direction.OUT,
        before=("…" if start else "") + text[start:place],
        words=text[place:end],
        after=text[end : end + _AROUND] + ("…" if len(text) > end + _AROUND else ""),
    )


def _record(hub: Hub, session: AsyncSession, worker: Worker, people_found: set[int], opened: int) -> None:
    actor, now = f"worker:{worker.id}", hub.clock.now()
    audit.record(session, now, actor, "caseload_searched", actor, opened=opened, found=len(people_found))
    for person_id in sorted(people_found):
        audit.record(session, now, actor, "messages_found", f"person:{person_id}", person_id=person_id)
