"""What a text means beside “are you safe?”, before any model: an answer to it, or a time that somebody sets.

These work while a worker holds the conversation, too: somebody relies on the clock. Changes nothing.
"""

from datetime import UTC, datetime

from hub import safe_check_words as words
from hub.flows import Flows
from hub.ports import Command, Turn
from hub.safe_check_words import Said

ASKED, MENU = "safe_check", "safe_check_menu"  # what the open question is about
CHOICES = ("1", "2", "3")
_ANY_MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)  # whether it is a time at all: then every time of today lies ahead
_BY_WORDS = {Said.SAFE: "answer_yes", Said.NOT_SAFE: "answer_no", Said.LATER: "pause_survey"}
_BY_INTENT = {
    "affirm": "answer_yes",
    "option_1": "answer_yes",
    "deny": "answer_no",
    "option_2": "answer_no",
    "pause": "pause_survey",
    "option_3": "pause_survey",
}


def clear_answer(flows: Flows, about: str, turn: Turn) -> Command | None:
    """A yes, a no or a wish for more time: “help” is a no here, so this comes before every keyword."""
    if about != ASKED:
        return None
    said = words.answer(turn.text)
    if said:
        return Command(_BY_WORDS[said])
    found = flows.exact.replies.match(turn)
    return Command(_BY_INTENT[found[0]]) if found and found[0] in _BY_INTENT else None


def other_answer(about: str, text: str) -> Command | None:
    """Whatever else is said to the open question: it is never taken for a yes, and may be the word that means no.

    To “at which time?” a time or a number of the list is an answer; the rest is about something else.
    """
    if about == ASKED and text:
        return Command("answer_text")
    is_time = about == MENU and (text.strip() in CHOICES or words.time_in(text, _ANY_MIDNIGHT, "UTC"))
    return Command("answer_text") if is_time else None


def wish(text: str) -> Command | None:
    """“Check on me at half ten”."""
    return Command("set_safe_check") if words.asks_to_be_checked(text) else None
