"""Who is here because of a referral alone, and who is somebody of ours for another reason too. Only reads."""

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.states_of_support import ReferralState
from hub.store.tables import Appointment, Case, Person, Referral, Thread, ThreadMember

ENDS = (ReferralState.DECLINED, ReferralState.REFUSED, ReferralState.WITHDRAWN, ReferralState.LAPSED)


async def made_for(session: AsyncSession, referral: Referral) -> list[Person]:
    """The people who were made to be asked because of it."""
    theirs = ((referral.young_id, referral.young_was_known), (referral.guardian_id, referral.guardian_was_known))
    return [await session.get_one(Person, each) for each, was_known in theirs if each and not was_known]


async def only_for(session: AsyncSession, referral: Referral) -> list[Person]:
    """Those of them who are nobody else by now: no case, appointment or thread, and no other referral that is kept."""
    return [person for person in await made_for(session, referral) if not await _is_somebody(session, person, referral)]


async def was_made(session: AsyncSession, person: Person) -> bool:
    """For this referral or for an earlier one: they were nobody of ours before."""
    as_young = (Referral.young_id == person.id) & ~Referral.young_was_known
    as_guardian = (Referral.guardian_id == person.id) & ~Referral.guardian_was_known
    return await session.scalar(select(Referral.id).where(as_young | as_guardian).limit(1)) is not None


async def _is_somebody(session: AsyncSession, person: Person, referral: Referral) -> bool:
    theirs = (Referral.young_id == person.id) | (Referral.guardian_id == person.id)
    reasons = (
        exists().where(Case.person_id == person.id),
        exists().where(Appointment.person_id == person.id),
        exists().where(Thread.person_id == person.id),
        exists().where(ThreadMember.person_id == person.id),
        exists().where(theirs, Referral.id != referral.id, Referral.emptied_at.is_(None)),
    )
    return bool(await session.scalar(select(or_(*reasons))))
