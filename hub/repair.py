"""Not having understood: the options in other words, then HELP, then a human. Never the same sentence twice.

Three steps, as people give up on a bot that asks for the same a third time. Knows nothing of why it was not understood.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hub import open_question
from hub.escalations import find_open
from hub.handling import Handling
from hub.promises import answer_by
from hub.states import Direction
from hub.store.tables import Message
from hub.texts import THEN

MOST_MISUNDERSTOOD = 3  # the third in a row is read by a human
SUMMARY = 3  # texts that the worker is shown with it
SAY_AGAIN = timedelta(hours=1)


async def repair(handling: Handling, first: str = "", **facts: str) -> None:
    """One step further. `first` is what a question says itself to an answer that is none, in place of the options."""
    handling.conversation.misunderstood += 1
    prompt = handling.prompt
    known: dict[str, Any] = await open_question.facts_of(handling, prompt) | facts
    match handling.conversation.misunderstood:
        case 1:
            choices = open_question.choices_of(handling, prompt)
            await handling.say(first or open_question.repair_text(prompt), choices=choices, **known)
        case step if step < MOST_MISUNDERSTOOD:
            await _offer_help(handling, known)
        case _:
            await give_up(handling)


async def give_up(handling: Handling) -> None:
    """A human reads it, with what was asked and the last texts beside it."""
    handling.conversation.misunderstood = 0
    awaiting = handling.prompt.awaiting.value if handling.prompt else "nothing"
    subject = f"conversation:{handling.conversation.id}"
    handling.record("not_understood", subject, asked=awaiting, texts=await _last_texts(handling))
    await pass_on(handling, "not_understood")


async def pass_on(handling: Handling, reason: str) -> None:
    """Say once who will answer and when; five texts in a row do not get five times the same."""
    before = await find_open(handling.session, handling.conversation.id, reason)
    await handling.hand_over(reason)
    if before is None or handling.now - before.opened_at > SAY_AGAIN:
        await handling.say("human.passed_on", answer_by=answer_by(handling, reason))


async def _offer_help(handling: Handling, facts: dict[str, Any]) -> None:
    prompt = handling.prompt
    if prompt:
        facts = facts | {THEN: open_question.short_text(handling, prompt)}
    await handling.say("human.offer_help", choices=open_question.choices_of(handling, prompt), **facts)


async def _last_texts(handling: Handling) -> list[int]:
    """Ids only: the words stay sealed, and go when the person is erased."""
    newest = (
        select(Message.id)
        .where(Message.conversation_id == handling.conversation.id, Message.direction == Direction.IN)
        .order_by(Message.id.desc())
        .limit(SUMMARY)
    )
    return sorted((await handling.session.scalars(newest)).all())
