"""Inviting somebody, whoever does it, with the record of it: who was asked by whom, and who was not and why.

Events, a worker's button, several at once, the API and the command line all come through here. Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotInvited, SurveyStopped
from hub.store import audit
from hub.store.tables import Person, SurveyRun
from hub.surveys import runs
from hub.surveys.exclusion_rules import WORDS


@dataclass(frozen=True, slots=True)
class Invited:
    """`run` None: not asked, for these `reasons`. `new`: not one that was open already."""

    run: SurveyRun | None
    new: bool = False
    reasons: Sequence[str] = ()

    @property
    def why_not(self) -> list[str]:
        """In words, one a rule."""
        return in_words(self.reasons)


async def invite(
    hub: Hub,
    session: AsyncSession,
    actor: str,
    person: Person,
    survey: str,
    case_id: int | None = None,
    *,
    at: datetime | None = None,
    rest: timedelta = timedelta(),
) -> Invited:
    """Raises `NotFound` and `SidesMeet` as `runs.invite` does; a rule that says no is an answer, not an error."""
    before = await runs.open_run(session, person, survey)
    try:
        run = await runs.invite(hub, session, person, survey, case_id, at=at, rest=rest)
    except NotInvited as no:
        if not isinstance(no, SurveyStopped) or actor != "hub":  # a stopped survey leaves no line with each session
            _record(hub, session, actor, "survey_not_invited", f"survey:{survey}", person, reasons=list(no.reasons))
        return Invited(None, reasons=no.reasons)
    if before is None:
        _record(hub, session, actor, "survey_invited", f"survey_run:{run.id}", person)
    return Invited(run, new=before is None)


def in_words(reasons: Sequence[str]) -> list[str]:
    return [WORDS[name] for name in reasons if name in WORDS]


def _record(
    hub: Hub, session: AsyncSession, actor: str, what: str, subject: str, person: Person, **details: list[str]
) -> None:
    audit.record(session, hub.clock.now(), actor, what, subject, person_id=person.id, **details)
