"""The tables of moves: every state has a way in, ends are ends, and nothing else is allowed."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import states, states_of_care, states_of_support
from hub.errors import MoveNotAllowed
from hub.statements.states import STATEMENT_MOVES, StatementState
from hub.states import MESSAGE_MOVES, MessageState, Moves, check_move
from hub.voices.states import VOICE_MOVES, VoiceState

TABLES = {
    "message": (states.MessageState, states.MESSAGE_MOVES, {"received", "queued", "held"}),
    "nudge": (states.NudgeState, states.NUDGE_MOVES, {"planned"}),
    "escalation": (states.EscalationState, states.ESCALATION_MOVES, {"open"}),
    "proof": (states.ProofState, states.PROOF_MOVES, {"asked"}),
    "check_in": (states.CheckInState, states.CHECK_IN_MOVES, {"planned"}),
    "condition": (states.ConditionState, states.CONDITION_MOVES, {"open"}),
    "survey": (states.SurveyState, states.SURVEY_MOVES, {"invited"}),
    "safe_contact": (states.SafeContactState, states.SAFE_CONTACT_MOVES, {"unasked"}),
    "return": (states.ReturnState, states.RETURN_MOVES, {"planned"}),
    "safe": (states.SafeState, states.SAFE_MOVES, {"planned"}),
    "correction": (states.CorrectionState, states.CORRECTION_MOVES, {"new"}),
    "telling": (states_of_care.TellingState, states_of_care.TELLING_MOVES, {"planned"}),
    "offer": (states_of_care.OfferState, states_of_care.OFFER_MOVES, {"planned"}),
    "support": (states_of_care.SupportState, states_of_care.SUPPORT_MOVES, {"choosing"}),
    "restorative": (states_of_care.RestorativeState, states_of_care.RESTORATIVE_MOVES, {"asked_about"}),
    "proposal": (states_of_care.ProposalState, states_of_care.PROPOSAL_MOVES, {"asked"}),
    "invitation": (states_of_support.InvitationState, states_of_support.INVITATION_MOVES, {"asked"}),
    "statement": (StatementState, STATEMENT_MOVES, {"asked"}),
    "voice": (VoiceState, VOICE_MOVES, {"waiting"}),
    "text": (states.TextState, states.TEXT_MOVES, {"proposed"}),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached(name: str) -> None:
    enum, moves, starts = TABLES[name]
    reached = {str(after) for afters in moves.values() for after in afters} | starts
    assert reached == {member.value for member in enum}


@given(st.sampled_from(MessageState), st.sampled_from(MessageState))
def test_only_the_table_decides(before: MessageState, after: MessageState) -> None:
    if after in MESSAGE_MOVES.get(before, frozenset()):
        assert check_move(MESSAGE_MOVES, before, after) is after
    else:
        with pytest.raises(MoveNotAllowed):
            check_move(MESSAGE_MOVES, before, after)


def test_no_message_state_leads_back_from_the_provider_to_the_queue() -> None:
    """Once a provider has a message, nothing may send it again: every path from `sent` stays among the ends."""
    assert _reachable(MESSAGE_MOVES, MessageState.SENT) <= {
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.FAILED,
    }


def _reachable(moves: Moves[StrEnum], start: StrEnum) -> set[StrEnum]:
    found: set[StrEnum] = set()
    todo = [start]
    while todo:
        for after in moves.get(todo.pop(), frozenset()):
            if after not in found:
                found.add(after)
                todo.append(after)
    return found
