"""GET /events: which of the conversations that the worker may see have changed. Ids only."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from hub import sign_in
from hub.access import visible_conversations
from hub.reading.dangers import concerns_danger, dangers
from inbox.live import Heard
from inbox.login import SESSION, signed_in
from inbox.web import WebDep

router = APIRouter(include_in_schema=False)

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/events", dependencies=[Depends(signed_in)])
async def events(request: Request, web: WebDep) -> StreamingResponse:
    token = request.cookies[SESSION]

    async def allowed(ids: set[int]) -> Heard | None:
        async with web.hub.store.transaction() as session:
            still = await sign_in.find(web.hub, session, token, touch=False)
            if still is None:
                return None
            changed = await visible_conversations(session, still.worker, ids)
            if ids:
                return Heard(changed, danger=await concerns_danger(session, still.worker, ids))
            return Heard(changed, danger=bool(await dangers(web.hub, session, still.worker)))

    return StreamingResponse(web.live.events(allowed), media_type="text/event-stream", headers=HEADERS)
