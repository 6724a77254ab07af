"""One question of a statement, put as a text; and what the open question is about. Keeps no answers."""

from hub.handling import Handling
from hub.statements import records
from hub.statements.definition import Kind, Question
from hub.statements.states import OPEN
from hub.store.tables import Statement

SUBJECT = "statement"


async def ask(handling: Handling, statement: Statement, question: Question) -> None:
    await handling.ask(
        question.key,
        question.awaiting,
        subject=(SUBJECT, statement.id),
        keep={"question": question.id},
        lasts=max(statement.expires_at - handling.now, records.STAYS_OPEN / 14),
    )


async def file_kept(handling: Handling, statement: Statement, question: Question) -> None:
    """A photo came: another one, or on."""
    text_key = "statements.photo_kept" if question.kind is Kind.FILES else "statements.file_kept"
    await handling.ask(
        text_key, question.awaiting, subject=(SUBJECT, statement.id), keep={"question": question.id}, lasts=None
    )


async def statement_of(handling: Handling) -> Statement | None:
    """The one that the open question is about, while it can be answered."""
    prompt = handling.prompt
    if prompt is None or prompt.subject_kind != SUBJECT or prompt.subject_id is None:
        return None
    found = await handling.session.get(Statement, prompt.subject_id)
    return found if found and found.state in OPEN and records.may_go_on(handling.hub, found) else None


async def question_of(handling: Handling, statement: Statement) -> Question | None:
    """The one that was put last. None while something else is asked: whether they would, or whether it is right."""
    kept = handling.prompt.facts.get("question", "") if handling.prompt else ""
    return records.questions_of(handling.hub, statement).questions.get(kept)


def way_of(handling: Handling) -> str:
    return handling.conversation.line.channel.value


async def later(handling: Handling) -> None:
    await handling.answered()
    await handling.say("statements.later")
