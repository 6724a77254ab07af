"""A statement told on plain pages: the same rows as by text. Words of danger reach a human at once.

Whoever goes on here is not asked by text as well. Knows nothing of how a page looks.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import BadFile
from hub.escalations import escalate
from hub.people import conversation_for
from hub.ports import CleanFile, Media
from hub.statements import records, sealing
from hub.statements.asking import SUBJECT
from hub.statements.definition import DONE, Kind, Question
from hub.statements.records import PAGE
from hub.store.tables import MediaFile, Prompt, Statement, VoiceDraft
from hub.voices import drafts
from hub.voices.states import VoiceState


@dataclass(frozen=True, slots=True)
class Given:
    """What one form brought. Files are as they came."""

    words: str = ""
    choice: str = ""
    files: tuple[Media, ...] = ()
    done: bool = False  # no more photos


async def take(hub: Hub, session: AsyncSession, statement: Statement, question: Question, given: Given) -> bool:
    """Keep what was given. False when that was nothing, or no answer to this question.

    Raises
    ------
    BadFile
        when a file cannot be used; nothing is kept then.
    ScannerAway
        when it cannot be scanned now.
    """
    clean = [(media, await hub.files.clean(media.content, media.declared_type)) for media in given.files]
    if any(media.seconds is not None for _, media in clean) and question.kind is not Kind.WORDS:
        raise BadFile("A voice message cannot be sent here.")
    for media, file in clean:
        kept = await _keep_file(hub, session, statement, media, file)
        await records.keep(hub, session, statement, question, PAGE, file=kept)
    answered = await _keep_answer(hub, session, statement, question, given)
    await go_on_here(hub, session, statement)
    return answered or bool(clean)


async def skip(hub: Hub, session: AsyncSession, statement: Statement, question: Question) -> None:
    await records.skip(hub, session, statement, question, PAGE)
    await go_on_here(hub, session, statement)


def judge(hub: Hub, statement: Statement, draft: VoiceDraft, words: str, *, right: bool) -> None:
    """What the speaker says of a machine's draft: right, or what they said in their own words (empty: listen)."""
    if right and draft.state in {VoiceState.HEARD, VoiceState.ASKED}:
        drafts.move(hub, draft, VoiceState.CONFIRMED)
    elif not right and words.strip():
        drafts.correct(hub, statement.person, draft, words)
    elif not right and draft.state in {VoiceState.HEARD, VoiceState.ASKED}:
        drafts.move(hub, draft, VoiceState.WRONG)


async def confirm(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    await sealing.read_back(hub, session, statement)
    await sealing.confirm(hub, session, statement, PAGE)
    await go_on_here(hub, session, statement)
    await tell_a_human(hub, session, statement, "statement_given")


async def withdraw(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    await sealing.withdraw(hub, session, statement)
    await go_on_here(hub, session, statement)
    await tell_a_human(hub, session, statement, "statement_withdrawn")


async def tell_a_human(hub: Hub, session: AsyncSession, statement: Statement, reason: str) -> None:
    """Somebody without a number has no conversation: then it stands on their page alone."""
    conversation = await conversation_for(session, statement.person)
    if conversation:
        await escalate(session, conversation, reason, hub.clock.now(), detail=f"statement:{statement.id}")


async def go_on_here(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    asked = (Prompt.subject_kind == SUBJECT) & (Prompt.subject_id == statement.id) & Prompt.closed_at.is_(None)
    await session.execute(update(Prompt).where(asked).values(closed_at=hub.clock.now()))


async def _keep_answer(hub: Hub, session: AsyncSession, statement: Statement, question: Question, given: Given) -> bool:
    if question.codes():
        code = question.read(given.choice)
        if code:
            await records.keep(hub, session, statement, question, PAGE, code=code)
        return code is not None
    for reason in worries(hub, given.words):
        await tell_a_human(hub, session, statement, reason)
    if given.done or given.words.strip():
        code = DONE if question.kind is Kind.FILES else None
        await records.keep(hub, session, statement, question, PAGE, code=code, words=given.words)
    return given.done or bool(given.words.strip())


def worries(hub: Hub, words: str) -> tuple[str, ...]:
    """The gravest first; a plea without a word of danger is read by a human too."""
    dangers = hub.flows.safety.match(words)
    return dangers or (("statement_concern",) if hub.flows.safety.is_plea(words) else ())


async def _keep_file(
    hub: Hub, session: AsyncSession, statement: Statement, media: Media, clean: CleanFile
) -> MediaFile:
    key = hub.vault.open_person_key(statement.person.wrapped_key or b"")
    voice = clean.seconds is not None
    file = MediaFile(
        person_id=statement.person_id,
        statement_id=statement.id,
        content_type=clean.content_type,
        content_sealed=key.seal(clean.content, "file"),
        sha256=sha256(media.content).digest(),
        likeness=clean.likeness,
        original_sealed=key.seal(media.content, "file") if voice else None,
        original_type=media.declared_type if voice else "",
        seconds=clean.seconds,
        created_at=hub.clock.now(),
    )
    session.add(file)
    await session.flush()
    return file
