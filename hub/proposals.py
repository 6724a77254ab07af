"""How a case may be dealt with outside court, and what the person thinks of it. Silence is never agreement.

A worker proposes and decides; the person is asked when it is a good time, answers by a day, and may change the answer
until the decision: each answer is kept with its time. Knows no text and no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_events, escalations, tellings
from hub.core import Hub
from hub.errors import NotAllowed, NotFound
from hub.people import conversation_for
from hub.states import check_move
from hub.states_of_care import PROPOSAL_MOVES, ProposalState
from hub.store import audit
from hub.store.tables import Case, Proposal, View, Worker
from hub.store.vault import Key
from hub.times import at_local
from hub.words import Side

P = ProposalState
ABOUT = "proposal"
ANSWERS = {
    "agree": "Agrees",
    "disagree": "Does not agree",
    "no_view": "Has no view",
    "speak_first": "Wants to speak to somebody first",
}
DECISIONS = {
    "as_proposed": "It goes ahead as proposed",
    "with_changes": "It goes ahead with changes",
    "not_going_ahead": "It does not go ahead",
}
CLOSING = time(23, 59)  # an answer counts all day
LONGEST = 200  # characters of the proposal, and of the reason: two texts carry both


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker proposes, in plain words as the person reads them."""

    words: str
    reason: str
    answer_by: date


async def propose(hub: Hub, session: AsyncSession, worker: Worker, case: Case, wish: Wish) -> Proposal:
    """Ask the person what they think, at the first good time. Raises `NotAllowed`."""
    if case.side is not Side.VICTIMS:
        raise NotFound
    if case.closed_at:
        raise NotAllowed("This case is closed. Open it again first.")
    if await open_one(session, case.id):
        raise NotAllowed("There is a proposal already that nobody has decided about. Decide about that one first.")
    now, key = hub.clock.now(), _key(hub, case)
    proposal = Proposal(
        case_id=case.id,
        words_sealed=key.seal(wish.words, "proposal"),
        reason_sealed=key.seal(wish.reason, "reason") if wish.reason else None,
        answer_by=wish.answer_by,
        state=P.ASKED,
        made_at=now,
        made_by_id=worker.id,
        look_at=at_local(wish.answer_by, CLOSING, case.person.agency.time_zone),
        case=case,
    )
    session.add(proposal)
    await session.flush()
    record(session, now, f"worker:{worker.id}", proposal, "proposal_made")
    await tellings.plan(hub, session, case.person, ABOUT, proposal.id)
    return proposal


async def of_case(session: AsyncSession, case: Case) -> Sequence[Proposal]:
    """The newest first."""
    wanted = select(Proposal).where(Proposal.case_id == case.id).order_by(Proposal.id.desc())
    return (await session.scalars(wanted)).all()


async def get(session: AsyncSession, case: Case, number: int) -> Proposal:
    """Locked: of two workers who decide at once, one is told. Raises `NotFound`."""
    wanted = select(Proposal).where(Proposal.id == number, Proposal.case_id == case.id)
    found: Proposal | None = await session.scalar(wanted.with_for_update(of=Proposal))
    if found is None:
        raise NotFound
    return found


async def open_one(session: AsyncSession, case_id: int) -> Proposal | None:
    """The one of a case that waits for a decision."""
    wanted = select(Proposal).where(Proposal.case_id == case_id, Proposal.state != P.DECIDED)
    found: Proposal | None = await session.scalar(wanted.order_by(Proposal.id.desc()).limit(1))
    return found


async def newest_told(session: AsyncSession, person_id: int) -> Proposal | None:
    """The one that the person knows of and may speak of: the newest, decided or not."""
    wanted = (
        select(Proposal)
        .join(Case, Case.id == Proposal.case_id)
        .where(Case.person_id == person_id, Proposal.told_at.is_not(None))
        .order_by((Proposal.state == P.DECIDED), Proposal.id.desc())
        .limit(1)
    )
    found: Proposal | None = await session.scalar(wanted)
    return found


async def waits_for_view(session: AsyncSession, person_id: int) -> bool:
    """Whether there is something that they can say or change a view on."""
    found = await newest_told(session, person_id)
    return found is not None and found.state is not P.DECIDED


def told(proposal: Proposal, now: datetime) -> None:
    """The person has been told what is proposed."""
    proposal.told_at = proposal.told_at or now
    if proposal.state in {P.ASKED, P.SILENT}:
        proposal.state = check_move(PROPOSAL_MOVES, proposal.state, P.TOLD)


async def give(
    hub: Hub, session: AsyncSession, actor: str, proposal: Proposal, answer: str, how: str, words: str = ""
) -> View:
    """Their view, beside those before. Raises `NotAllowed` once it has been decided, `NotFound` for no such answer."""
    if proposal.state is P.DECIDED:
        raise NotAllowed("It has been decided. What they say now, you can write down as a note.")
    if answer not in ANSWERS:
        raise NotFound
    now = hub.clock.now()
    kind, _, number = actor.partition(":")
    view = View(
        proposal_id=proposal.id, answer=answer, how=how, at=now, by_id=int(number) if kind == "worker" else None
    )
    view.words_sealed = _key(hub, proposal.case).seal(words, "view") if words else None
    session.add(view)
    if proposal.state is not P.ANSWERED and answer != "speak_first":
        proposal.state = check_move(PROPOSAL_MOVES, proposal.state, P.ANSWERED)
        proposal.look_at = None
    await session.flush()
    record(session, now, actor, proposal, "view_given", answer=answer)
    return view


async def views_of(session: AsyncSession, proposal: Proposal) -> Sequence[View]:
    """The newest first: that one counts."""
    wanted = select(View).where(View.proposal_id == proposal.id).order_by(View.id.desc())
    return (await session.scalars(wanted)).all()


async def decide(
    hub: Hub, session: AsyncSession, worker: Worker, proposal: Proposal, decision: str, reason: str
) -> None:
    """A human decides, always with a reason; the person is told both. Raises `NotAllowed`."""
    if decision not in DECISIONS:
        raise NotAllowed("Select what was decided.")
    if not reason:
        raise NotAllowed("Write why. They are told the reason.")
    now = hub.clock.now()
    proposal.state = check_move(PROPOSAL_MOVES, proposal.state, P.DECIDED)
    proposal.decision, proposal.decided_at, proposal.decided_by_id = decision, now, worker.id
    proposal.decision_reason_sealed = _key(hub, proposal.case).seal(reason, "reason")
    proposal.look_at = None
    actor = f"worker:{worker.id}"
    record(session, now, actor, proposal, "proposal_decided", decision=decision)
    await tellings.call_off(hub, session, ABOUT, proposal.id)
    if decision == "not_going_ahead":
        await tellings.plan(hub, session, proposal.case.person, "proposal_off", proposal.id)
    else:
        event = await case_events.record_event(hub, session, actor, proposal.case, "out_of_court", reason, now)
        proposal.event_id = event.id
    reasons = ["view_silent", "view_speak_first"]
    about = f"{ABOUT}:{proposal.id}"
    await escalations.settle(session, proposal.case.person_id, reasons, worker.id, decision, now, detail=about)


async def tell_of_silence(session: AsyncSession, now: datetime) -> int:
    """The day has passed without an answer: a worker is told. Returns how many."""
    late = select(Proposal).where(Proposal.look_at <= now).order_by(Proposal.id)
    found = (await session.scalars(late.with_for_update(skip_locked=True, of=Proposal))).all()
    for proposal in found:
        proposal.look_at = None
        if proposal.state not in {P.ASKED, P.TOLD}:
            continue
        proposal.state = check_move(PROPOSAL_MOVES, proposal.state, P.SILENT)
        record(session, now, "hub", proposal, "view_silent", told=proposal.told_at is not None)
        conversation = await conversation_for(session, proposal.case.person)
        if conversation:
            await escalations.escalate(session, conversation, "view_silent", now, detail=f"{ABOUT}:{proposal.id}")
    return len(found)


def record(session: AsyncSession, now: datetime, actor: str, proposal: Proposal, what: str, **details: object) -> None:
    person_id = proposal.case.person_id
    audit.record(session, now, actor, what, f"{ABOUT}:{proposal.id}", person_id=person_id, **details)


def _key(hub: Hub, case: Case) -> Key:
    return hub.vault.open_person_key(case.person.wrapped_key or b"")
