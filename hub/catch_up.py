"""What a webhook missed: the provider is asked for its own list of inbound texts (Twilio repeats no failed webhook)."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from hub.core import Hub
from hub.errors import ChannelError
from hub.receive import accept
from hub.store.tables import Line

log = structlog.get_logger()

# Asked again from a little before the last time: a text can be listed after one that was sent later.
OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(days=1)  # how far back the very first question goes


async def ask_providers(hub: Hub) -> int:
    """Take in whatever the providers have and we do not. Returns how many texts were new."""
    return sum([await _ask(hub, line) for line in await _lines(hub)])


async def _lines(hub: Hub) -> list[Line]:
    async with hub.store.transaction() as session:
        return list((await session.scalars(select(Line).where(Line.enabled))).all())


async def _ask(hub: Hub, line: Line) -> int:
    now = hub.clock.now()
    since = line.asked_provider_at - OVERLAP if line.asked_provider_at else now - FIRST_LOOK
    try:
        channel = hub.channels.for_line(line.address, line.channel)
        listed = await channel.received_since(line.address, since)
    except ChannelError as problem:
        log.warning("provider_list_unavailable", line=line.id, problem=problem.code)
        return 0
    new = sum([await accept(hub, inbound) is not None for inbound in listed])
    async with hub.store.transaction() as session:
        (await session.get_one(Line, line.id)).asked_provider_at = now
    if new:
        log.warning("texts_found_at_provider", line=line.id, count=new)
    return new
