"""Telegram without a public address: ask for updates, as on a laptop. Must not run beside a webhook."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram import Update
from telegram.error import TelegramError

from hub.errors import StoreUnavailable
from hub.ports import Inbound
from integrations.channels.telegram.channel import TelegramChannel
from integrations.channels.telegram.updates import TELLING, acknowledge, to_inbound

WAIT_SECONDS = 20  # how long Telegram may hold a question open while there is nothing to tell
PAUSE_SECONDS = 3.0  # after a failure, before asking again


async def poll(
    channel: TelegramChannel,
    accept: Callable[[Inbound], Awaitable[object]],
    stop: asyncio.Event,
    *,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Take updates until `stop` is set, then return at once.

    An update counts as taken only after `accept` has returned, so a crash or a lost database repeats it;
    the hub knows it by its id.
    """
    polling = asyncio.create_task(_poll(channel, accept, pause_seconds))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    polling.cancel()
    stopping.cancel()
    with suppress(asyncio.CancelledError):
        await polling  # raises what `accept` raised, if that is why we are here


async def _poll(channel: TelegramChannel, accept: Callable[[Inbound], Awaitable[object]], pause_seconds: float) -> None:
    offset, webhook_removed = 0, False
    while True:
        try:
            if not webhook_removed:  # Telegram answers no questions while a webhook is set
                webhook_removed = await channel.bot.delete_webhook(drop_pending_updates=False)
            for update in await channel.bot.get_updates(offset, timeout=WAIT_SECONDS, allowed_updates=TELLING):
                await _accept(channel, accept, update)
                offset = update.update_id + 1
        except (TelegramError, StoreUnavailable):
            await asyncio.sleep(pause_seconds)


async def _accept(channel: TelegramChannel, accept: Callable[[Inbound], Awaitable[object]], update: Update) -> None:
    inbound = await to_inbound(channel, update)
    if inbound is not None:
        await accept(inbound)
        await acknowledge(channel, update)
