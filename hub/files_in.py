"""The files of a text, made clean before a command sees them: what they are, and what they tell beside it.

No connection to the database is held while a scanner thinks. A place or time inside a photo is compared with the
appointment at once; only bands and minutes are kept. Knows nothing of what a file proves.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, files_given, places, proof_giving
from hub.core import Hub
from hub.errors import BadFile, ScannerAway
from hub.handling import Handling
from hub.photos import WAITS
from hub.ports import CleanFile
from hub.prompts import open_prompt
from hub.store.tables import Conversation, MediaFile, Message, Person
from hub.voices import drafts

AT_ONCE = 20  # waiting files in one round
PATIENCE = 2  # files of a round that the scanner may leave without an answer, each of them 20 seconds
_NOT_LOOKED_AT = MediaFile.sha256.is_(None) & MediaFile.content_sealed.is_not(None)


@dataclass(frozen=True, slots=True)
class _Came:
    """A file as it came."""

    content: bytes
    declared_type: str


Found = CleanFile | BadFile | ScannerAway
Then = Callable[[Handling], Awaitable[None]]


async def clean_files(hub: Hub, message_id: int) -> None:
    """Replace what came by what it really is, re-encoded; a file that is not one is refused and not kept."""
    new = (MediaFile.message_id == message_id) & (MediaFile.refused == "") & _NOT_LOOKED_AT
    for file_id in await _ids(hub, new, 100):
        if not await _clean(hub, file_id):
            return await _let_wait(hub, new)  # asked for each in turn, a silent scanner would hold up the text


async def scan_waiting(hub: Hub) -> int:
    """Try again what waited for the scanner, and go on as if it had just come. Returns how many went through.

    Those that the scanner has left without an answer most often come last: they stand in front of nobody.
    """
    waiting = (MediaFile.refused == WAITS) & MediaFile.message_id.is_not(None) & _NOT_LOOKED_AT
    done = unanswered = 0
    for file_id in await _ids(hub, waiting, AT_ONCE):
        if await _clean(hub, file_id, _go_on):
            done += 1
        else:
            unanswered += 1
        if unanswered == PATIENCE:
            break
    return done


async def _ids(hub: Hub, wanted: ColumnElement[bool], most: int) -> Sequence[int]:
    async with hub.store.transaction() as session:
        found = select(MediaFile.id).where(wanted).order_by(MediaFile.scans, MediaFile.id).limit(most)
        return (await session.scalars(found)).all()


async def _clean(hub: Hub, file_id: int, then: Then | None = None) -> bool:
    """Read, look inside without the database, keep. False when the scanner gave no answer."""
    async with hub.store.transaction() as session:
        came = await _as_it_came(hub, session, file_id)
    if came is None:
        return True
    found = await _look_inside(hub, came)
    async with hub.store.transaction() as session:
        wanted = select(MediaFile).where(MediaFile.id == file_id, _NOT_LOOKED_AT).with_for_update()
        file = await session.scalar(wanted)
        if file is None:  # another worker was faster
            return True
        handling = await _handling(hub, session, file)
        await _keep(handling, file, came, found)
        if then and file.refused != WAITS:
            await then(handling)
    return not isinstance(found, ScannerAway)


async def _as_it_came(hub: Hub, session: AsyncSession, file_id: int) -> _Came | None:
    columns = (MediaFile.content_sealed, MediaFile.content_type, Person.wrapped_key)
    wanted = select(*columns).join(Person, Person.id == MediaFile.person_id)
    row = (await session.execute(wanted.where(MediaFile.id == file_id, _NOT_LOOKED_AT))).one_or_none()
    if row is None:
        return None
    sealed, declared_type, wrapped_key = row
    key = hub.vault.open_person_key(wrapped_key or b"")
    return _Came(key.open_bytes(sealed or b"", "file"), declared_type)


async def _look_inside(hub: Hub, came: _Came) -> Found:
    if came.declared_type == places.PLACE_TYPE:
        point = places.read_point(came.content)
        return CleanFile(b"", came.declared_type, place=point) if point else BadFile()
    try:
        return await hub.files.clean(came.content, came.declared_type)
    except (BadFile, ScannerAway) as why_not:
        return why_not


async def _handling(hub: Hub, session: AsyncSession, file: MediaFile) -> Handling:
    message = await session.get_one(Message, file.message_id)
    conversation = await session.get_one(Conversation, message.conversation_id)
    now = hub.clock.now()
    return Handling(hub, session, conversation, message, "", await open_prompt(session, conversation.id, now), now)


async def _keep(handling: Handling, file: MediaFile, came: _Came, found: Found) -> None:
    if isinstance(found, ScannerAway):
        file.refused, file.scans = WAITS, file.scans + 1  # kept sealed as it came, shown to nobody, and tried again
        return
    place = came.declared_type == places.PLACE_TYPE
    file.sha256 = None if place else sha256(came.content).digest()
    if isinstance(found, BadFile):
        file.refused, file.content_sealed = found.code, None
        return
    file.refused, file.content_type, file.likeness = "", found.content_type, found.likeness
    if found.seconds is not None:  # what a human hears is a copy; what came is evidence
        file.original_sealed, file.original_type = handling.key.seal(came.content, "file"), came.declared_type
        file.seconds = found.seconds
    # Of a shared place: near or not, and how far; then the place itself is forgotten.
    file.content_sealed = None if place else handling.key.seal(found.content, "file")
    file.checks = await _beside(handling, found)
    _keep_point(handling, file, found.place)
    if found.seconds is not None:
        await drafts.begin(handling.hub, handling.session, file, handling.person)


async def _go_on(handling: Handling) -> None:
    if handling.conversation.holder_id is None:
        await files_given.give(handling)
    waiting = await escalations.find_open(handling.session, handling.conversation.id, "file_waits")
    if waiting:
        await escalations.withdraw(handling.session, waiting, "scanned", handling.now)


async def _let_wait(hub: Hub, those: ColumnElement[bool]) -> None:
    async with hub.store.transaction() as session:
        await session.execute(update(MediaFile).where(those).values(refused=WAITS))


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
