"""What a person confirms: all of their answers as they stand, sealed, with one SHA-256 over it. Knows no page.

A later change makes another version; each stays as it was confirmed.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.statements import records
from hub.statements.definition import Question
from hub.statements.states import StatementState
from hub.store.tables import Statement, StatementAnswer, StatementVersion
from hub.voices import drafts


async def read_back(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    """It lies before the person now."""
    if statement.state is not StatementState.READ_BACK:
        records.start(hub, session, statement)
        records.set_state(hub, session, statement, StatementState.READ_BACK, f"person:{statement.person_id}")


async def confirm(hub: Hub, session: AsyncSession, statement: Statement, way: str) -> StatementVersion:
    """Raises `MoveNotAllowed` when it was not read back."""
    actor = f"person:{statement.person_id}"
    now = hub.clock.now()
    content = await _content(hub, session, statement, way)
    records.set_state(hub, session, statement, StatementState.CONFIRMED, actor)
    statement.version, statement.token_hash = statement.version + 1, None
    version = StatementVersion(
        statement_id=statement.id,
        number=statement.version,
        content_sealed=hub.vault.open_person_key(statement.person.wrapped_key or b"").seal(
            content, "statement_version"
        ),
        digest=sha256(content.encode()).digest(),
        confirmed_at=now,
        way=way,
    )
    session.add(version)
    await session.flush()
    # In the audit too, whose chain is sealed: so the digest itself cannot be changed unseen.
    records.record(hub, session, actor, "statement_sealed", statement, sha256=version.digest.hex())
    return version


async def versions_of(session: AsyncSession, statement: Statement) -> Sequence[StatementVersion]:
    wanted = select(StatementVersion).where(StatementVersion.statement_id == statement.id)
    return (await session.scalars(wanted.order_by(StatementVersion.number))).all()


def opened(hub: Hub, statement: Statement, version: StatementVersion) -> dict[str, Any]:
    """What was confirmed, and whether it is unchanged (`unchanged`)."""
    key = hub.vault.open_person_key(statement.person.wrapped_key or b"")
    content = key.open(version.content_sealed, "statement_version")
    return {**json.loads(content), "unchanged": sha256(content.encode()).digest() == version.digest}


async def withdraw(hub: Hub, session: AsyncSession, statement: Statement) -> None:
    """Taken back by the person. All is kept until a human has talked with them."""
    records.set_state(hub, session, statement, StatementState.WITHDRAWN, f"person:{statement.person_id}")
    statement.token_hash = None
    for version in await versions_of(session, statement):
        version.withdrawn_at = version.withdrawn_at or hub.clock.now()


async def _content(hub: Hub, session: AsyncSession, statement: Statement, way: str) -> str:
    """As JSON in one order, so that the same statement always gives the same SHA-256."""
    where = await records.standing(hub, session, statement)
    language = statement.person.language
    said = [
        await _answer(hub, session, statement, question, answer, language)
        for question in where.way
        for answer in where.answers.get(question.id, [])
    ]
    whole = {
        "statement": statement.ref,
        "version": statement.version + 1,
        "questions": statement.questions,
        "language": language,
        "confirmed_at": hub.clock.now().isoformat(),
        "way": way,
        "answers": said,
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def _answer(
    hub: Hub, session: AsyncSession, statement: Statement, question: Question, answer: StatementAnswer, language: str
) -> dict[str, Any]:
    """With the question as it was put: its words in `flows/` may be others one day."""
    file = answer.media
    draft = await drafts.of(session, file.id) if file else None
    return {
        "question": question.id,
        "asked": question.text.get(language) or question.text["en"],
        "code": answer.code,
        "words": records.words_of(hub, statement, answer),
        "file": {"number": file.id, "sha256": file.sha256.hex() if file.sha256 else ""} if file else None,
        "heard": {"state": draft.state.value, "words": drafts.words_of(hub, statement.person, draft)}
        if draft
        else None,
        "at": answer.answered_at.isoformat(),
        "way": answer.way,
    }
