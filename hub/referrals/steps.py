"""What was asked and answered so far, by whom and how; whose yes is missing; who has to act. Rows are only added."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.referrals.ages import GUARDIAN, band_on, needed
from hub.referrals.said import Said
from hub.states_of_support import ReferralState
from hub.store import audit
from hub.store.tables import Referral, ReferralStep

YES, NO, CALL, ALONE = "yes", "no", "call", "alone"
WHAT: Mapping[str, str] = {
    "received": "Referred",
    "taken_on": "A worker looked at it",
    "asked": "Asked",
    "reminded": "Reminded, once",
    YES: "Said yes",
    NO: "Said no",
    CALL: "Asked for a call",
    "call_first": "A worker calls before anything is sent",
    ALONE: "A worker found that they can decide for themselves",
    "link_made": "Was given a link to answer by",
    "joined": "Is somebody we know: the records are joined",
    "lapsed": "No answer in time",
    "withdrawn": "Taken back by whoever referred them",
    "accepted": "Accepted",
    "declined": "Declined by a worker",
    "guardian_may_know": "Agrees that whoever looks after them is told",
    "guardian_not_told": "Does not want whoever looks after them to be told",
    "emptied": "Everything personal was removed",
}
HOW: Mapping[str, str] = {
    "text": "by text",
    "page": "on a page of ours",
    "phone": "by phone",
    "in_person": "face to face",
    "letter": "in writing",
    "form": "by the form",
    "api": "by another program",
}
SPOKEN = ("phone", "in_person", "letter")  # what a worker can record
# Why nothing goes out by itself, in the order in which it is looked at.
CALL_FIRST: Mapping[str, str] = {
    "look": "Look at it first, then ask",
    "risk": "Telling whoever looks after them could put them at risk: call the referrer first",
    "no_number": "There is no number to text: call the referrer",
    "not_safe": "Nobody has said that it is safe to text them: call",
    "same_number": "Both were given one number: call",
    "said_no": "They have said no before: speak with the referrer",
    "known": "Their number is of somebody we know: see whether it is them",
    "stopped": "They have stopped our texts, or the number is wrong: call",
    "asked": "They asked for a call",
    "worker": "A worker calls first",
}
OPEN = (ReferralState.RECEIVED, ReferralState.ASKING, ReferralState.READY)


def note(
    hub: Hub,
    session: AsyncSession,
    referral: Referral,
    what: str,
    by: str,
    *,
    who: str = "",
    how: str = "",
    at: datetime | None = None,
) -> None:
    """Kept here, and in the record of who did what. `by`: "person:12", "worker:3", "key:2" or "hub"."""
    now = hub.clock.now()
    session.add(ReferralStep(referral_id=referral.id, who=who, what=what, how=how, by=by, at=at or now))
    person_id = {"young": referral.young_id, GUARDIAN: referral.guardian_id}.get(who)
    about = f"referral:{referral.id}"
    audit.record(session, now, by, f"referral_{what}", about, person_id=person_id, who=who, how=how)


async def of(session: AsyncSession, referral: Referral) -> Sequence[ReferralStep]:
    rows = select(ReferralStep).where(ReferralStep.referral_id == referral.id).order_by(ReferralStep.id)
    return (await session.scalars(rows)).all()


def answers(steps: Iterable[ReferralStep]) -> Mapping[str, str]:
    """The latest answer of each: YES, NO, CALL, or ALONE in place of a guardian's."""
    return {step.who: step.what for step in steps if step.what in {YES, NO, CALL, ALONE}}


def missing(said: Said, given: Mapping[str, str], today: date) -> str:
    """Whose yes is next; empty when all are there. Counted by how old they are today: who turned 16 decides alone."""
    order = needed(band_on(said.born, today))
    return next((who for who in order if given.get(who) not in {YES, ALONE}), "")
