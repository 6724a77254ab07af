"""Fair comparisons of a nudge with no nudge: people are put in an arm by lot, once.

Neyroud's Triple-T (target, test, track): a comparison of before and after is guesswork.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Arm, Assignment, Experiment, Person


@dataclass(frozen=True, slots=True)
class Lots:
    """The running experiments of some rules, and the arms that some people are in."""

    experiments: Mapping[str, Experiment]  # by rule
    arms: Mapping[int, Sequence[Arm]]  # by experiment
    drawn: dict[tuple[int, int], int]  # experiment and person → arm

    def sends(self, session: AsyncSession, rule: str, person: Person, now: datetime) -> bool:
        """Whether this person gets nudges of this rule. Without a running experiment, everybody does."""
        experiment = self.experiments.get(rule)
        if experiment is None:
            return True
        key = (experiment.id, person.id)
        if key not in self.drawn:
            arm = _draw(experiment, self.arms[experiment.id], person)
            session.add(Assignment(experiment_id=experiment.id, person_id=person.id, arm_id=arm.id, at=now))
            self.drawn[key] = arm.id
        return next(arm.sends for arm in self.arms[experiment.id] if arm.id == self.drawn[key])


async def load(session: AsyncSession, rules: Collection[str], person_ids: Collection[int], now: datetime) -> Lots:
    """One statement while no experiment runs, three otherwise."""
    running = select(Experiment).where(
        Experiment.rule.in_(rules), Experiment.ended_at.is_(None), Experiment.started_at <= now
    )
    experiments = {experiment.rule: experiment for experiment in await session.scalars(running)}
    ids = [experiment.id for experiment in experiments.values()]
    if not ids:
        return Lots({}, {}, {})
    arms: dict[int, list[Arm]] = defaultdict(list)
    for arm in await session.scalars(select(Arm).where(Arm.experiment_id.in_(ids)).order_by(Arm.id)):
        arms[arm.experiment_id].append(arm)
    assigned = await session.execute(
        select(Assignment.experiment_id, Assignment.person_id, Assignment.arm_id).where(
            Assignment.experiment_id.in_(ids), Assignment.person_id.in_(person_ids)
        )
    )
    return Lots(experiments, arms, {(experiment, person): arm for experiment, person, arm in assigned})


def _draw(experiment: Experiment, arms: Sequence[Arm], person: Person) -> Arm:
    """By lot, and the same again for the same person and experiment: the lot is a hash of both."""
    lot = int.from_bytes(sha256(f"{experiment.id}:{person.ref}".encode()).digest()[:8])
    place = lot % sum(arm.share for arm in arms)
    for arm in arms:
        if place < arm.share:
            return arm
        place -= arm.share
    raise ValueError("an experiment needs an arm with a share")
