"""The proposals of a case with what the person said of each, and when. Knows no page."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import proposals
from hub.core import Hub
from hub.proposals import ABOUT, ANSWERS, DECISIONS, P
from hub.reading.texts import key_of
from hub.states_of_care import TellingState
from hub.store.tables import Case, Person, Proposal, View, Worker
from hub.tellings import last
from hub.texts import DEFAULT_LANGUAGE
from hub.times import at_local, say_day, say_when

WORDS = {
    P.ASKED: "Not told yet",
    P.TOLD: "Told, no answer yet",
    P.ANSWERED: "Has answered",
    P.SILENT: "No answer by the day. This is not agreement",
    P.DECIDED: "Decided",
}
HOW = {"text": "by text", "page": "on their page", "worker": "told to"}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. The newest is the one that counts."""

    answer: str
    words: str
    when: str
    how: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    words: str
    reason: str
    state: str
    open: bool
    made: str
    told: str  # when, or how far the telling has come
    answer_by: str
    said: list[Said]
    decision: str
    why: str
    decided: str


async def rows(hub: Hub, session: AsyncSession, case: Case) -> list[Row]:
    """The newest first."""
    return [await _row(hub, session, case.person, each) for each in await proposals.of_case(session, case)]


async def open_for(hub: Hub, session: AsyncSession, person: Person) -> Row | None:
    """What the person may give a view on, on a page of theirs."""
    found = await proposals.newest_told(session, person.id)
    if found is None or found.state is P.DECIDED:
        return None
    return await _row(hub, session, person, found, person.language)


async def _row(hub: Hub, session: AsyncSession, person: Person, row: Proposal, language: str = DEFAULT_LANGUAGE) -> Row:
    """In `language` as far as the person reads it."""
    zone = person.agency.time_zone
    return Row(
        number=row.id,
        words=_open(hub, person, row.words_sealed, "proposal"),
        reason=_open(hub, person, row.reason_sealed, "reason"),
        state=WORDS[row.state],
        open=row.state is not P.DECIDED,
        made=f"{say_when(row.made_at, zone)}, {await _name(session, row.made_by_id)}",
        told=say_when(row.told_at, zone) if row.told_at else await _telling(session, row),
        answer_by=say_day(at_local(row.answer_by, time(12), zone), zone, language),
        said=[await _said(hub, session, person, view) for view in await proposals.views_of(session, row)],
        decision=DECISIONS.get(row.decision, ""),
        why=_open(hub, person, row.decision_reason_sealed, "reason"),
        decided=f"{say_when(row.decided_at, zone)}, {await _name(session, row.decided_by_id)}"
        if row.decided_at
        else "",
    )


async def _said(hub: Hub, session: AsyncSession, person: Person, view: View) -> Said:
    how = HOW[view.how] + (f" {await _name(session, view.by_id)}" if view.by_id else "")
    words = _open(hub, person, view.words_sealed, "view")
    return Said(ANSWERS[view.answer], words, say_when(view.at, person.agency.time_zone), how)


async def _telling(session: AsyncSession, row: Proposal) -> str:
    telling = await last(session, ABOUT, row.id)
    if telling and telling.state is TellingState.ASKED:
        return "Not yet. They have been asked whether it is a good time"
    return "Not yet. It goes out at the next good time"


def _open(hub: Hub, person: Person, sealed: bytes | None, kind: str) -> str:
    key = key_of(hub, person)
    return key.open(sealed, kind) if key and sealed else ""


async def _name(session: AsyncSession, worker_id: int | None) -> str:
    return await session.scalar(select(Worker.name).where(Worker.id == worker_id)) or "a worker"
