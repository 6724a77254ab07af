"""News as it is said: what the planned text is filled in with, and what somebody hears who asks for news.

    facts_of()      for the text that goes out by itself
    has_news()      whether there is anything to tell to whoever asks
    tell()          what they are owed, else the last news once more; and when the next word comes

Whom somebody has named hears no more than the person allowed. Knows no command.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from hub import nominations, updates_told
from hub.handling import Handling
from hub.milestones import CLOSED, NO_NEWS
from hub.people import name_of
from hub.states import NominationState, UpdateState
from hub.store.tables import Case, CaseDate, CaseEvent, Message, Nomination, Update
from hub.times import at_local, local, say_day
from hub.updates_owed import next_word
from hub.updates_told import LOST
from hub.words import Role

Facts = dict[str, Any]  # texts all; `Any`, since `say` takes other keywords too
AT_ONCE = 3  # texts: the rest is told when they ask again


async def facts_of(handling: Handling, update: Update) -> Facts:
    """What this one may be told: of those whom somebody named, by what the person allowed."""
    event, nomination = update.event, update.nomination
    if event is None:
        return {}
    their_name: Facts = {"their_name": _first_name(handling, nomination)} if nomination else {}
    if nomination and nomination.scope == nominations.NEWS:
        return their_name
    if nomination and nomination.scope == nominations.DATES:
        return their_name | {"day": await _day(handling, event)}
    return their_name | _news(handling, event)


async def has_news(handling: Handling) -> bool:
    if await nominations.waits_for_yes(handling.session, handling.person):
        return True
    return bool(await _owed(handling)) or await _last(handling) is not None


async def tell(handling: Handling) -> None:
    """Only to somebody who has just asked, and has said that it is safe where that is needed."""
    owed = await _owed(handling)
    for update in owed[:AT_ONCE]:
        await _say(handling, update, owed=True)
    last = None if owed else await _last(handling)
    if isinstance(last, Update):
        await _say(handling, last, owed=False)
    elif last:
        await handling.say("victims.case_told", **_news(handling, last), **await _around(handling, last))
    asked = await nominations.waits_for_yes(handling.session, handling.person)
    if asked:
        await nominations.ask_yes(handling, asked)


async def _say(handling: Handling, update: Update, *, owed: bool) -> None:
    event, nomination = update.event, update.nomination
    if event is None or handling.quiet:
        return
    facts = await facts_of(handling, update)
    if nomination is None or nomination.scope == nominations.EVERYTHING:
        await handling.say("victims.case_told", **facts, **await _around(handling, event))
    else:
        await handling.say(f"updates.contact_{nomination.scope}_told", **facts)
    if owed:
        updates_told.carry(handling, update, heard=True)


def _news(handling: Handling, event: CaseEvent) -> Facts:
    milestone = handling.texts.template(f"victims.milestone_{event.milestone}", handling.language)
    key = handling.hub.vault.open_person_key(event.case.person.wrapped_key or b"")
    reason = key.open(event.reason_sealed, "reason") if event.reason_sealed else ""
    return {"milestone": milestone.text, "reason": reason}


async def _around(handling: Handling, event: CaseEvent) -> Facts:
    """When it was, and what comes next."""
    zone, language = handling.agency.time_zone, handling.language
    happened = say_day(event.happened_at, zone, language)
    return {"day": happened, "next": await _next(handling, event)}


async def _next(handling: Handling, event: CaseEvent) -> str:
    zone, language = handling.agency.time_zone, handling.language
    said: list[str] = []
    hearing = await _day_ahead(handling, event.case_id, "hearing")
    if hearing:
        said.append(_filled(handling, "updates.next_hearing", on=hearing))
    if event.milestone == CLOSED or handling.person.role is not Role.VICTIM:
        return " ".join(said)
    by = await next_word(handling.session, event.case_id)
    if by:
        day = say_day(at_local(by, handling.agency.open_from, zone), zone, language)
        said.append(_filled(handling, "updates.next_by", by_day=day))
    else:
        said.append(_filled(handling, "updates.next_news"))
    return " ".join(said)


def _filled(handling: Handling, key: str, **facts: str) -> str:
    return handling.texts.render(key, handling.language, facts).text


async def _day(handling: Handling, event: CaseEvent) -> str:
    """The day that the news is about, where it is one that lies ahead; else the day on which it happened."""
    kind = handling.hub.flows.milestones[event.milestone].day
    ahead = await _day_ahead(handling, event.case_id, kind) if kind else ""
    return ahead or say_day(event.happened_at, handling.agency.time_zone, handling.language)


async def _day_ahead(handling: Handling, case_id: int, kind: str) -> str:
    zone = handling.agency.time_zone
    ahead = (
        select(CaseDate)
        .where(
            CaseDate.case_id == case_id,
            CaseDate.kind == kind,
            CaseDate.called_off_at.is_(None),
            CaseDate.on >= local(handling.now, zone).date(),
        )
        .order_by(CaseDate.on)
        .limit(1)
    )
    found: CaseDate | None = await handling.session.scalar(ahead)
    if found is None or found.case.closed_at:
        return ""
    return say_day(at_local(found.on, handling.agency.open_from, zone), zone, handling.language)


def _first_name(handling: Handling, nomination: Nomination) -> str:
    return name_of(handling.hub, nomination.person).split(" ")[0]


async def _owed(handling: Handling) -> Sequence[Update]:
    """What they have not been told, the oldest first; what was said to them a moment ago is on its way."""
    unsaid = or_(Update.heard_at.is_(None), Message.state.in_(LOST))
    wanted = (
        select(Update)
        .outerjoin(Message, Message.id == Update.message_id)
        .where(
            Update.person_id == handling.person.id,
            Update.state == UpdateState.OWED,
            Update.event_id.is_not(None),
            unsaid,
            _still_named(),
        )
        .order_by(Update.id)
    )
    return (await handling.session.scalars(wanted)).all()


def _still_named() -> ColumnElement[bool]:
    named = Update.nomination.has(Nomination.state == NominationState.AGREED)
    return or_(Update.nomination_id.is_(None), named)


async def _last(handling: Handling) -> Update | CaseEvent | None:
    """The latest news: of their own cases, told or not; of somebody else's, what they were told."""
    if handling.person.role is Role.VICTIM:
        return await _last_event(handling)
    told = and_(Update.nomination.has(Nomination.state == NominationState.AGREED), Update.event_id.is_not(None))
    wanted = select(Update).where(Update.person_id == handling.person.id, Update.state != UpdateState.WITHDRAWN, told)
    found: Update | None = await handling.session.scalar(wanted.order_by(Update.id.desc()).limit(1))
    return found


async def _last_event(handling: Handling) -> CaseEvent | None:
    """What has happened, rather than that nothing has."""
    found: CaseEvent | None = await handling.session.scalar(
        select(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.person_id == handling.person.id, CaseEvent.happened_at <= handling.now)
        .order_by(CaseEvent.milestone == NO_NEWS, CaseEvent.happened_at.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    return found
