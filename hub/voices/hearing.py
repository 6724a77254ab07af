"""The machine's turn: one voice message after another, written down as a draft. No transaction is open meanwhile.

    hear_next()   claim → the machine listens → the draft is kept, looked at for words of danger, and read back

A message that the machine cannot do is tried again later, behind the others, and then left to a human, who has it in
the inbox all the time. Knows no model: `hub.ports.Transcriber`.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.commands import carry_out
from hub.core import Hub
from hub.errors import NotHeard
from hub.escalations import cries_for_help
from hub.handling import Handling
from hub.people import conversation_for
from hub.ports import Command, Transcriber
from hub.prompts import open_prompt
from hub.store import audit
from hub.store.notify import CHANGED, notify
from hub.store.tables import Conversation, MediaFile, Message, Person, StatementAnswer, VoiceDraft
from hub.voices import drafts, reading_back
from hub.voices.states import VoiceState

log = structlog.get_logger()

MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=15)  # longer than the machine is given; after it, whoever had it has crashed
AGAIN_AFTER = timedelta(minutes=1)
_ALONE = {"of": Conversation}


@dataclass(frozen=True, slots=True)
class _Claimed:
    draft_id: int
    sound: bytes


async def hear_next(hub: Hub) -> bool:
    """False when none waits."""
    if hub.transcriber is None:
        return await _nobody_hears(hub)
    claimed = await _claim(hub)
    if isinstance(claimed, bool):
        return claimed
    try:
        words = await hub.transcriber.transcribe(claimed.sound)
    except NotHeard as problem:
        log.warning("voice_not_heard", draft=claimed.draft_id, problem=problem.detail)
        await _not_heard(hub, claimed.draft_id)
        return True
    await _keep(hub, hub.transcriber, claimed.draft_id, words)
    return True


async def _claim(hub: Hub) -> _Claimed | bool:
    """The one that was tried least and waits longest. True: one was given up on; False: none waits."""
    now = hub.clock.now()
    waits = select(VoiceDraft).where(VoiceDraft.state == VoiceState.WAITING, VoiceDraft.due_at <= now)
    oldest = waits.order_by(VoiceDraft.attempts, VoiceDraft.id).limit(1)
    async with hub.store.transaction() as session:
        draft = await session.scalar(oldest.with_for_update(skip_locked=True, of=VoiceDraft))
        if draft is None:
            return False
        person = await session.get_one(Person, draft.media.person_id)
        sealed = draft.media.content_sealed
        if draft.attempts >= MOST_ATTEMPTS or person.wrapped_key is None or sealed is None:
            drafts.move(hub, draft, VoiceState.FAILED)
            return True
        draft.attempts, draft.due_at = draft.attempts + 1, now + LEASE
        return _Claimed(draft.id, hub.vault.open_person_key(person.wrapped_key).open_bytes(sealed, "file"))


async def _not_heard(hub: Hub, draft_id: int) -> None:
    async with hub.store.transaction() as session:
        draft = await session.get_one(VoiceDraft, draft_id)
        draft.due_at = hub.clock.now() + AGAIN_AFTER * draft.attempts
        if draft.attempts >= MOST_ATTEMPTS and draft.state is VoiceState.WAITING:
            drafts.move(hub, draft, VoiceState.FAILED)


async def _keep(hub: Hub, transcriber: Transcriber, draft_id: int, words: str) -> None:
    async with hub.store.transaction() as session:
        draft = await session.get_one(VoiceDraft, draft_id, with_for_update={"of": VoiceDraft})
        person = await session.get_one(Person, draft.media.person_id)
        if draft.state is not VoiceState.WAITING or person.wrapped_key is None:
            return  # two had it, or the person was erased meanwhile
        draft.model = transcriber.name
        drafts.move(hub, draft, VoiceState.HEARD if words else VoiceState.FAILED)
        if words:
            draft.words_sealed = hub.vault.open_person_key(person.wrapped_key).seal(words, "voice")
        audit.record(
            session, hub.clock.now(), "hub", "voice_heard", f"media:{draft.media_id}", person_id=person.id,
            words=len(words.split()), model=transcriber.name,
        )  # fmt: skip
        await session.flush()
        conversation = await _conversation_of(session, draft.media, person)
        if conversation and words:
            await _go_on(hub, session, conversation, draft, words)


async def _go_on(hub: Hub, session: AsyncSession, conversation: Conversation, draft: VoiceDraft, words: str) -> None:
    """Words of danger are words of danger, whoever wrote them down; a draft of nothing of the kind is read back."""
    now = hub.clock.now()
    prompt = await open_prompt(session, conversation.id, now)
    message = await session.get(Message, draft.media.message_id) if draft.media.message_id else None
    handling = Handling(hub, session, conversation, message, words, prompt, now, by_machine=True)
    for danger in hub.flows.safety.match(words):
        await carry_out(handling, Command(danger))
    notify(session, CHANGED, str(conversation.id))
    crying = handling.quiet or await cries_for_help(session, conversation.person_id)
    if not crying and not await _answers_a_question(session, draft):
        await reading_back.offer(handling, draft)


async def _conversation_of(session: AsyncSession, file: MediaFile, person: Person) -> Conversation | None:
    """Locked: a text of theirs that is handled at this moment comes before this or after it."""
    if file.message_id is None:
        found = await conversation_for(session, person)
        return await session.get_one(Conversation, found.id, with_for_update=_ALONE) if found else None
    message = await session.get_one(Message, file.message_id)
    return await session.get_one(Conversation, message.conversation_id, with_for_update=_ALONE)


async def _answers_a_question(session: AsyncSession, draft: VoiceDraft) -> bool:
    """Of a statement: it is read back with the rest of that."""
    of_statement = select(StatementAnswer.id).where(StatementAnswer.media_id == draft.media_id).limit(1)
    return await session.scalar(of_statement) is not None


async def _nobody_hears(hub: Hub) -> bool:
    """No machine is set up any more."""
    async with hub.store.transaction() as session:
        waiting = update(VoiceDraft).where(VoiceDraft.state == VoiceState.WAITING)
        left = waiting.values(state=VoiceState.UNHEARD, state_at=hub.clock.now(), reason="no_model")
        return bool((await session.scalars(left.returning(VoiceDraft.id))).all())
