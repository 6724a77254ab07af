"""From planned to queued: what is due becomes a message, if it is still true. The clock calls, the table decides.

queue_due()      one batch in one transaction, the longest due first
_verdict()       still true? a way to them? in time? a permitted hour? nothing else going on?
_end_all()       the new states of the whole batch, in one statement
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ARRAY, BigInteger, DateTime, Text, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub import safe_contact_record
from hub.core import Hub
from hub.handling import Handling
from hub.nudges import missed, saying, subjects
from hub.nudges.batch import Batch, Due, take
from hub.nudges.collisions import collision, wait_until
from hub.nudges.planner import replan_all
from hub.nudges.rules import Collides, NudgeRule
from hub.nudges.subjects import Subject
from hub.people import conversation_with
from hub.safe_contact import SUBJECT as SAFE_CONTACT
from hub.safe_contact import UNKNOWN, forbidden, is_recorded
from hub.states import NUDGE_MOVES, NudgeState, check_move
from hub.store import audit
from hub.store.tables import ContactPoint, Conversation, Nudge, Person
from hub.threads.going_out import MUTED
from hub.times import next_in_window
from hub.words import Purpose

log = structlog.get_logger()

LOOK_AGAIN = timedelta(hours=1)  # at what waits until it is known whether the address is safe
ASKED_ONCE_MORE = ("check_in", SAFE_CONTACT)
# What can move or end between queueing and sending. What a check-in or a survey asks is true until it is answered.
CAN_MOVE = ("appointment", "condition", "case_date", "update")

_END = text(
    """
    UPDATE nudges SET state = ended.state, state_at = :now, reason = ended.reason, due_at = ended.due_at,
                      message_id = ended.message_id
    FROM unnest(:ids, :states, :reasons, :due, :messages) AS ended (id, state, reason, due_at, message_id)
    WHERE nudges.id = ended.id AND NOT (nudges.state = 'cancelled' AND ended.state = 'skipped')
    """  # what was called off while it was looked at stays so
).bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("states", "reasons")),
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("ids", "messages")),
    bindparam("due", type_=ARRAY(DateTime(timezone=True))),
    bindparam("now", type_=DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a nudge: an end with its reason, or PLANNED still, to be looked at again at `due_at`."""

    state: NudgeState
    reason: str = ""
    due_at: datetime | None = None
    message_id: int | None = None


async def queue_due(hub: Hub, limit: int = 100) -> int:
    """Queue one batch; a nudge that breaks is skipped with a reason and holds up no other.

    Returns how many rows were decided about: call again while it is not 0.
    """
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        await hub.wording.refresh(session)
        batch = await take(session, now, limit)
        ends: dict[int, Verdict] = {}
        for nudge in _merging_last(hub, batch.due):
            try:
                async with session.begin_nested():
                    ends[nudge.id] = await _decide(hub, session, batch, nudge)
            except Exception:
                log.exception("nudge_failed", nudge=nudge.id)
                ends[nudge.id] = Verdict(NudgeState.SKIPPED, "error")
                break  # its savepoint has unloaded what it had touched: the rest is the next batch
        await _end_all(hub, session, batch, ends)
        return len(ends)


def _merging_last(hub: Hub, due: Sequence[Due]) -> list[Due]:
    """In order of due time; what can be said along with another one comes after it."""

    def merges(nudge: Due) -> bool:
        rule = hub.flows.nudges.get(nudge.rule)
        return rule is not None and rule.collides is Collides.MERGE

    return sorted(due, key=lambda nudge: (nudge.due_at, merges(nudge), nudge.id))


async def _decide(hub: Hub, session: AsyncSession, batch: Batch, nudge: Due) -> Verdict:
    rule, subject = hub.flows.nudges.get(nudge.rule), batch.subject(nudge)
    if rule is None or subject is None or subject.since.get(rule.given) != nudge.occurrence:
        return Verdict(NudgeState.CANCELLED, "no_longer_true")
    person = batch.people[nudge.person_id]
    if batch.settings.rule_for(rule, person) is None:
        return Verdict(NudgeState.CANCELLED, "rule_off")
    if why := batch.not_theirs(nudge, rule, subject):
        return Verdict(NudgeState.SKIPPED if why == MUTED else NudgeState.CANCELLED, why)
    if nudge.held_at:
        return Verdict(NudgeState.SKIPPED, "held_by_worker")
    no = _refusal(session, batch, nudge, rule, person)
    if no and no.reason != UNKNOWN:
        return no
    talk = await _talk(session, batch, person, subject)
    if talk is None:
        return no or Verdict(NudgeState.SKIPPED, "no_way_to_reach")
    wait = await _for_safety(session, batch, talk, subject, no)
    if wait:
        return wait
    handling = Handling(hub, session, talk, None, "", None, batch.now, purpose=rule.purpose)
    busy = await _collides(batch, handling, rule, nudge, subject)
    return busy or await _say(batch, handling, rule, nudge, subject)


def _refusal(session: AsyncSession, batch: Batch, nudge: Due, rule: NudgeRule, person: Person) -> Verdict | None:
    """Why it does not go out now, if it does not."""
    obstacle = batch.reach.obstacle(person, rule.purpose)
    if obstacle:
        return Verdict(NudgeState.SKIPPED, obstacle)
    if paused := _paused(batch, nudge, person):
        return paused
    if _waits_for_safety(batch, rule, person) and nudge.expires_at > batch.now:
        return Verdict(NudgeState.PLANNED, UNKNOWN, min(batch.now + LOOK_AGAIN, nudge.expires_at))
    hours = batch.reach.calendar(person, rule.purpose)
    opening = next_in_window(batch.now, hours.contact_from, hours.contact_until, hours.time_zone)
    if opening >= nudge.expires_at:
        return Verdict(NudgeState.MISSED, "too_late")
    if not batch.lots.sends(session, rule.name, person, batch.now):
        return Verdict(NudgeState.SKIPPED, "control_group")
    if opening > batch.now:
        return Verdict(NudgeState.PLANNED, "quiet_hours", opening)
    return None


def _paused(batch: Batch, nudge: Due, person: Person) -> Verdict | None:
    until = person.paused_until
    if until is None or (until <= batch.now and until < nudge.expires_at):
        return None
    late = until >= nudge.expires_at
    return Verdict(NudgeState.SKIPPED, "paused") if late else Verdict(NudgeState.PLANNED, "paused", until)


def _waits_for_safety(batch: Batch, rule: NudgeRule, person: Person) -> bool:
    """What would be held at sending waits here: its question is not opened before it can be answered."""
    way = batch.reach.way(person)
    asks = rule.subject == SAFE_CONTACT or rule.purpose is Purpose.RETURN
    return way is not None and not is_recorded(way.contact) and (not asks or bool(forbidden(way.contact)))


async def _for_safety(
    session: AsyncSession, batch: Batch, talk: Conversation, subject: Subject, no: Verdict | None
) -> Verdict | None:
    """What waits until the address is known to be safe is told to a worker once; a question waits for its address."""
    if no:
        await safe_contact_record.tell_once(session, talk, batch.now)
        return no
    if isinstance(subject.row, ContactPoint) and talk.contact_point_id != subject.row.id:
        return Verdict(NudgeState.PLANNED, "another_address", batch.now + timedelta(days=1))
    return None


async def _talk(session: AsyncSession, batch: Batch, person: Person, subject: Subject) -> Conversation | None:
    """Where to say it: what is about an address goes there, where it has a line of its own."""
    row = subject.row
    if isinstance(row, ContactPoint):
        await session.refresh(person, ["worker"])
        return await conversation_with(session, person, row)
    return await batch.talk(session, person)


async def _collides(batch: Batch, handling: Handling, rule: NudgeRule, nudge: Due, subject: Subject) -> Verdict | None:
    person = handling.person
    found = collision(batch.going(person), batch.now) if rule.collides is not Collides.ANYWAY else None
    if found is None:
        return None
    if rule.collides is Collides.SKIP:
        return Verdict(NudgeState.SKIPPED, found.reason)
    message = batch.said.get(person.id) if rule.collides is Collides.MERGE else None
    if message and await saying.say_with(handling, rule, subject, message, nudge.expires_at):
        return Verdict(NudgeState.QUEUED, "merged", message_id=message.id)
    until = wait_until(found, nudge.expires_at, batch.reach.calendar(person, rule.purpose), batch.now)
    return Verdict(NudgeState.PLANNED, found.reason, until) if until else None


async def _say(batch: Batch, handling: Handling, rule: NudgeRule, nudge: Due, subject: Subject) -> Verdict:
    await saying.say(handling, rule, subject, (nudge.subject_kind, nudge.subject_id), nudge.expires_at)
    message = handling.said[-1] if handling.said else None
    if message:
        batch.said[handling.person.id] = message
        batch.nudged[handling.person.id] = batch.now
        return Verdict(NudgeState.QUEUED, message_id=message.id)
    return Verdict(NudgeState.SKIPPED, "not_asked")


async def _end_all(hub: Hub, session: AsyncSession, batch: Batch, ends: dict[int, Verdict]) -> None:
    if not ends:
        return
    decided = [(nudge, ends[nudge.id]) for nudge in batch.due if nudge.id in ends]
    for nudge, end in decided:
        if end.state is not NudgeState.PLANNED:
            _record(session, nudge, end, batch.now)
    values = {
        "ids": [nudge.id for nudge, _ in decided],
        "states": [end.state.value for _, end in decided],
        "reasons": [end.reason for _, end in decided],
        "due": [end.due_at or nudge.due_at for nudge, end in decided],
        "messages": [end.message_id for _, end in decided],
        "now": batch.now,
    }
    await session.flush()
    await session.execute(_END, values)
    await missed.tell_workers(
        session, [batch.people[n.person_id] for n, end in decided if end.state is NudgeState.MISSED], batch.now
    )
    # Now that they are asked, their own reminders can be planned.
    for kind in ASKED_ONCE_MORE:
        asked = [n.subject_id for n, end in decided if n.subject_kind == kind and end.state is NudgeState.QUEUED]
        await replan_all(hub, session, kind, asked)


def _record(session: AsyncSession, nudge: Due, end: Verdict, now: datetime) -> None:
    check_move(NUDGE_MOVES, NudgeState.PLANNED, end.state)
    audit.record(
        session,
        now,
        "hub",
        f"nudge_{end.state}",
        f"nudge:{nudge.id}",
        person_id=nudge.person_id,
        rule=nudge.rule,
        reason=end.reason,
    )


async def no_longer_true(hub: Hub, session: AsyncSession, message_ids: Collection[int]) -> set[int]:
    """Which of these messages are nudges that are no longer so: asked again at the moment of sending.

    What was to be said in the same text and is still so is planned again.
    """
    wanted = select(Nudge).where(Nudge.message_id.in_(message_ids), Nudge.subject_kind.in_(CAN_MOVE))
    nudges = (await session.scalars(wanted)).all()
    if not nudges:
        return set()
    found = await subjects.load_all(session, ((nudge.subject_kind, nudge.subject_id) for nudge in nudges))
    true = {n.id: _is_true(hub, n, found.get((n.subject_kind, n.subject_id))) for n in nudges}
    untrue = {nudge.message_id or 0 for nudge in nudges if not true[nudge.id]}
    for nudge in nudges:
        if nudge.message_id in untrue and true[nudge.id]:
            nudge.state = check_move(NUDGE_MOVES, nudge.state, NudgeState.PLANNED)
            nudge.state_at, nudge.reason, nudge.message_id = hub.clock.now(), "", None
    return untrue


def _is_true(hub: Hub, nudge: Nudge, subject: Subject | None) -> bool:
    rule = hub.flows.nudges.get(nudge.rule)
    return bool(rule and subject and subject.since.get(rule.given) == nudge.occurrence)
