"""What is to be done about a text: the ladder from certain to likely. Reads, asks, changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from hub import safe_check_reading, topic_answers
from hub.arrivals import PROVIDER_KEYWORD
from hub.core import Hub
from hub.errors import AssistantUnavailable
from hub.flows import Flows
from hub.ports import Assistant, Command, Decision, Turn
from hub.reasons import SAFETY_REASONS
from hub.safe_contact import SUBJECT, forbidden
from hub.safe_contact_words import MOST_NAMES, hours_of
from hub.sms import sanitise
from hub.store.tables import Conversation, Message, Prompt
from hub.threads import addressing, deciding
from hub.words import Awaiting, Side

LONGEST_TURN = 4096  # characters that the assistant reads, Telegram's longest; the human reads them all
ASSISTANT_DOWN = "assistant_down"

# Keywords that work while a human holds the conversation; of the others the human decides.
THREAD_WORDS = frozenset({"mute_thread", "unmute_thread", "who_in_thread", "read_thread"})  # of those who have a talk
SAFE_CHECKS = frozenset({"set_safe_check", "move_safe_check", "end_safe_check", "show_safe_check", "report_safe"})
WHOEVER_HOLDS = (
    frozenset({"stop_messages", "start_messages", "help", "leave_thread", "remove_supporter"})
    | SAFE_CHECKS
    | (THREAD_WORDS - {"who_in_thread"})
)
SOMEBODY_ELSE = frozenset({"who_is_this", "wrong_person"})  # on the victims' side these too
# Every question of ours can be left: those of a check-in too, whose rules know only answers.
CHECKING_IN = frozenset({Awaiting.CHECK_IN_FEELING, Awaiting.CHECK_IN_HELP})
LEAVING = {"skip": "skip_question", "pause": "pause_survey"}

# What somebody tells about these is kept in their own words, whatever is off and whatever the words cry for.
ACCOUNTS = frozenset({"statement", "voice_draft"})

# From a supporter who has an open question and a talk: what the assistant takes for an answer is one.
ANSWERS = frozenset(
    {"accept_invitation", "decline_invitation", "answer_yes", "answer_no", "answer_choice", "answer_rating"}
    | {"answer_text", "skip_question", "pause_survey", "decline_survey", "confirm_attendance", "cannot_attend"}
)

SURE_OF_A_SECOND_CRY = 0.6  # below it, the words of danger that were found say it better than the assistant

# Beside a cry for help these add nothing: a human has the whole text already, and the answer has been given. Nor is a
# consent ever read out of what is left of one: of "I want to kill myself" that is "I want to".
BESIDE_A_CRY = frozenset(
    {"accept_invitation", "answer_yes"}
    | {"acknowledge", "ask_support_services", "greet", "insult", "not_safe_to_talk", "out_of_scope", "report_change"}
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
    victims: bool = False  # their side
    silent: bool = False  # nothing goes to this address: it is not safe, or somebody else reads it
    about: str = ""  # the kind of what the open question is about
    circles: int = 0  # in how many they may talk, besides their own
    own_circle: bool = False

    @property
    def for_thread(self) -> str:
        """The command that gives it to those around them, when nothing else claims it; empty: it is not for them."""
        if self.victims or not self.known:
            return ""
        wants_words = self.turn.awaiting is Awaiting.SURVEY_TEXT
        return addressing.command_for(
            self.text, self.turn.role, self.circles, own=self.own_circle, wants_words=wants_words
        )


TAKE_DOWN = Decision((Command("answer_text"),), "exact")


def situation(
    hub: Hub,
    conversation: Conversation,
    message: Message,
    prompt: Prompt | None,
    *,
    has_file: bool,
    circles: int = 0,
    own_circle: bool = False,
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
        victims=conversation.side is Side.VICTIMS,
        silent=bool(forbidden(conversation.contact_point)),
        about=prompt.subject_kind if prompt else "",
        circles=circles,
        own_circle=own_circle,
        provider_keyword=message.reason.removeprefix(PROVIDER_KEYWORD) if message.reason else "",
    )


async def in_order(flows: Flows, assistant: Assistant, situation: Situation) -> AsyncIterator[Decision]:
    """What is to be done, in order. A cry for help comes first, before anything waits for a model; then the rest."""
    certain = at_once(flows, situation)
    if certain is None:
        yield await (_thread if situation.for_thread else by_assistant)(assistant, situation)
        return
    yield certain
    if certain.decided_by == "safety" and situation.silent:
        yield Decision((), "nothing_else")
    elif certain.decided_by == "safety" and is_account(situation):
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
    for step in (
        _silent,
        _if_safe,
        _keyword,
        _safety,
        _safe_check,
        _circle,
        _human,
        _unknown,
        _file,
        _empty,
        _topic,
        _exact,
        _left,
        _safe_contact,
        _invite,
    ):
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


async def _thread(assistant: Assistant, situation: Situation) -> Decision:
    """For those around them, or for their worker alone: after one look of the assistant, which may hear a cry for help
    that no word of danger is in. With the assistant off, the words of danger have been looked for all the same."""
    told = Decision((Command(situation.for_thread),), "thread")
    words = addressing.read(situation.text).words or situation.text
    try:
        heard = await assistant.decide(replace(situation.turn, text=words[:LONGEST_TURN]))
    except AssistantUnavailable:
        return told
    commands = {command.do for command in heard.commands}
    if commands & SAFETY_REASONS:
        return replace(heard, commands=tuple(each for each in heard.commands if each.do in SAFETY_REASONS))
    answers = _is_asked(situation) and situation.about != addressing.SUBJECT and commands & ANSWERS
    return heard if answers and not addressing.read(situation.text).to else told


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


def _silent(flows: Flows, situation: Situation) -> Decision | None:
    """From an address that gets nothing: a cry for help and STOP are heard; of the rest a human reads."""
    if not situation.silent:
        return None
    cry, stop = _safety(flows, situation), _keyword(flows, situation)
    if stop and stop.commands[0].do not in {"stop_messages", "start_messages"}:
        stop = None
    return stop or cry or Decision((Command("kept_silent"),), "silent")


def _if_safe(flows: Flows, situation: Situation) -> Decision | None:
    """A clear answer to “are you safe?”, unless there is more in it: a cry for help is looked for after this."""
    found = safe_check_reading.clear_answer(flows, situation.about, situation.turn)
    return Decision((found,), "exact") if found and not situation.provider_keyword else None


def _safe_check(_flows: Flows, situation: Situation) -> Decision | None:
    """A time that somebody sets, and whatever else they answer to that question or to “are you safe?”."""
    found = safe_check_reading.wish(situation.text) if situation.known else None
    found = found or safe_check_reading.other_answer(situation.about, situation.text)
    return Decision((found,), "exact") if found else None


def _keyword(flows: Flows, situation: Situation) -> Decision | None:
    provider = {"STOP": "stop_messages", "START": "start_messages", "HELP": "help"}.get(situation.provider_keyword)
    found = provider or flows.keywords.match(situation.text)
    # "yes" restarts texts at Twilio and is also our word for "I will come": with a question open, it answers that.
    if not found or (found == "start_messages" and _is_asked(situation) and not _is_start(situation)):
        return None
    if found in THREAD_WORDS and not (situation.circles or situation.own_circle):
        return None
    if situation.human_holds and found not in WHOEVER_HOLDS and not (situation.victims and found in SOMEBODY_ELSE):
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


def _circle(flows: Flows, situation: Situation) -> Decision | None:
    """Around a circle of supporters: a code from anybody, who is to go, the yes before it counts; whoever holds it."""
    return deciding.at_once(flows, situation.about, situation.turn, known=situation.known)


def _invite(_flows: Flows, situation: Situation) -> Decision | None:
    """Whom somebody would like beside them."""
    return deciding.of_talk(situation.about, situation.turn)


def _human(_flows: Flows, situation: Situation) -> Decision | None:
    return Decision((), "human") if situation.human_holds else None


def _unknown(_flows: Flows, situation: Situation) -> Decision | None:
    return None if situation.known else Decision((Command("unknown_sender"),), "unknown_sender")


def _file(_flows: Flows, situation: Situation) -> Decision | None:
    """What is shown or spoken is not passed on to others: nobody has read it for numbers or for a cry for help."""
    command = "keep_file_back" if situation.for_thread else "give_photo"
    return Decision((Command(command),), "file") if situation.has_file else None


def _empty(_flows: Flows, situation: Situation) -> Decision | None:
    return None if situation.text else Decision((Command("text_empty"),), "empty")


def _topic(flows: Flows, situation: Situation) -> Decision | None:
    return topic_answers.at_once(flows, situation.about, situation.turn)


def _exact(flows: Flows, situation: Situation) -> Decision | None:
    """An "ok" to nothing that we asked is for those who talk with them."""
    if situation.for_thread and not _is_asked(situation):
        return None
    return flows.exact.decide(situation.turn)


def _left(flows: Flows, situation: Situation) -> Decision | None:
    """SKIP and LATER in a check-in."""
    found = flows.exact.replies.match(situation.turn) if situation.turn.awaiting in CHECKING_IN else None
    if found is None or found[0] not in LEAVING:
        return None
    return Decision((Command(LEAVING[found[0]]),), "exact", intent=found[0])


def _safe_contact(_flows: Flows, situation: Situation) -> Decision | None:
    """Hours, a name or a code word in their own words, where that is what was asked: no model is needed for it."""
    if situation.about != SUBJECT:
        return None
    asked, words = situation.turn.awaiting, situation.text
    short = asked is Awaiting.SURVEY_TEXT and len(words.split()) <= MOST_NAMES
    if not short and (asked is not Awaiting.SURVEY_CHOICE or hours_of(words) is None):
        return None
    return Decision((Command("answer_text"),), "exact")
