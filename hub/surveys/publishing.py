"""Whether an agency asks a survey. Stopped: nobody is invited or reminded any more; who has begun can finish."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.states import SurveyState
from hub.store import audit
from hub.store.tables import Person, SurveyRun, SurveySetting, Worker


async def stopped(session: AsyncSession, agency_id: int) -> set[str]:
    """The names of the surveys that this agency does not ask."""
    off = select(SurveySetting.survey).where(SurveySetting.agency_id == agency_id, ~SurveySetting.published)
    return set(await session.scalars(off))


async def stopped_runs(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of these runs whose survey their agency does not ask any more."""
    off = (
        select(SurveyRun.id)
        .join(Person, Person.id == SurveyRun.person_id)
        .join(
            SurveySetting,
            (SurveySetting.agency_id == Person.agency_id) & (SurveySetting.survey == SurveyRun.survey),
        )
        .where(SurveyRun.id.in_(ids), ~SurveySetting.published)
    )
    return set(await session.scalars(off))


async def set_published(hub: Hub, session: AsyncSession, worker: Worker, survey: str, *, published: bool) -> None:
    now, agency_id = hub.clock.now(), worker.team.agency_id
    row = SurveySetting(agency_id=agency_id, survey=survey, published=published, at=now, by_id=worker.id)
    await session.merge(row)
    what = "survey_published" if published else "survey_stopped"
    audit.record(session, now, f"worker:{worker.id}", what, f"survey:{survey}")


async def still_open(session: AsyncSession, agency_id: int, survey: str) -> tuple[int, int]:
    """How many are invited and have not begun, and how many have begun and not finished."""
    begun = SurveyRun.state.in_((SurveyState.STARTED, SurveyState.PAUSED))
    counted = select(func.count().filter(SurveyRun.state == SurveyState.INVITED), func.count().filter(begun))
    runs = counted.join(Person, Person.id == SurveyRun.person_id)
    row = (await session.execute(runs.where(Person.agency_id == agency_id, SurveyRun.survey == survey))).one()
    return row[0], row[1]
