"""A photo that somebody sends on a page: looked at by themselves first, sent, and deleted while nobody has seen it.

Until it is sent it belongs to no message. It is kept as it came, so that the same photo sent twice is found.
Knows no page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import lazyload

from hub import escalations
from hub.core import Hub
from hub.errors import BadFile
from hub.ports import CleanFile, Media
from hub.reasons import REASONS
from hub.states import PROOF_MOVES, MessageState, ProofState, check_move
from hub.store import audit
from hub.store.tables import AuditEvent, Conversation, MediaFile, Message, Person, Proof

CHOSEN_FOR = timedelta(hours=1)  # a photo that nobody sends is not kept
_NOT_SENT = MediaFile.message_id.is_(None) & MediaFile.statement_id.is_(None)  # a statement's own are sent at once
LOOKED_AT = ("proof_viewed", "media_viewed")


class Deleted(StrEnum):
    YES = "yes"
    ON_ITS_WAY = "on_its_way"  # not handled yet
    LOOKED_AT = "looked_at"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """The last photo sent from the page. `due`: when a human will have looked at it."""

    media: MediaFile
    message: Message
    proof: Proof | None
    due: datetime
    looked_at: bool


async def choose(hub: Hub, session: AsyncSession, person_id: int, photo: Media) -> None:
    """Keep it to be looked at by its sender, in place of the one before. `shown` says first whether it can be."""
    person = await session.get_one(Person, person_id)
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    await forget(session, person_id)
    session.add(
        MediaFile(
            person_id=person_id,
            content_type=photo.declared_type,
            content_sealed=key.seal(photo.content, "file"),
            created_at=hub.clock.now(),
        )
    )


async def chosen(session: AsyncSession, person_id: int) -> MediaFile | None:
    """The one that waits to be sent."""
    found: MediaFile | None = await session.scalar(
        select(MediaFile).where(MediaFile.person_id == person_id, _NOT_SENT).limit(1)
    )
    return found


async def opened(hub: Hub, session: AsyncSession, photo: MediaFile) -> Media:
    """As it came."""
    person = await session.get_one(Person, photo.person_id)
    key = hub.vault.open_person_key(person.wrapped_key or b"")
    return Media(key.open_bytes(photo.content_sealed or b"", "file"), photo.content_type, "photo")


async def shown(hub: Hub, photo: Media) -> CleanFile:
    """What the worker would see of it: without place and time. To be called outside a transaction: a scanner may look.

    Raises `BadFile` when it is no photo or PDF, and `ScannerAway`.
    """
    clean = await hub.files.clean(photo.content, photo.declared_type)
    if clean.seconds is not None:
        raise BadFile("This one is a sound.")
    return clean


async def forget(session: AsyncSession, person_id: int) -> None:
    await session.execute(delete(MediaFile).where(MediaFile.person_id == person_id, _NOT_SENT))


async def forget_old(hub: Hub, session: AsyncSession) -> None:
    """Chosen, and not sent."""
    old = hub.clock.now() - CHOSEN_FOR
    await session.execute(delete(MediaFile).where(_NOT_SENT, MediaFile.created_at < old))


async def last_sent(session: AsyncSession, conversation_id: int | None, mark: str) -> SentPhoto | None:
    """`mark` begins the provider's id of messages that come from the page."""
    wanted = (
        select(MediaFile, Message, Proof)
        .join(Message, Message.id == MediaFile.message_id)
        .outerjoin(Proof, Proof.media_id == MediaFile.id)
        .options(lazyload(Proof.appointment))  # joined, it would leave out a photo without a proof
        .where(
            Message.conversation_id == conversation_id, Message.provider_message_id.startswith(mark, autoescape=True)
        )
        .where(MediaFile.content_sealed.is_not(None))
        .order_by(MediaFile.id.desc())
        .limit(1)
    )
    found = (await session.execute(wanted)).first()
    if found is None:
        return None
    media, message, proof = found
    person = await session.get_one(Person, media.person_id)
    due = REASONS["proof_to_check"].due(message.created_at, person.agency)
    return SentPhoto(media, message, proof, due, await _looked_at(session, media, proof))


async def take_back(hub: Hub, session: AsyncSession, conversation: Conversation, sent: SentPhoto | None) -> Deleted:
    """Delete the photo, unless somebody has looked at it. What we asked for is asked for still."""
    if sent is None:
        return Deleted.NOTHING
    if sent.message.state is MessageState.RECEIVED:
        return Deleted.ON_ITS_WAY
    if sent.looked_at:
        return Deleted.LOOKED_AT
    media, proof, now = sent.media, sent.proof, hub.clock.now()
    media.content_sealed, media.sha256, media.refused = None, None, "taken_back"
    media.point_sealed, media.likeness, media.checks = None, None, {}
    if proof:
        proof.state = check_move(PROOF_MOVES, proof.state, ProofState.ASKED)
        proof.media_id, proof.kind, proof.given_at = None, "", None
        proof.checks = {name: value for name, value in proof.checks.items() if name == "wrong_codes"}
    actor, subject = f"person:{media.person_id}", f"media:{media.id}"
    audit.record(session, now, actor, "photo_taken_back", subject, person_id=media.person_id)
    await session.flush()
    await _nothing_to_check(session, conversation, now)
    return Deleted.YES


async def _looked_at(session: AsyncSession, media: MediaFile, proof: Proof | None) -> bool:
    if proof and proof.state is not ProofState.GIVEN:
        return True
    subjects = [f"media:{media.id}", *([f"proof:{proof.id}"] if proof else [])]
    views = select(func.count()).where(
        AuditEvent.person_id == media.person_id, AuditEvent.what.in_(LOOKED_AT), AuditEvent.subject.in_(subjects)
    )
    return bool(await session.scalar(views))


async def _nothing_to_check(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    waiting = select(func.count()).where(Proof.person_id == conversation.person_id, Proof.state == ProofState.GIVEN)
    asked = await escalations.find_open(session, conversation.id, "proof_to_check")
    if asked and not await session.scalar(waiting):
        await escalations.withdraw(session, asked, "taken_back", now)
