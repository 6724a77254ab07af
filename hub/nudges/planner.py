"""Keeps the planned rows of subjects in step with their rules and times. Called when one is made, moves or ends.

Many subjects are planned at once, with the same number of statements for one as for a thousand. The rows are written
past the session's own objects: a caller that has some of these nudges loaded must load them anew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Text, bindparam, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.nudges import reach, settings, subjects
from hub.nudges.plan import Slot, plan
from hub.nudges.rules import NudgeRule
from hub.nudges.settings import RuleSettings
from hub.states import NUDGE_MOVES, NudgeState, check_move
from hub.store.tables import Nudge
from hub.words import Sees

Key = tuple[str, int, int, datetime]  # rule, subject, person, occurrence
Existing = Mapping[Key, Any]

AT_ONCE = 1000  # subjects; each has some five rows
# Nobody was late: the appointment was made too near for this one, or no hour was left. Another plan may find one.
DECIDED_WHEN_PLANNED = ("no_permitted_hour", "made_too_late")

_WRITE = text(
    """
    INSERT INTO nudges
        (rule, subject_kind, subject_id, person_id, occurrence, due_at, expires_at, state, state_at, reason)
    SELECT rule, :kind, subject_id, person_id, occurrence, due_at, expires_at, state, :now, reason
    FROM unnest(:rules, :subjects, :people, :occurrences, :due, :expires, :states, :reasons)
        AS planned (rule, subject_id, person_id, occurrence, due_at, expires_at, state, reason)
    ON CONFLICT (rule, subject_kind, subject_id, person_id, occurrence) DO UPDATE
    SET due_at = excluded.due_at, expires_at = excluded.expires_at,
        state = excluded.state, state_at = excluded.state_at, reason = excluded.reason
    WHERE nudges.state IN ('planned', 'cancelled') OR nudges.state = 'skipped' AND nudges.reason = ANY(:reconsidered)
    """
).bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("rules", "states", "reasons", "reconsidered")),
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("subjects", "people")),
    *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("occurrences", "due", "expires")),
    bindparam("kind", type_=Text),
    bindparam("now", type_=DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a replanning does: shown before a worker saves."""

    planned: int
    cancelled: int

    def __add__(self, other: "Change") -> "Change":
        return Change(self.planned + other.planned, self.cancelled + other.cancelled)


async def replan(hub: Hub, session: AsyncSession, kind: str, subject_id: int) -> Change:
    """Plan what the rules now ask for, cancel what they no longer do."""
    return await replan_all(hub, session, kind, [subject_id])


async def replan_all(
    hub: Hub,
    session: AsyncSession,
    kind: str,
    ids: Sequence[int],
    *,
    only: str | None = None,
    because: str = "no_longer_true",
) -> Change:
    """The same for many subjects of one kind. `only` one rule; `because`: the reason of what is cancelled."""
    await session.flush()
    change = Change(0, 0)
    for first in range(0, len(ids), AT_ONCE):
        change += await _replan(hub, session, kind, ids[first : first + AT_ONCE], only, because)
    return change


async def preview(hub: Hub, session: AsyncSession, kind: str, subject_id: int, at: datetime) -> Change:
    """What `replan` would do if the subject stood at `at`: nothing is changed."""
    wanted = await _wanted(hub, session, kind, [subject_id], at=at)
    existing = await _existing(session, kind, [subject_id])
    now = hub.clock.now()
    cancelled = sum(n.state is NudgeState.PLANNED and key not in wanted for key, n in existing.items())
    return Change(sum(key not in existing and slot.expires_at > now for key, slot in wanted.items()), cancelled)


@dataclass(frozen=True, slots=True)
class Effect:
    """What another time for a rule does to what lies ahead: shown before a supervisor saves."""

    moved: int = 0
    cancelled: int = 0
    new: int = 0

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(self.moved + other.moved, self.cancelled + other.cancelled, self.new + other.new)


async def preview_rule(
    hub: Hub, session: AsyncSession, rule: NudgeRule, ids: Sequence[int], wish: RuleSettings
) -> Effect:
    """What `replan_all` would do to these subjects' nudges of the rule under `wish`: nothing is changed."""
    now, effect = hub.clock.now(), Effect()
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        wanted = await _wanted(hub, session, rule.subject, some, only=rule.name, wish=wish)
        existing = await _existing(session, rule.subject, some, rule.name)
        effect += _compare(wanted, existing, now)
    return effect


def _compare(wanted: Mapping[Key, Slot], existing: Existing, now: datetime) -> Effect:
    going = {key: slot for key, slot in wanted.items() if _state(slot, now)[0] is NudgeState.PLANNED}
    planned = {key: nudge for key, nudge in existing.items() if nudge.state is NudgeState.PLANNED}
    return Effect(
        moved=sum(key in going and going[key].due_at != nudge.due_at for key, nudge in planned.items()),
        cancelled=sum(key not in going for key in planned),
        new=sum(key not in planned and _is_open(existing, key) for key in going),
    )


async def _replan(
    hub: Hub, session: AsyncSession, kind: str, ids: Collection[int], only: str | None, because: str
) -> Change:
    now = hub.clock.now()
    wanted = await _wanted(hub, session, kind, ids, only=only)
    existing = await _existing(session, kind, ids, only)
    gone = [n.id for key, n in existing.items() if key not in wanted and n.state is NudgeState.PLANNED]
    if gone:
        over = {"state": NudgeState.CANCELLED, "state_at": now, "reason": because}
        await session.execute(update(Nudge).where(Nudge.id.in_(gone), Nudge.state == NudgeState.PLANNED).values(over))
    open_ones = {key: slot for key, slot in wanted.items() if _is_open(existing, key)}
    changed = {key: slot for key, slot in open_ones.items() if not _stands(existing, key, slot, now)}
    for key, slot in changed.items():
        _check(existing.get(key), _state(slot, now)[0])
    await _write(session, kind, changed, now)
    return Change(sum(_state(slot, now)[0] is NudgeState.PLANNED for slot in open_ones.values()), len(gone))


async def _wanted(
    hub: Hub,
    session: AsyncSession,
    kind: str,
    ids: Collection[int],
    at: datetime | None = None,
    only: str | None = None,
    wish: RuleSettings | None = None,
) -> Mapping[Key, Slot]:
    rules = [rule for rule in hub.flows.nudges.values() if rule.subject == kind and only in {None, rule.name}]
    set_as = wish or await settings.load(session)
    found = await subjects.load(session, kind, ids)
    person_ids = {subject.person_id for subject in found.values()}
    heard_by_others = any(rule.to_supporters for rule in rules)
    besides = await subjects.supporters(session, person_ids, hub.clock.now()) if heard_by_others else {}
    others = {supporter for theirs in besides.values() for supporter, _ in theirs}
    everyone = await subjects.people(session, person_ids | others)
    calendars = await reach.load(session, everyone.keys())
    wanted: dict[Key, Slot] = {}
    for subject_id, subject in found.items():
        for rule, since in _that_apply(rules, subject):
            for person in (everyone[person_id] for person_id in _to(rule, subject, besides)):
                theirs = set_as.rule_for(rule, person)
                if theirs and rule.side in {None, person.side} and person.ended_at is None:
                    slot = plan(theirs, at or since, calendars.calendar(person, rule.purpose))
                    wanted[rule.name, subject_id, person.id, at or since] = slot
    return wanted


def _to(rule: NudgeRule, subject: subjects.Subject, besides: Mapping[int, list[tuple[int, Sees]]]) -> list[int]:
    """The person, or those who stand by them and may see that much."""
    if not rule.to_supporters:
        return [subject.person_id]
    return [supporter for supporter, sees in besides.get(subject.person_id, ()) if sees.allows(rule.sees)]


def _that_apply(rules: Sequence[NudgeRule], subject: subjects.Subject) -> list[tuple[NudgeRule, datetime]]:
    return [(rule, since) for rule in rules if (since := subject.since.get(rule.given))]


async def _existing(session: AsyncSession, kind: str, ids: Collection[int], only: str | None = None) -> Existing:
    key = (Nudge.rule, Nudge.subject_id, Nudge.person_id, Nudge.occurrence)
    rows = await session.execute(
        select(Nudge.id, Nudge.state, Nudge.reason, Nudge.due_at, Nudge.expires_at, *key).where(
            Nudge.subject_kind == kind, Nudge.subject_id.in_(ids), Nudge.rule == only if only else true()
        )
    )
    return {(row.rule, row.subject_id, row.person_id, row.occurrence): row for row in rows}


def _is_open(existing: Existing, key: Key) -> bool:
    """Whether planning still has a say: what was queued, missed or skipped on its day is over."""
    nudge = existing.get(key)
    if nudge is None or nudge.state in {NudgeState.PLANNED, NudgeState.CANCELLED}:
        return True
    return nudge.state is NudgeState.SKIPPED and nudge.reason in DECIDED_WHEN_PLANNED


def _stands(existing: Existing, key: Key, slot: Slot, now: datetime) -> bool:
    """Whether the row says so already."""
    nudge = existing.get(key)
    if nudge is None:
        return False
    return (nudge.state, nudge.reason, nudge.due_at, nudge.expires_at) == (
        *_state(slot, now),
        slot.due_at,
        slot.expires_at,
    )


def _check(nudge: Any, state: NudgeState) -> None:
    """The table of states holds for what is written many rows at a time, too. Another hour or reason is no move."""
    if nudge is not None and nudge.state is not state:
        check_move(NUDGE_MOVES, nudge.state, state)


def _state(slot: Slot, now: datetime) -> tuple[NudgeState, str]:
    if not slot.possible:
        return NudgeState.SKIPPED, "no_permitted_hour"
    return (NudgeState.SKIPPED, "made_too_late") if slot.expires_at <= now else (NudgeState.PLANNED, "")


async def _write(session: AsyncSession, kind: str, slots: Mapping[Key, Slot], now: datetime) -> None:
    """Always in the same order, so that two planners wait for each other instead of both for ever."""
    if not slots:
        return
    rows = [(*key, slot.due_at, slot.expires_at, *_state(slot, now)) for key, slot in sorted(slots.items(), key=_first)]
    rules, ids, people, occurrences, due, expires, states, reasons = map(list, zip(*rows, strict=True))
    await session.execute(
        _WRITE,
        {
            "rules": rules,
            "subjects": ids,
            "people": people,
            "occurrences": occurrences,
            "due": due,
            "expires": expires,
            "states": [str(state) for state in states],
            "reasons": reasons,
            "reconsidered": list(DECIDED_WHEN_PLANNED),
            "kind": kind,
            "now": now,
        },
    )


def _first(item: tuple[Key, Slot]) -> Key:
    return item[0]
