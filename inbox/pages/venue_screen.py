"""The screen at a venue: a code in large digits and as a QR code, new every half minute.

It is looked at by everybody in the room, so it names nobody. Works without JavaScript: the page asks for itself again.
"""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.access import access_appointment
from hub.reading import venue_screen
from inbox.login import Reader
from inbox.qr import picture_of
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/appointments")


@router.get("/{ref}/screen")
async def show(request: Request, web: WebDep, me: Reader, ref: str) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        appointment = await access_appointment(session, me.worker, ref)
        found = await venue_screen.screen(web.hub, session, appointment)
    query = urlencode({"code": found.code, "to": found.number.removeprefix("+")})
    picture = picture_of(f"{web.settings.public_url}/here?{query}")
    page = web.page(request, "venue_screen.html", screen=found, picture=picture, ref=ref)
    page.headers["Refresh"] = str(found.stays)
    return page
