"""Inviting people to surveys through the API. Answers are read by workers, not here."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotFound
from hub.store.tables import SurveyRun
from hub.surveys import inviting
from inbox.api.asked import Asked
from inbox.api.people import find_person
from inbox.api.problems import ProblemRoute
from inbox.api.shapes import SurveyAsked, SurveyWish

routes = APIRouter(route_class=ProblemRoute, tags=["Surveys"])

NOT_INVITED = "not_invited"


@routes.post("/people/{ref}/surveys", response_model=SurveyAsked)
async def invite_to_a_survey(ref: str, wish: SurveyWish, asked: Asked) -> JSONResponse:
    """Ask a person to take part. The same again while it is open changes nothing.

    Somebody whom a rule leaves out is not asked: the state is `not_invited` then, and `why_not` names the rules.
    """

    async def make(session: AsyncSession) -> SurveyAsked:
        person = await find_person(session, asked, ref)
        known = asked.hub.flows.surveys.get(wish.survey)
        if known is None or known.side is not person.side:
            raise NotFound(f"(survey {wish.survey})")
        invited = await inviting.invite(asked.hub, session, asked.actor, person, wish.survey)
        if invited.run is None:
            return SurveyAsked(survey=wish.survey, state=NOT_INVITED, why_not=list(invited.reasons))
        return _shown(invited.run)

    return await asked.once(200, make)


@routes.get("/people/{ref}/surveys", response_model=list[SurveyAsked])
async def list_surveys_of_a_person(ref: str, asked: Asked) -> list[SurveyAsked]:
    """What a person was asked to take part in, and how far each came; never what they answered."""
    async with asked.reading() as session:
        person = await find_person(session, asked, ref)
        asked.audit(session, "person_viewed", f"person:{person.id}", person.id)
        theirs = select(SurveyRun).where(SurveyRun.person_id == person.id).order_by(SurveyRun.id.desc())
        return [_shown(run) for run in await session.scalars(theirs)]


def _shown(run: SurveyRun) -> SurveyAsked:
    return SurveyAsked(survey=run.survey, state=run.state.value, invited_at=run.invited_at, open_until=run.expires_at)
