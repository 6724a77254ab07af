"""The photo that came with a text: is it usable, was it here before? Knows nothing of what it proves."""

from datetime import timedelta

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import BIT

from hub.handling import Handling
from hub.store.tables import Appointment, MediaFile, Person, Proof

AGAIN_WITHIN = timedelta(days=7)  # a second bad file in that time is put to a human
ALIKE_BITS = 4  # of 64 that may differ in the same picture, made smaller or saved again
WAITS = "waits"  # for the scanner: not refused, and not to be opened yet
_WHY = {
    "bad_file": "human.why_bad_file",
    "file_too_large": "human.why_file_too_large",
    "harmful_file": "human.why_harmful_file",
    "sound_too_long": "voices.why_too_long",
}


async def last_usable(handling: Handling) -> tuple[MediaFile | None, str]:
    """The usable file of this text, or why what came was refused; (None, "") when nothing came."""
    if handling.message is None:
        return None, ""
    came = select(MediaFile).where(MediaFile.message_id == handling.message.id).order_by(MediaFile.id.desc())
    files = (await handling.session.scalars(came)).all()
    usable = next((file for file in files if not file.refused), None)
    return usable, "" if usable or not files else files[0].refused


async def not_usable(handling: Handling, refused: str) -> None:
    """Say how to try again; the second time, a human helps. What waits for the scanner is not sent again."""
    if refused == WAITS:
        await handling.escalate("file_waits")
        return await handling.say("human.file_waits")
    before = select(func.count()).where(
        MediaFile.person_id == handling.person.id,
        MediaFile.refused != "",
        MediaFile.message_id != (handling.message.id if handling.message else None),
        MediaFile.created_at > handling.now - AGAIN_WITHIN,
    )
    if await handling.session.scalar(before):
        await handling.escalate("bad_file", detail=refused)
    why = _WHY.get(refused, _WHY["bad_file"])
    words = handling.texts.template(why, handling.language).text
    await handling.say("human.file_refused", why=words)


async def seen_before(handling: Handling, photo: MediaFile, appointment: Appointment) -> str:
    """ "same" or "alike" when it was given by somebody else, or for another appointment; on this side only."""
    if photo.sha256 is None:
        return ""
    same = MediaFile.sha256 == photo.sha256
    if await _given_elsewhere(handling, photo, appointment, same):
        return "same"
    if photo.likeness is None:
        return ""
    differing = func.bit_count(cast(MediaFile.likeness.bitwise_xor(photo.likeness), BIT(64)))
    return "alike" if await _given_elsewhere(handling, photo, appointment, differing <= ALIKE_BITS) else ""


async def _given_elsewhere(
    handling: Handling, photo: MediaFile, appointment: Appointment, is_it: ColumnElement[bool]
) -> bool:
    others = (
        select(MediaFile.id)
        .join(Person, Person.id == MediaFile.person_id)
        .outerjoin(Proof, Proof.media_id == MediaFile.id)
        .where(
            is_it,
            MediaFile.id != photo.id,
            Person.side == handling.person.side,
            Person.agency_id == handling.person.agency_id,
            (MediaFile.person_id != handling.person.id)
            | (Proof.appointment_id.is_not(None) & (Proof.appointment_id != appointment.id)),
        )
        .limit(1)
    )
    return await handling.session.scalar(others) is not None
