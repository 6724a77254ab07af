"""Which texts around a circle of supporters need no model: codes, REMOVE JO, and answers in those talks.

These work with the assistant off; ending and joining also while a human holds the conversation. Changes nothing.
"""

from hub.flows import Flows
from hub.ports import Command, Decision, Turn
from hub.threads import reading
from hub.words import Awaiting

ASKED, WISH = "invitation", "invite"  # what the open question is about
WHOM = frozenset({"circle_remove", "circle_leave"})
YES_OR_NO = frozenset({"accept_invitation", "decline_invitation"})
# Where digits may be the answer to something else, a code needs JOIN before it.
DIGITS_ARE_ANSWERS = frozenset({Awaiting.SURVEY_TEXT, Awaiting.ATTENDANCE_CODE, Awaiting.ATTENDANCE_PROOF})


def at_once(flows: Flows, about: str, turn: Turn, *, known: bool) -> Decision | None:
    if reading.code_in(turn.text, alone=turn.awaiting not in DIGITS_ARE_ANSWERS):
        return _does("join_thread")
    if about == ASKED:
        return _yes_or_no(flows, turn, known=known)
    if known and reading.to_remove(turn.text):
        return _does("remove_supporter")
    if known and reading.to_leave(turn.text):
        return _does("leave_thread")
    return _whom(flows, turn) if about in WHOM else None


def of_talk(about: str, turn: Turn) -> Decision | None:
    """A name, or BACK, in the talk about a new supporter; and the wish with a name in it."""
    if about == WISH and (reading.is_over(turn.text) or _names(turn)):
        return _does("answer_text")
    return _does("invite_supporter") if reading.to_invite(turn.text) else None


def _yes_or_no(flows: Flows, turn: Turn, *, known: bool) -> Decision | None:
    """Somebody unknown has been asked this one thing: what is no answer to it is asked for again, never guessed."""
    found = flows.exact.decide(turn)
    if found and {command.do for command in found.commands} <= YES_OR_NO:
        return found
    return None if known else _does("not_understood")


def _whom(flows: Flows, turn: Turn) -> Decision | None:
    """A number, one name, everybody, or a change of mind."""
    said = turn.text
    is_name = len(said.split()) == 1 and bool(reading.name_in(said))
    if is_name or reading.is_over(said) or reading.is_everybody(said):
        return _does("answer_text")
    return flows.exact.decide(turn)


def _names(turn: Turn) -> bool:
    return turn.awaiting is Awaiting.SURVEY_TEXT and bool(reading.name_in(turn.text))


def _does(command: str) -> Decision:
    return Decision((Command(command),), "exact")
