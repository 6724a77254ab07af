"""What is to be done about a text: the ladder from certain to likely. Reads, asks, changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from hub.arrivals import PROVIDER_KEYWORD
from hub.core import Hub
from hub.errors import AssistantUnavailable
from hub.escalations import SAFETY_REASONS
from hub.flows import Flows
from hub.ports import Assistant, Command, Decision, Turn
from hub.return_words import says
from hub.roll_words import MOST, away
from hub.sms import sanitise
from hub.store.tables import Conversation, Message, Prompt
from hub.words import Awaiting

LONGEST_TURN = 1000  # characters that the assistant reads; the human reads them all
ASSISTANT_DOWN = "assistant_down"

# Keywords that work while a human holds the conversation; of the others the human decides.
WHOEVER_HOLDS = frozenset({"stop_messages", "start_messages", "help"})
# Every question of ours can be left: those of a check-in too, whose rules know only answers.
CHECKING_IN = frozenset({Awaiting.CHECK_IN_FEELING, Awaiting.CHECK_IN_HELP})
LEAVING = {"skip": "skip_question", "pause": "pause_survey"}

# What somebody tells about these is kept in their own words, whatever is off and whatever the words cry for.
ACCOUNTS = frozenset({"statement", "voice_draft"})

SURE_OF_A_SECOND_CRY = 0.6  # below it, the words of danger that were found say it better than the assistant

# Beside a cry for help these add nothing: a human has the whole text already, and the answer has been given.
BESIDE_A_CRY = frozenset(
    {"acknowledge", "ask_support_services", "greet", "insult", "not_safe_to_talk", "out_of_scope", "report_change"}
    | {"report_doing_well", "report_struggling", "speak_to_person", "thank", "not_understood", "answer_text"}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """One text and where it fell."""

    text: str
    turn: Turn
    conversation_id: int = 0
    message_id: int = 0
    human_holds: bool = False
    known: bool = True
    has_file: bool = False
    provider_keyword: str = ""
    about: str = ""  # the kind of what the open question is about


TAKE_DOWN = Decision((Command("answer_text"),), "exact")


def situation(
    hub: Hub, conversation: Conversation, message: Message, prompt: Prompt | None, *, has_file: bool
) -> Situation:
    person = conversation.person
    body = hub.vault.open_person_key(person.wrapped_key or b"").open(message.body_sealed or b"", "body")
    words = sanitise(body)
    return Situation(
        conversation_id=conversation.id,
        message_id=message.id,
        text=words,
        turn=Turn(
            conversation=str(conversation.id),
            text=words[:LONGEST_TURN],
            awaiting=prompt.awaiting if prompt else Awaiting.NOTHING,
            role=person.role,
            language=person.language,
        ),
        human_holds=conversation.holder_id is not None,
        known=person.known,
        has_file=has_file,
        about=prompt.subject_kind if prompt else "",
        provider_keyword=message.reason.removeprefix(PROVIDER_KEYWORD) if message.reason else "",
    )


async def in_order(flows: Flows, assistant: Assistant, situation: Situation) -> AsyncIterator[Decision]:
    """What is to be done, in order. A cry for help comes first, before anything waits for a model; then the rest."""
    certain = at_once(flows, situation)
    if certain is None:
        yield await by_assistant(assistant, situation)
        return
    yield certain
    if certain.decided_by == "safety" and is_account(situation):
        yield TAKE_DOWN
    elif certain.decided_by == "safety":
        rest = beside(flows, situation)
        likely = await by_assistant(assistant, rest) if rest.text else Decision((), "nothing_else")
        yield beside_a_cry(likely, certain)


def beside(flows: Flows, situation: Situation) -> Situation:
    """The same situation, with what the text says besides its words of danger."""
    words = flows.safety.without_hits(situation.text)
    return replace(situation, text=words, turn=replace(situation.turn, text=words[:LONGEST_TURN]))


def at_once(flows: Flows, situation: Situation) -> Decision | None:
    """All that needs no model; None when only the assistant can tell."""
    for step in (_keyword, _safety, _human, _unknown, _file, _empty, _back, _roll, _exact, _left):
        decision = step(flows, situation)
        if decision:
            return decision
    return None


async def by_assistant(assistant: Assistant, situation: Situation) -> Decision:
    """The assistant's decision; when it is off, the text goes to a human with that as the reason."""
    if situation.human_holds:
        return Decision((), "human")
    try:
        decision = await assistant.decide(situation.turn)
    except AssistantUnavailable:
        if is_account(situation):
            return TAKE_DOWN
        return Decision((Command(ASSISTANT_DOWN),), ASSISTANT_DOWN, confidence=0.0)
    return of_an_account(decision) if is_account(situation) else decision


def of_an_account(decision: Decision) -> Decision:
    """Who tells of violence sounds like a cry for help to the assistant, nearly every time. Words of danger were looked
    for before; of a mere guess a human reads, and the telling goes on."""
    if not any(command.do in SAFETY_REASONS for command in decision.commands):
        return decision
    return replace(decision, commands=(Command("answer_text", {"worries": "yes"}),))


def is_account(situation: Situation) -> bool:
    return situation.about in ACCOUNTS and situation.turn.awaiting is Awaiting.SURVEY_TEXT


def beside_a_cry(likely: Decision, cry: Decision) -> Decision:
    """What else is to be done, less what the cry has said already."""
    found = {command.do for command in cry.commands} | BESIDE_A_CRY
    if likely.confidence < SURE_OF_A_SECOND_CRY:
        found |= SAFETY_REASONS
    return replace(likely, commands=tuple(command for command in likely.commands if command.do not in found))


def _keyword(flows: Flows, situation: Situation) -> Decision | None:
    provider = {"STOP": "stop_messages", "START": "start_messages", "HELP": "help"}.get(situation.provider_keyword)
    found = provider or flows.keywords.match(situation.text)
    # "yes" restarts texts at Twilio and is also our word for "I will come": with a question open, it answers that.
    if not found or (found == "start_messages" and _is_asked(situation) and not _is_start(situation)):
        return None
    if situation.human_holds and found not in WHOEVER_HOLDS:
        return None
    entities = {"provider_replied": "yes"} if provider else {}
    return Decision((Command(found, entities),), "keyword")


def _is_asked(situation: Situation) -> bool:
    return situation.turn.awaiting is not Awaiting.NOTHING


def _is_start(situation: Situation) -> bool:
    return situation.text.strip().casefold().startswith(("start", "unstop"))


def _safety(flows: Flows, situation: Situation) -> Decision | None:
    dangers = flows.safety.match(situation.text)
    return Decision(tuple(Command(name) for name in dangers), "safety") if dangers else None


def _human(_flows: Flows, situation: Situation) -> Decision | None:
    return Decision((), "human") if situation.human_holds else None


def _unknown(_flows: Flows, situation: Situation) -> Decision | None:
    return None if situation.known else Decision((Command("unknown_sender"),), "unknown_sender")


def _file(_flows: Flows, situation: Situation) -> Decision | None:
    return Decision((Command("give_photo"),), "file") if situation.has_file else None


def _empty(_flows: Flows, situation: Situation) -> Decision | None:
    return None if situation.text else Decision((Command("text_empty"),), "empty")


def _exact(flows: Flows, situation: Situation) -> Decision | None:
    return flows.exact.decide(situation.turn)


def _left(flows: Flows, situation: Situation) -> Decision | None:
    """SKIP and LATER in a check-in."""
    found = flows.exact.replies.match(situation.turn) if situation.turn.awaiting in CHECKING_IN else None
    if found is None or found[0] not in LEAVING:
        return None
    return Decision((Command(LEAVING[found[0]]),), "exact", intent=found[0])


def _back(_flows: Flows, situation: Situation) -> Decision | None:
    """“Home now”, where that is what was asked."""
    said = says(situation.text) if situation.about == "return_check" else None
    return None if said is None else Decision((Command("answer_yes" if said else "answer_no"),), "exact")


def _roll(_flows: Flows, situation: Situation) -> Decision | None:
    """Numbers of those who did not come, where that is what was asked."""
    if situation.about != "session_roll" or away(situation.text, MOST) is None:
        return None
    return Decision((Command("answer_text"),), "exact")
