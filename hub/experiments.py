"""Fair comparisons of a nudge with no nudge: people are put in an arm by lot, once.

Neyroud's Triple-T (target, test, track): a comparison of before and after is guesswork.
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Arm, Assignment, Experiment, Person


async def sends(session: AsyncSession, rule: str, person: Person, now: datetime) -> bool:
    """Whether this person gets nudges of this rule. Without a running experiment, everybody does."""
    experiment = await session.scalar(
        select(Experiment).where(Experiment.rule == rule, Experiment.ended_at.is_(None), Experiment.started_at <= now)
    )
    if experiment is None:
        return True
    assignment = await session.get(Assignment, (experiment.id, person.id))
    if assignment is None:
        arm = await _draw(session, experiment, person)
        session.add(Assignment(experiment_id=experiment.id, person_id=person.id, arm_id=arm.id, at=now))
        return arm.sends
    return (await session.get_one(Arm, assignment.arm_id)).sends


async def _draw(session: AsyncSession, experiment: Experiment, person: Person) -> Arm:
    """By lot, and the same again for the same person and experiment: the lot is a hash of both."""
    arms = (await session.scalars(select(Arm).where(Arm.experiment_id == experiment.id).order_by(Arm.id))).all()
    lot = int.from_bytes(sha256(f"{experiment.id}:{person.ref}".encode()).digest()[:8])
    place = lot % sum(arm.share for arm in arms)
    for arm in arms:
        if place < arm.share:
            return arm
        place -= arm.share
    raise ValueError("an experiment needs an arm with a share")
