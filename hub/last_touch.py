"""The last touch to what a turn says: after a digression the open question once more; never twice the same in a row.

Works on the messages just queued, so that no command has to think of it. Knows no text's words.
"""

import json

from sqlalchemy import select

from hub import open_question, prompts
from hub.handling import Handling
from hub.ports import Decision
from hub.repair import SAY_AGAIN, give_up
from hub.states import Direction
from hub.store.tables import Message, Prompt
from hub.texts import BEFORE, THEN
from hub.words import Purpose

AS_BEFORE = "human.as_before"

# Questions and asides that leave the open question open. Not among them: what says itself what to do next (codes,
# photos, HELP), and what calls for kindness: to press somebody who struggles, swears or asks for support is unkind.
DIGRESSIONS = frozenset(
    {"ask_when", "ask_where", "ask_what_to_bring", "ask_travel_help", "ask_who_with", "ask_what_if_missed"}
    | {"ask_case_update", "ask_rights", "ask_conditions", "report_condition_done", "ask_extension", "ask_privacy"}
    | {"change_language", "change_hours", "change_channel", "change_number", "invite_supporter", "who_is_this"}
    | {"confirm_attendance", "report_doing_well", "report_change", "greet", "thank", "out_of_scope"}
)


async def last_touch(handling: Handling, decision: Decision, asked: Prompt | None) -> None:
    """`asked` is the question that was open when the text came. Whoever talks with others may be asked "for whom?" as
    often as they name nobody."""
    if handling.message is None or not handling.said or decision.decided_by in {"file", "thread"}:
        return
    before = await _said_before(handling)
    if asked and await _is_left_open(handling, decision, asked):
        await _ask_again(handling, asked, before)
    await _vary(handling, before)


async def _is_left_open(handling: Handling, decision: Decision, asked: Prompt) -> bool:
    if handling.quiet or handling.handed_over or not {c.do for c in decision.commands} <= DIGRESSIONS:
        return False
    now_open = await prompts.open_prompt(handling.session, handling.conversation.id, handling.now)
    return now_open is not None and now_open.id == asked.id


async def _ask_again(handling: Handling, asked: Prompt, before: Message | None) -> None:
    """In the same message, so that no second SMS is paid; not when the message before ended with it, too."""
    shorter = open_question.short_text(handling, asked)
    if before is not None and _facts(handling, before).get(THEN) == shorter:
        return
    last = handling.said[-1]
    _change(handling, last, await open_question.facts_of(handling, asked) | _facts(handling, last) | {THEN: shorter})
    last.choices = open_question.choices_of(handling, asked)


async def _vary(handling: Handling, before: Message | None) -> None:
    """The same as our text before: "as before". A third time helps nobody: a human reads it. What a human has
    anyway is said once."""
    last = handling.said[-1]
    if before is None or last.purpose is Purpose.SAFETY or not _is_same(handling, before, last):
        return
    if not handling.handed_over and _facts(handling, before).get(BEFORE) != AS_BEFORE:
        _change(handling, last, _facts(handling, last) | {BEFORE: AS_BEFORE})
        return
    await handling.session.delete(handling.said.pop())
    if not handling.handed_over:
        await give_up(handling)


def _is_same(handling: Handling, before: Message, last: Message) -> bool:
    """The same sentence with the same facts, said just now."""
    if before.text_key != last.text_key or handling.now - before.created_at > SAY_AGAIN:
        return False
    around = {BEFORE: "", THEN: ""}
    return _facts(handling, before) | around == _facts(handling, last) | around


async def _said_before(handling: Handling) -> Message | None:
    """Our last message before this turn's."""
    newest = (
        select(Message)
        .where(
            Message.conversation_id == handling.conversation.id,
            Message.direction == Direction.OUT,
            Message.id < handling.said[0].id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    found: Message | None = await handling.session.scalar(newest)
    return found


def _facts(handling: Handling, message: Message) -> dict[str, str]:
    sealed = message.facts_sealed
    facts: dict[str, str] = json.loads(handling.key.open(sealed, "facts")) if sealed else {}
    return facts


def _change(handling: Handling, message: Message, facts: dict[str, str]) -> None:
    message.facts_sealed = handling.key.seal(json.dumps(facts), "facts")
