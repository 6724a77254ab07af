"""How many are enough: invitations and answered surveys of the last days, of an agency or a team. Invites nobody."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.states import SurveyState
from hub.store.tables import Person, SurveyRun, Worker
from hub.surveys.exclusion_rules import Per, Quota

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('survey_quota'), CAST(:agency AS int))").bindparams(
    bindparam("agency", type_=BigInteger)
)


async def is_full(session: AsyncSession, quota: Quota, person: Person, survey: str, now: datetime) -> bool:
    """Of two who invite at once, the second waits and counts the first."""
    await session.execute(_ONE_AT_A_TIME, {"agency": person.agency_id})
    since = now - quota.within
    sent = SurveyRun.invited_at > since, SurveyRun.state != SurveyState.WITHDRAWN
    answered = SurveyRun.state_at > since, SurveyRun.state == SurveyState.COMPLETED
    for most, counted in ((quota.invitations, sent), (quota.answers, answered)):
        if most is not None:
            wanted = select(func.count()).select_from(SurveyRun).join(Person, Person.id == SurveyRun.person_id)
            wanted = wanted.where(SurveyRun.survey == survey, _of(quota, person), *counted)
            if int(await session.scalar(wanted) or 0) >= most:
                return True
    return False


def _of(quota: Quota, person: Person) -> ColumnElement[bool]:
    """Somebody whom no worker has yet counts for the whole agency."""
    if quota.per is Per.AGENCY or person.worker is None:
        return Person.agency_id == person.agency_id
    return Person.worker_id.in_(select(Worker.id).where(Worker.team_id == person.worker.team_id))
