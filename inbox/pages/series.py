"""The end of appointments that repeat: after one of them, with what follows from it shown first."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub import recurring
from hub.access import access_appointment
from hub.errors import NotFound
from hub.foresight import foresee
from hub.reading import effects
from hub.store.tables import AppointmentSeries
from hub.times import local
from inbox.login import Reader
from inbox.pages.appointment import appointment_page, person_of
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")


@router.post("/{ref}/end-series")
async def end_series(
    request: Request, web: WebDep, me: Reader, ref: str, sure: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """This one stays; those after it that nobody has touched are called off."""
    zone = me.worker.team.agency.time_zone

    async def act(session: AsyncSession) -> None:
        found = await access_appointment(session, me.worker, ref, lock=True)
        if found.series_id is None:
            raise NotFound
        series = await session.get_one(AppointmentSeries, found.series_id, with_for_update={"of": AppointmentSeries})
        last_on = found.occurrence_on or local(found.starts_at, zone).date()
        await recurring.end(web.hub, session, f"worker:{me.worker.id}", series, last_on)

    if sure:
        async with web.hub.store.transaction() as session:
            await act(session)
        return RedirectResponse(f"/appointments/{ref}", 303)
    foreseen = await foresee(web.hub, await person_of(web, me, ref), act)
    effect = effects.in_words(web.hub, foreseen, zone, "Ending the series")
    return await appointment_page(request, web, me, ref, asked="end-series", effect=effect)
