"""A statement as a conversation: question by question, read back at the end, confirmed. Keeps no answers itself.

Nothing is said of it before the person has said that now is a good time; each question can be left out (SKIP), put off
(LATER, then MORE) or answered anew (CHANGE). The bot never asks why, and asks nobody to find anything out.
"""

from typing import Any

from hub import when_safe
from hub.answering import Kind as Answer
from hub.handling import Handling
from hub.repair import repair
from hub.statements import asking, reading_back, records
from hub.statements.asking import SUBJECT, question_of, statement_of, way_of
from hub.statements.definition import DONE, Kind, Question
from hub.store.tables import Statement
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Priority

TOPIC = "statement"  # as `hub/when_safe.py` keeps it
FEW_WORDS = 2  # to "more photos?": "no", "that's all", "done thanks" are no account of anything


async def invite(handling: Handling, statement: Statement) -> None:
    """Whether they would, in words that a lock screen may show. Where others may read the phone, no link goes there."""
    await handling.ask(
        "statements.invite",
        Awaiting.SURVEY_YES_NO,
        subject=(SUBJECT, statement.id),
        keep={"step": "invited"},
        lasts=records.STAYS_OPEN,
        priority=Priority.BULK,
        expires_at=statement.expires_at,
        link=records.link(handling.hub, statement),
    )


async def take(handling: Handling, kind: Answer, words: str) -> None:
    statement = await statement_of(handling)
    if statement is None:
        await handling.answered()
        return await handling.say("statements.over")
    match _step(handling):
        case "invited":
            await _invited(handling, statement, kind)
        case "read_back":
            await reading_back.take(handling, statement, kind, words)
        case "which":
            await reading_back.take_which(handling, statement, kind, words)
        case "voice":
            await reading_back.take_voice(handling, statement, kind, words)
        case _:
            await _answer(handling, statement, kind, words)


async def resume(handling: Handling) -> bool:
    """MORE: go on where it stopped. False when no statement is open."""
    statement = await records.open_one(handling.session, handling.person.id)
    if statement is None or not records.may_go_on(handling.hub, statement):
        return False
    await when_safe.tell(handling, TOPIC, statement.id)
    return True


@told_when_safe(TOPIC)
async def go_on_when_safe(handling: Handling, number: int | None) -> None:
    statement = await handling.session.get(Statement, number)
    if statement is None or not records.may_go_on(handling.hub, statement):
        return await handling.say("statements.over")
    await go_on(handling, statement, safe=True)


async def go_on(handling: Handling, statement: Statement, *, safe: bool = False) -> None:
    """The next question; after the last, all of it is read back. After a cry for help nothing is asked: it waits.

    `safe`: they have said just now that it is a good time.
    """
    where = await records.standing(handling.hub, handling.session, statement)
    if handling.quiet:
        return await handling.answered()
    if where.open is None:
        return await (reading_back.tell(handling, statement.id) if safe else reading_back.begin(handling, statement))
    await asking.ask(handling, statement, where.open)


async def _invited(handling: Handling, statement: Statement, kind: Answer) -> None:
    """On a phone that others may read, the invitation itself asked whether now is a good time."""
    if kind is Answer.YES:
        return await go_on(handling, statement)
    await asking.later(handling)


async def _answer(handling: Handling, statement: Statement, kind: Answer, words: str) -> None:
    question = await question_of(handling, statement)
    if kind is Answer.LATER:
        return await asking.later(handling)
    if question is None:
        return await go_on(handling, statement)
    match kind:
        case Answer.CHANGE:
            return await _before(handling, statement, question)
        case Answer.SKIP:
            await records.skip(handling.hub, handling.session, statement, question, way_of(handling))
        case _ if not await _keep(handling, statement, question, kind, words):
            return None
    await go_on(handling, statement)


async def _keep(handling: Handling, statement: Statement, question: Question, kind: Answer, words: str) -> bool:
    """False when it is no answer to this question; then that has been said."""
    said: dict[str, Any] = {"words": words}
    if question.kind is Kind.FILES:
        few = kind is not Answer.WORDS or len(words.split()) <= FEW_WORDS
        said = {"code": DONE, "words": "" if few else words}
    elif question.codes():
        said = {"code": question.read(kind.value if kind in {Answer.YES, Answer.NO} else words)}
        if said["code"] is None:
            options = ", ".join(number for number, _ in question.buttons(handling.language))
            await repair(handling, "surveys.choice_range", options=options)
            return False
    if handling.hub.flows.safety.is_plea(words):
        await handling.escalate("statement_concern", detail=f"statement:{statement.id}")
    await records.keep(handling.hub, handling.session, statement, question, way_of(handling), **said)
    return True


async def _before(handling: Handling, statement: Statement, question: Question) -> None:
    """The question before once more; its answer stands until there is another."""
    where = await records.standing(handling.hub, handling.session, statement)
    names = [each.id for each in where.way]
    place = names.index(question.id) if question.id in names else 0
    if not place:
        return await handling.say("surveys.nothing_to_change")
    await asking.ask(handling, statement, where.way[place - 1])


def _step(handling: Handling) -> str:
    return str(handling.prompt.facts.get("step", "")) if handling.prompt else ""
