"""From workers' corrections to candidate examples: cleaned texts under the intents that they should have been.

One side at a time: no list and no file joins the two. A human reads the file before any of it is learned.
Knows no screen and no command line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.anonymise import WHY, Known, LeftOut, clean
from hub.core import Hub
from hub.exact_replies import ExactReplies, Rule
from hub.names_around import names_around
from hub.ports import Turn
from hub.states import CORRECTION_MOVES, CorrectionState, check_move
from hub.store import audit
from hub.store.loading import TO_TALK
from hub.store.tables import Conversation, Correction, Message, Person, TurnRecord
from hub.words import Awaiting, Side

NO_INTENT = "no_intent"
REVIEWED = "reviewed"  # a reviewer said no
REASONS: dict[str, str] = {
    **{reason.value: words for reason, words in WHY.items()},
    NO_INTENT: "that meaning comes from our question alone: no example can teach it",
    REVIEWED: "a reviewer said no",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A correction as an example. `left_out` is empty where `text` and `intent` may be learned."""

    id: int
    at: datetime
    language: str
    awaiting: Awaiting
    understood: tuple[str, ...]
    meant: str
    intent: str
    text: str
    left_out: str  # a key of REASONS


async def candidates(hub: Hub, session: AsyncSession, side: Side, ordinary: frozenset[str]) -> list[Candidate]:
    """What is not yet exported, oldest first. `ordinary`: words that are nobody's name, as `hub.anonymise.form`s."""
    wanted = (
        select(Correction, Message)
        .join(Message, Message.id == Correction.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Correction.state == CorrectionState.NEW, Conversation.side == side)
        .order_by(Correction.id)
        .with_for_update(of=Correction)
    )
    found = (await session.execute(wanted)).all()
    return [await _candidate(hub, session, correction, message, ordinary) for correction, message in found]


async def settle(hub: Hub, session: AsyncSession, actor: str, done: Iterable[Candidate]) -> None:
    """Exported, or rejected with the reason: none of them comes again until somebody corrects that text again."""
    for each in done:
        correction = await session.get_one(Correction, each.id)
        after = CorrectionState.REJECTED if each.left_out else CorrectionState.EXPORTED
        correction.state = check_move(CORRECTION_MOVES, correction.state, after)
        correction.reason = each.left_out
        audit.record(session, hub.clock.now(), actor, f"correction_{after}", f"message:{correction.message_id}")


def intent_for(exact: ExactReplies, meant: str, turn: Turn) -> str | None:
    """What the assistant should have read so that the rules come to that command; None when no words can say it.

    A number is read and not learned, so that rules for numbers are no help; an "ok" that says yes is taught as a yes.
    """
    if any(meant in rule.intents for rule in exact.rules):
        return meant
    says = [rule for rule in exact.rules if [response.do for response in rule.says] == [meant]]
    intents = {intent for rule in says for intent in rule.intents if _leads(exact, intent, rule, turn)}
    return next(iter(intents - {"acknowledge"})) if len(intents - {"acknowledge"}) == 1 else None


def as_training_data(found: Sequence[Candidate]) -> str:
    """Rasa's YAML, one block for an intent of a language, each text once."""
    blocks: dict[tuple[str, str], dict[str, None]] = {}
    for each in sorted(found, key=lambda each: (each.language, each.intent, each.id)):
        blocks.setdefault((each.language, each.intent), {})[each.text] = None
    lines = ["# Candidates from workers' corrections: read each before you move it to its file.", 'version: "3.1"', ""]
    lines += ["nlu:"] if blocks else ["nlu: []"]
    for (language, intent), texts in blocks.items():
        lines += [f"  - intent: {intent}  # {language}", "    examples: |", *(f"      - {text}" for text in texts)]
    return "\n".join(lines) + "\n"


def _leads(exact: ExactReplies, intent: str, rule: Rule, turn: Turn) -> bool:
    return not intent.startswith("option_") and intent != "number" and exact.rule_for(intent, turn) is rule


async def _candidate(
    hub: Hub, session: AsyncSession, correction: Correction, message: Message, ordinary: frozenset[str]
) -> Candidate:
    conversation = await session.get_one(Conversation, message.conversation_id, options=TO_TALK)
    person = conversation.person
    awaiting = await _awaiting(session, message.id)
    turn = Turn(str(conversation.id), "", awaiting, person.role, person.language)
    intent = intent_for(hub.flows.exact, correction.meant, turn) or ""
    text = await _cleaned(hub, session, person, message, ordinary)
    return Candidate(
        id=correction.id,
        at=correction.at,
        language=person.language,
        awaiting=awaiting,
        understood=tuple(correction.understood),
        meant=correction.meant,
        intent=intent,
        text="" if isinstance(text, LeftOut) else text,
        left_out=text.value if isinstance(text, LeftOut) else "" if intent else NO_INTENT,
    )


async def _awaiting(session: AsyncSession, message_id: int) -> Awaiting:
    wanted = select(TurnRecord.awaiting).where(TurnRecord.message_id == message_id).order_by(TurnRecord.id).limit(1)
    return await session.scalar(wanted) or Awaiting.NOTHING


async def _cleaned(
    hub: Hub, session: AsyncSession, person: Person, message: Message, ordinary: frozenset[str]
) -> str | LeftOut:
    if person.wrapped_key is None or message.body_sealed is None:
        return LeftOut.ERASED
    agencies = (person.agency.name, person.agency.short_name)
    text = hub.vault.open_person_key(person.wrapped_key).open(message.body_sealed, "body")
    return clean(text, Known.of(await names_around(hub, session, person), agencies, ordinary), ordinary)
