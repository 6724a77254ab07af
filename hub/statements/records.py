"""A statement as rows: asked, answered, changed, confirmed. Used by texts and by the pages alike.

An answer that is changed is kept with the time at which another took its place. What is confirmed is kept as it was
then, sealed, with the SHA-256 of all of it, the files' own among it. Nothing is deleted when a statement is taken back:
whoever holds the phone could have done that, so a human talks with them first. Knows nothing of how it is asked.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import LinkDoesNotWork, MoveNotAllowed, NotFound, SidesMeet
from hub.escalations import escalate
from hub.people import conversation_for
from hub.statements.definition import DONE, Kind, Question, Questions
from hub.statements.states import OPEN, STATEMENT_MOVES, StatementState
from hub.states import check_move
from hub.store import audit
from hub.store.refs import hash_token, new_ref
from hub.store.tables import MediaFile, Person, Statement, StatementAnswer, Worker
from hub.store.vault import Key
from hub.voices import drafts

STAYS_OPEN = timedelta(days=14)
LONGEST = 8000  # characters of one answer that are kept
SKIPPED = "skipped"  # the code of a question that was left out
PAGE = "page"  # as a way; the others are the names of channels


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement stands. `way`: the questions that its answers lead through, the first open one last."""

    way: list[Question]
    answers: dict[str, list[StatementAnswer]]
    open: Question | None


async def ask(hub: Hub, session: AsyncSession, worker: Worker, person: Person, name: str) -> Statement:
    """One that is open already is returned instead.

    Raises
    ------
    NotFound
        when there are no such questions.
    SidesMeet
        when they are for the other side.
    """
    questions = hub.flows.statements.get(name)
    if questions is None:
        raise NotFound(f"(statement {name})")
    if questions.side is not person.side:
        raise SidesMeet
    found = await open_one(session, person.id)
    if found:
        return found
    now = hub.clock.now()
    statement = Statement(
        ref=new_ref(), person_id=person.id, person=person, questions=name, state=StatementState.ASKED, state_at=now,
        asked_at=now, asked_by_id=worker.id, expires_at=now + STAYS_OPEN, version=0,
    )  # fmt: skip
    session.add(statement)
    await session.flush()
    statement.token_hash = hash_token(token(hub, statement))
    record(hub, session, f"worker:{worker.id}", "statement_asked", statement, questions=name)
    return statement


async def open_one(session: AsyncSession, person_id: int) -> Statement | None:
    """The one that can be answered now."""
    wanted = select(Statement).where(Statement.person_id == person_id, Statement.state.in_(OPEN))
    found: Statement | None = await session.scalar(wanted.order_by(Statement.id.desc()).limit(1))
    return found


async def behind(hub: Hub, session: AsyncSession, secret: str, *, lock: bool = False) -> Statement:
    """The one of a link. Raises `LinkDoesNotWork`, for one that has ended as for one that never was."""
    wanted = select(Statement).where(Statement.token_hash == hash_token(secret))
    found: Statement | None = await session.scalar(wanted.with_for_update(of=Statement) if lock else wanted)
    if found is None or found.person.wrapped_key is None or not may_go_on(hub, found):
        raise LinkDoesNotWork
    return found


def may_go_on(hub: Hub, statement: Statement) -> bool:
    return statement.state in OPEN and statement.expires_at > hub.clock.now()


def token(hub: Hub, statement: Statement) -> str:
    """The secret of the link, 120 bits. Made from the master key: it can be shown again, and only its hash is stored.
    A version that is confirmed ends it."""
    secret = hub.vault.index(statement.person.side, "statement_link", f"{statement.ref} {statement.version}")
    return base64.urlsafe_b64encode(secret[:15]).decode()


def link(hub: Hub, statement: Statement) -> str:
    return f"{hub.public_url}/q/{token(hub, statement)}"


def questions_of(hub: Hub, statement: Statement) -> Questions:
    """Raises `NotFound` when the file has gone."""
    found = hub.flows.statements.get(statement.questions)
    if found is None:
        raise NotFound(f"(statement {statement.questions})")
    return found


async def answers_of(session: AsyncSession, statement: Statement) -> Sequence[StatementAnswer]:
    """All that was ever said, in order."""
    wanted = select(StatementAnswer).where(StatementAnswer.statement_id == statement.id).order_by(StatementAnswer.id)
    return (await session.scalars(wanted)).all()


async def standing(hub: Hub, session: AsyncSession, statement: Statement) -> Standing:
    questions = questions_of(hub, statement)
    answers: dict[str, list[StatementAnswer]] = {}
    for answer in await answers_of(session, statement):
        if answer.replaced_at is None:
            answers.setdefault(answer.question, []).append(answer)
    codes = {
        name: next((each.code for each in given if each.code), None)
        for name, given in answers.items()
        if name in questions.questions and is_answered(questions.questions[name], given)
    }
    way = list(questions.path(codes))
    return Standing(way, answers, way[-1] if way[-1].id not in codes else None)


def is_answered(question: Question, given: Sequence[StatementAnswer]) -> bool:
    """A photo alone leaves a question open: more may follow, and words."""
    if question.kind is Kind.FILES:
        return any(each.code in {DONE, SKIPPED} for each in given)
    return any(not is_photo(each) for each in given)


def is_photo(answer: StatementAnswer) -> bool:
    return answer.media is not None and not drafts.is_voice(answer.media)


async def keep(
    hub: Hub,
    session: AsyncSession,
    statement: Statement,
    question: Question,
    way: str,
    *,
    code: str | None = None,
    words: str = "",
    file: MediaFile | None = None,
) -> None:
    """Take an answer. Photos come together; of everything else a later answer takes the place of the one before.

    Raises `MoveNotAllowed` when the statement is over.
    """
    now = hub.clock.now()
    start(hub, session, statement)
    answer = StatementAnswer(
        statement_id=statement.id, question=question.id, code=code, way=way, answered_at=now, media=file,
        words_sealed=_key(hub, statement).seal(words.strip()[:LONGEST], "statement") if words.strip() else None,
    )  # fmt: skip
    if not is_photo(answer):
        await _replace(session, statement, question, now)
    session.add(answer)
    await session.flush()
    if file and drafts.is_voice(file):
        await drafts.begin(hub, session, file, statement.person)


async def skip(hub: Hub, session: AsyncSession, statement: Statement, question: Question, way: str) -> None:
    """Leave it out: every question can be. What was said before stays."""
    found = (await standing(hub, session, statement)).answers.get(question.id, [])
    if not is_answered(question, found):
        await keep(hub, session, statement, question, way, code=SKIPPED)


async def _replace(session: AsyncSession, statement: Statement, question: Question, now: datetime) -> None:
    for before in await answers_of(session, statement):
        if before.question == question.id and before.replaced_at is None and not is_photo(before):
            before.replaced_at = now


def start(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    if statement.state is not StatementState.STARTED:
        set_state(hub, session, statement, StatementState.STARTED, f"person:{statement.person_id}")


def set_state(hub: Hub, session: AsyncSession, statement: Statement, to: StatementState, actor: str) -> None:
    """Raises `MoveNotAllowed`."""
    if statement.state in OPEN and statement.expires_at <= hub.clock.now() and to is not StatementState.EXPIRED:
        raise MoveNotAllowed
    statement.state = check_move(STATEMENT_MOVES, statement.state, to)
    statement.state_at = hub.clock.now()
    record(hub, session, actor, f"statement_{to}", statement)


async def expire_due(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """Close what was open too long; a worker hears of one that was begun. Returns how many."""
    late = select(Statement).where(Statement.state.in_(OPEN), Statement.expires_at <= now).order_by(Statement.id)
    found = (await session.scalars(late.with_for_update(skip_locked=True, of=Statement))).all()
    for statement in found:
        begun = statement.state is not StatementState.ASKED
        set_state(hub, session, statement, StatementState.EXPIRED, "hub")
        statement.token_hash = None
        conversation = await conversation_for(session, statement.person)
        if begun and conversation:
            await escalate(session, conversation, "statement_open", now, detail=f"statement:{statement.id}")
    return len(found)


def words_of(hub: Hub, statement: Statement, answer: StatementAnswer) -> str:
    return _key(hub, statement).open(answer.words_sealed, "statement") if answer.words_sealed else ""


def record(hub: Hub, session: AsyncSession, actor: str, what: str, statement: Statement, **details: str) -> None:
    about = f"statement:{statement.id}"
    audit.record(session, hub.clock.now(), actor, what, about, person_id=statement.person_id, **details)


def _key(hub: Hub, statement: Statement) -> Key:
    return hub.vault.open_person_key(statement.person.wrapped_key or b"")
