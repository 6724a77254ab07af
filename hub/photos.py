"""The photo that came with a text: is it usable, was it here before? Knows nothing of what it proves."""

from datetime import timedelta

from sqlalchemy import func, select

from hub.handling import Handling
from hub.store.tables import Appointment, MediaFile, Person, Proof

AGAIN_WITHIN = timedelta(days=7)  # a second bad file in that time is put to a human
_WHY = {"bad_file": "human.why_bad_file", "file_too_large": "human.why_file_too_large"}


async def last_usable(handling: Handling) -> tuple[MediaFile | None, str]:
    """The usable file of this text, or why what came was refused; (None, "") when nothing came."""
    if handling.message is None:
        return None, ""
    came = select(MediaFile).where(MediaFile.message_id == handling.message.id).order_by(MediaFile.id.desc())
    files = (await handling.session.scalars(came)).all()
    usable = next((file for file in files if not file.refused), None)
    return usable, "" if usable or not files else files[0].refused


async def not_usable(handling: Handling, refused: str) -> None:
    """Say how to try again; the second time, a human helps."""
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


async def seen_before(handling: Handling, photo: MediaFile, appointment: Appointment) -> bool:
    """Whether the very same file was given by somebody else, or for another appointment; on this side
    only."""
    others = (
        select(MediaFile.id)
        .join(Person, Person.id == MediaFile.person_id)
        .outerjoin(Proof, Proof.media_id == MediaFile.id)
        .where(
            MediaFile.sha256 == photo.sha256,
            MediaFile.id != photo.id,
            Person.side == handling.person.side,
            (MediaFile.person_id != handling.person.id)
            | (Proof.appointment_id.is_not(None) & (Proof.appointment_id != appointment.id)),
        )
        .limit(1)
    )
    return photo.sha256 is not None and await handling.session.scalar(others) is not None
