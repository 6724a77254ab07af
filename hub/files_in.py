"""The files of a text, made clean before a command sees them: what they are, and what they tell beside it.

A place or time inside a photo is compared with the appointment at once; only bands and minutes are kept. Knows nothing
of what a file proves.
"""

from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, files_given, places, proof_giving
from hub.core import Hub
from hub.errors import BadFile, ScannerAway
from hub.handling import Handling
from hub.photos import WAITS
from hub.ports import CleanFile
from hub.prompts import open_prompt
from hub.store.tables import Conversation, MediaFile, Message
from hub.voices import drafts

AT_ONCE = 20  # waiting files in one transaction


async def clean_files(handling: Handling) -> None:
    """Replace what came by what it really is, re-encoded; a file that is not one is refused and not kept."""
    if handling.message is None:
        return
    wanted = select(MediaFile).where(MediaFile.message_id == handling.message.id, MediaFile.sha256.is_(None))
    for file in (await handling.session.scalars(wanted)).all():
        if file.content_sealed is not None:
            await _clean(handling, file, handling.key.open_bytes(file.content_sealed, "file"))


async def scan_waiting(hub: Hub, session: AsyncSession) -> int:
    """Try again what waited for the scanner, and go on as if it had just come. Returns how many went through."""
    wanted = select(MediaFile).where(MediaFile.refused == WAITS, MediaFile.message_id.is_not(None))
    done = 0
    for file in (await session.scalars(wanted.order_by(MediaFile.id).limit(AT_ONCE).with_for_update())).all():
        message = await session.get_one(Message, file.message_id)
        conversation = await session.get_one(Conversation, message.conversation_id)
        now = hub.clock.now()
        prompt = await open_prompt(session, conversation.id, now)
        handling = Handling(hub, session, conversation, message, "", prompt, now)
        await _clean(handling, file, handling.key.open_bytes(file.content_sealed or b"", "file"))
        if file.refused == WAITS:
            break  # the scanner is away still
        done += 1
        if conversation.holder_id is None:
            await files_given.give(handling)
        waiting = await escalations.find_open(session, conversation.id, "file_waits")
        if waiting:
            await escalations.withdraw(session, waiting, "scanned", now)
    return done


async def _clean(handling: Handling, file: MediaFile, raw: bytes) -> None:
    if file.content_type == places.PLACE_TYPE:
        return await _keep_band(handling, file, raw)
    try:
        clean = await handling.hub.files.clean(raw, file.content_type)
    except ScannerAway:
        file.refused = WAITS  # kept sealed as it came, shown to nobody, and tried again
        return None
    except BadFile as refused:
        file.sha256, file.refused, file.content_sealed = sha256(raw).digest(), refused.code, None
        return None
    file.sha256, file.refused = sha256(raw).digest(), ""
    file.content_sealed = handling.key.seal(clean.content, "file")
    if clean.seconds is not None:  # what a human hears is a copy; what came is evidence
        file.original_sealed, file.original_type = handling.key.seal(raw, "file"), file.content_type
        file.seconds = clean.seconds
    file.content_type, file.likeness = clean.content_type, clean.likeness
    file.checks = await _beside(handling, clean)
    _keep_point(handling, file, clean.place)
    if clean.seconds is not None:
        await drafts.begin(handling.hub, handling.session, file, handling.person)


async def _keep_band(handling: Handling, file: MediaFile, raw: bytes) -> None:
    """A shared place: near or not, and how far; then the place itself is forgotten."""
    point = places.read_point(raw)
    file.content_sealed = None
    if point is None:
        file.refused = BadFile().code
        return
    file.checks = await _beside(handling, CleanFile(b"", file.content_type, place=point))
    _keep_point(handling, file, point)


async def _beside(handling: Handling, clean: CleanFile) -> dict[str, Any]:
    """What a file tells of where and when, beside the appointment that it is likely for."""
    appointment = await proof_giving.appointment_near(handling)
    if appointment is None:
        return {}
    found = await places.compare(handling.session, clean.place, appointment) if clean.place else {}
    if clean.taken_at:
        taken = clean.taken_at
        if taken.tzinfo is None:  # a camera's clock on the wall
            taken = taken.replace(tzinfo=ZoneInfo(handling.agency.time_zone))
        found["taken"] = round((taken - appointment.starts_at).total_seconds() / 60)
    return found


def _keep_point(handling: Handling, file: MediaFile, point: places.Point | None) -> None:
    if point and handling.agency.keeps_point:
        file.point_sealed = handling.key.seal(f"{point[0]:.5f}, {point[1]:.5f}", "point")
