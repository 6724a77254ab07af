"""How an agency's side wants a rule: as it stands in `flows/`, on another day, at another time, or not at all.

Knows nothing of who may decide that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.nudges.rules import NudgeRule
from hub.store.tables import Person, RuleSetting
from hub.words import Side

Whose = tuple[int, Side]  # agency and side


@dataclass(frozen=True, slots=True)
class Setting:
    """`days` are working days where the rule counts those; None: as the rule has it."""

    off: bool = False
    days: int | None = None
    clock: time | None = None

    def applied(self, rule: NudgeRule) -> NudgeRule | None:
        """The rule as it is wanted; None when it is off."""
        if self.off:
            return None
        changed = replace(rule, at=self.clock or rule.at)
        if self.days is None:
            return changed
        if rule.working_days is not None:
            return replace(changed, working_days=self.days)
        return replace(changed, days=self.days)


def as_in_flows(rule: NudgeRule) -> Setting:
    """What holds where nobody has decided otherwise."""
    return Setting(off=rule.only_if_wanted)


@dataclass(frozen=True, slots=True)
class RuleSettings:
    of_side: Mapping[tuple[Whose, str], Setting] = field(default_factory=dict)

    def rule_for(self, rule: NudgeRule, person: Person) -> NudgeRule | None:
        """None: this person's agency has turned it off."""
        return self.of(rule, (person.agency_id, person.side)).applied(rule)

    def of(self, rule: NudgeRule, whose: Whose) -> Setting:
        return self.of_side.get((whose, rule.name), as_in_flows(rule))

    def but(self, rule: NudgeRule, whose: Whose, wish: Setting) -> "RuleSettings":
        """The same with one of them as somebody wishes it."""
        return RuleSettings({**self.of_side, (whose, rule.name): wish})


async def load(session: AsyncSession) -> RuleSettings:
    """All of them: some dozens."""
    found = await session.scalars(select(RuleSetting))
    return RuleSettings({((r.agency_id, r.side), r.rule): Setting(r.off, r.days, r.clock) for r in found})
