"""Our numbers, bots and chat sites: what works and what fails; and the addresses to enter at the providers."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.reading import lines
from hub.times import say_when
from inbox.login import Administrator, Manager
from inbox.web import WebDep

router = APIRouter(include_in_schema=False, prefix="/settings")

WHAT_COMES = {
    "/webhooks/sms": ("Texts that people send", "Twilio: “A message comes in”, as HTTP POST"),
    "/webhooks/sms/status": ("What became of our texts", "Nothing to enter: we give it with each text"),
    "/webhooks/telegram": ("Telegram messages", "Telegram: setWebhook, with the secret of the settings"),
}


@router.get("/channels")
async def channels(request: Request, web: WebDep, me: Manager) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await lines.health(web.hub, session, me.worker.team)
    zone = me.worker.team.agency.time_zone
    last = {row.line.id: _said(row, zone) for row in rows}
    return web.page(request, "settings/channels.html", signed_in=me, rows=rows, last=last)


@router.get("/webhooks")
async def webhooks(request: Request, web: WebDep, me: Administrator) -> HTMLResponse:
    async with web.hub.store.transaction() as session:
        rows = await lines.health(web.hub, session, me.worker.team)
    zone = me.worker.team.agency.time_zone
    addresses = [(web.settings.public_url + path, *words, path in web.webhooks) for path, words in WHAT_COMES.items()]
    last = {row.line.id: _said(row, zone) for row in rows}
    return web.page(request, "settings/webhooks.html", signed_in=me, addresses=addresses, rows=rows, last=last)


def _said(row: lines.Health, zone: str) -> dict[str, str]:
    came = say_when(row.last_in, zone) if row.last_in else "nothing yet"
    return {"in": came, "out": say_when(row.last_out, zone) if row.last_out else "nothing in the last day"}
