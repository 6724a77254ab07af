"""Finding people, references and words within a worker's own caseload.

Messages are sealed, so a search opens them: of the worker's own people only, the newest `MOST` of the last `DAYS` days.
That bound is told on the page. What was searched for is kept nowhere; that it was, and whose messages were found, is
recorded.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, any_, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
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
    keys = await _keys(hub, session, worker)
    messages = await _messages(hub, session, keys)
    wanted = words.casefold().split()
    found = await _with_words(messages, keys, wanted)
    hits = await _hits(hub, session, found[:SHOWN], wanted[0])
    _record(hub, session, worker, {message.person_id for message, _ in found[:SHOWN]}, len(messages))
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


async def _keys(hub: Hub, session: AsyncSession, worker: Worker) -> dict[int, Key]:
    """Of the caseload, by person."""
    theirs = select(Person.id, Person.wrapped_key).where(may_see(worker), _own(worker), Person.wrapped_key.is_not(None))
    return {number: hub.vault.open_person_key(key) for number, key in await session.execute(theirs) if key}


async def _messages(hub: Hub, session: AsyncSession, keys: Mapping[int, Key]) -> Sequence[Any]:
    """The newest of these people, as bare as can be: reading thousands of rows costs more than opening them."""
    newest = (
        select(Message.id, Message.body_sealed)
        .where(
            Message.conversation_id == Conversation.id,
            Message.body_sealed.is_not(None),
            Message.created_at > hub.clock.now() - timedelta(days=DAYS),
        )
        .order_by(Message.id.desc())
        .limit(MOST)
        .lateral()  # from each conversation by its index, however many messages others have
    )
    wanted = (
        select(newest.c.id, newest.c.body_sealed, Conversation.person_id)
        .join(newest, true())
        .where(Conversation.person_id == any_(literal(list(keys), ARRAY(BigInteger))))
        .order_by(newest.c.id.desc())
        .limit(MOST)
    )
    return (await session.execute(wanted)).all()


async def _with_words(messages: Sequence[Any], keys: Mapping[int, Key], words: list[str]) -> list[tuple[Any, str]]:
    """The messages in which all of the words stand, opened; one more than is shown at most."""
    found: list[tuple[Any, str]] = []
    first, rest = words[0], words[1:]
    for number, (_, sealed, person_id) in enumerate(messages, 1):
        text = keys[person_id].open(sealed, "body")
        folded = text.casefold()
        if first in folded and all(word in folded for word in rest):
            found.append((messages[number - 1], " ".join(text.split())))
            if len(found) > SHOWN:
                break
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


async def _hits(hub: Hub, session: AsyncSession, found: Sequence[tuple[Any, str]], word: str) -> list[Hit]:
    """What is shown is read whole."""
    if not found:
        return []
    ids, whose = [message.id for message, _ in found], {message.person_id for message, _ in found}
    said = {m.id: m for m in await session.scalars(select(Message).where(Message.id.in_(ids)))}
    people_found = {p.id: p for p in (await session.scalars(select(Person).where(Person.id.in_(whose)))).all()}
    return [_hit(hub, people_found[message.person_id], said[message.id], text, word) for message, text in found]


def _hit(hub: Hub, person: Person, message: Message, text: str, word: str) -> Hit:
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
