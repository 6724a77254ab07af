"""Answers that the topic of an open question reads by itself, before any model: a number, a place, “home now”.

One function a topic. Changes nothing.
"""

from dataclasses import replace

from hub.flows import Flows
from hub.ports import Command, Decision, Turn
from hub.referrals.asking import SUBJECT as REFERRAL
from hub.return_words import says
from hub.right_words import number_in
from hub.roll_words import MOST, away
from hub.support_areas import district_in
from hub.surveys.moving import ELSEWHERE as SURVEY_ELSEWHERE
from hub.words import Awaiting, Role


def at_once(flows: Flows, about: str, turn: Turn) -> Decision | None:
    """`about`: the kind of what the open question is about; empty where none is open."""
    steps = (_back, _roll, _right, _area, _referral, _elsewhere)
    return next((found for step in steps if (found := step(flows, about, turn))), None)


def _back(_flows: Flows, about: str, turn: Turn) -> Decision | None:
    """“Home now”, where that is what was asked."""
    said = says(turn.text) if about == "return_check" else None
    return None if said is None else Decision((Command("answer_yes" if said else "answer_no"),), "exact")


def _roll(_flows: Flows, about: str, turn: Turn) -> Decision | None:
    """Numbers of those who did not come, where that is what was asked."""
    if about != "session_roll" or away(turn.text, MOST) is None:
        return None
    return Decision((Command("answer_text"),), "exact")


def _right(_flows: Flows, _about: str, turn: Turn) -> Decision | None:
    """“RIGHTS 7”, from whom these rights are for."""
    number = number_in(turn.text) if turn.role is Role.VICTIM else None
    return None if number is None else Decision((Command("ask_rights", {"number": str(number)}),), "keyword")


def _area(_flows: Flows, about: str, turn: Turn) -> Decision | None:
    """The first half of a postcode, where that is what was asked."""
    asked = about == "support_request" and turn.awaiting is Awaiting.SURVEY_TEXT
    return Decision((Command("answer_text"),), "exact") if asked and district_in(turn.text) else None


def _referral(flows: Flows, about: str, turn: Turn) -> Decision | None:
    """“3”, call me, beside yes and no."""
    if about != REFERRAL or turn.awaiting is not Awaiting.SURVEY_YES_NO:
        return None
    found = flows.exact.replies.match(turn)
    return Decision((Command("answer_choice", {"choice": "3"}),), "exact") if found and found[0] == "option_3" else None


def _elsewhere(flows: Flows, about: str, turn: Turn) -> Decision | None:
    """An answer to a survey that has gone on by another way of theirs since."""
    if about != SURVEY_ELSEWHERE:
        return None
    asked = (replace(turn, awaiting=each) for each in (Awaiting.SURVEY_RATING, Awaiting.SURVEY_YES_NO))
    return Decision((Command("answer_text"),), "exact") if any(flows.exact.decide(each) for each in asked) else None
