"""What Telegram says has happened, as `Inbound`. Must not know what the hub does with it."""

import json
from typing import Any

import httpx
from telegram import Location, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from hub.errors import BadFile, FileTooLarge
from hub.places import PLACE_TYPE
from hub.ports import Inbound, Media
from integrations.channels.limited_download import MAX_BYTES, download
from integrations.channels.telegram.channel import TelegramChannel

TELLING = ["message", "callback_query"]  # the updates that we ask for; an edit does not change an answer


def parse(channel: TelegramChannel, said: dict[str, Any]) -> Update:
    """Raises `ValueError` when it is not an update."""
    try:
        update = Update.de_json(said, channel.bot)
        int(update.update_id)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("This is not an update of Telegram's Bot API.") from error
    return update


async def to_inbound(channel: TelegramChannel, update: Update) -> Inbound | None:
    """The text, or the tap on a button as text. None for groups, edits and everything else.

    An update has one id however often it is delivered, so that id is the message's.
    """
    message = _private(update)
    if message is None:
        return None
    tapped = update.callback_query
    return Inbound(
        line_address=channel.line_address,
        channel=channel.kind,
        sender=str(message.chat.id),
        provider_message_id=str(update.update_id),
        text=(tapped.data or "") if tapped else (message.text or message.caption or ""),
        received_at=channel.clock.now(),
        sent_at=None if tapped else message.date,  # a tapped message's date is that of our question
        media=() if tapped else await _media(channel, message),
    )


async def acknowledge(channel: TelegramChannel, update: Update) -> None:
    """Stop the little clock on a tapped button. It is only a courtesy: a failure changes nothing."""
    if update.callback_query is not None:
        try:
            await channel.bot.answer_callback_query(update.callback_query.id)
        except TelegramError:
            return


def _private(update: Update) -> Message | None:
    found = update.callback_query.message if update.callback_query else update.message
    return found if isinstance(found, Message) and found.chat.type == ChatType.PRIVATE else None


async def _media(channel: TelegramChannel, message: Message) -> tuple[Media, ...]:
    attached: Any = message.effective_attachment
    if attached is None:
        return ()
    if isinstance(attached, Location):
        return (_place(attached),)
    if message.photo:
        return (await _file(channel, message.photo[-1], "image/jpeg"),)  # Telegram lists the largest last
    if message.document or message.voice or message.audio:
        return (await _file(channel, attached, attached.mime_type or ""),)
    kind = type(attached).__name__.lower()  # a sticker, a film, a contact: nothing that we can use as proof
    return (Media(b"", f"telegram/{kind}", refused=BadFile().code),)


def _place(place: Location) -> Media:
    """A shared place stays out of the text, because texts are shown in lists."""
    point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return Media(json.dumps(point).encode(), PLACE_TYPE, "place")


async def _file(channel: TelegramChannel, attached: Any, declared_type: str) -> Media:
    name = getattr(attached, "file_name", "") or ""
    if (attached.file_size or 0) > MAX_BYTES:
        return Media(b"", declared_type, name, refused=FileTooLarge().code)
    try:
        path = (await channel.bot.get_file(attached.file_id)).file_path or ""
    except TelegramError as error:
        # The Bot API itself gives bots files of up to 20 MB (https://core.telegram.org/bots/api#getfile).
        refused = FileTooLarge if "too big" in error.message.lower() else BadFile
        return Media(b"", declared_type, name, refused=refused().code)
    return await download(path, declared_type, name=name, allowed=lambda url: _ours(channel, url))


def _ours(channel: TelegramChannel, url: httpx.URL) -> bool:
    return str(url).startswith(channel.file_base_url)
