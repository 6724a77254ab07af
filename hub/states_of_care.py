"""The state machines of what victims are told, offered and asked: moves as in `hub/states.py`, anything else raises.

Restorative justice is here for both sides: each side has its own row and nothing joins them.
Knows nothing of the store.
"""

from enum import StrEnum

from hub.states import Moves, S


class TellingState(StrEnum):
    PLANNED = "planned"  # is begun at its time
    ASKED = "asked"  # begun: on a phone that others may read, "is now a good time?" stands open
    TOLD = "told"  # said in full
    OFF = "off"  # no longer true, or not wanted


class OfferState(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    TAKEN = "taken"  # asked to hear it
    DECLINED = "declined"  # wants no such texts any more
    LEFT_OUT = "left_out"  # nothing new to tell, or they had said no before


class SupportState(StrEnum):
    CHOOSING = "choosing"  # which kind of help, which area
    LISTED = "listed"  # has been given the names of services
    WANTS_CALL = "wants_call"  # agreed that we ask these services to call: a worker has it
    NO_CALL = "no_call"  # has the numbers and calls or does not
    PASSED_ON = "passed_on"  # the service has been asked
    NOT_NEEDED = "not_needed"  # settled otherwise


class RestorativeState(StrEnum):
    ASKED_ABOUT = "asked_about"  # has been told what it is
    WANTS_TO_KNOW = "wants_to_know"  # wishes a call: a coordinator has it
    SPEAKING = "speaking_with_coordinator"
    AGREED = "agreed"  # agreed to something, in the coordinator's words
    NOT_NOW = "not_now"
    NO = "no"  # never to be asked again: only they can bring it up
    PREPARED = "prepared"
    HELD = "held"
    ENDED = "ended"


class ProposalState(StrEnum):
    ASKED = "asked"  # waits for a good time to be told
    TOLD = "told"  # the person knows what is proposed
    ANSWERED = "answered"  # can be changed until the decision
    SILENT = "silent"  # no answer by the day: a worker has been told; never taken as agreement
    DECIDED = "decided"


def _moves(table: dict[S, set[S]]) -> Moves[S]:
    return {state: frozenset(after) for state, after in table.items()}


_T = TellingState
TELLING_MOVES: Moves[TellingState] = _moves({_T.PLANNED: {_T.ASKED, _T.OFF}, _T.ASKED: {_T.TOLD, _T.OFF}})

_O = OfferState
OFFER_MOVES: Moves[OfferState] = _moves(
    {
        _O.PLANNED: {_O.OFFERED, _O.LEFT_OUT},
        _O.OFFERED: {_O.TAKEN, _O.DECLINED},
        _O.DECLINED: {_O.TAKEN},  # changed their mind
    }
)

_U = SupportState
SUPPORT_MOVES: Moves[SupportState] = _moves(
    {
        _U.CHOOSING: {_U.LISTED, _U.WANTS_CALL},  # at once: no service is known, so a worker looks for one
        _U.LISTED: {_U.WANTS_CALL, _U.NO_CALL},
        _U.NO_CALL: {_U.WANTS_CALL},
        _U.WANTS_CALL: {_U.PASSED_ON, _U.NOT_NEEDED, _U.NO_CALL},
    }
)

_R = RestorativeState
_STOPS = {_R.NOT_NOW, _R.NO}  # the person can stop at any moment
RESTORATIVE_MOVES: Moves[RestorativeState] = _moves(
    {
        _R.ASKED_ABOUT: {_R.WANTS_TO_KNOW, *_STOPS},
        _R.WANTS_TO_KNOW: {_R.SPEAKING, _R.ENDED, *_STOPS},
        _R.SPEAKING: {_R.AGREED, _R.ENDED, *_STOPS},
        _R.AGREED: {_R.SPEAKING, _R.PREPARED, _R.ENDED, *_STOPS},
        _R.PREPARED: {_R.AGREED, _R.HELD, _R.ENDED, *_STOPS},
        _R.HELD: {_R.PREPARED, _R.ENDED, *_STOPS},
        _R.NOT_NOW: {_R.ASKED_ABOUT, _R.WANTS_TO_KNOW, _R.NO, _R.ENDED},
        _R.NO: {_R.ASKED_ABOUT},  # they have brought it up themselves
        _R.ENDED: {_R.ASKED_ABOUT, *_STOPS},
    }
)

_P = ProposalState
PROPOSAL_MOVES: Moves[ProposalState] = _moves(
    {
        _P.ASKED: {_P.TOLD, _P.ANSWERED, _P.SILENT, _P.DECIDED},  # answered: said to a worker by phone
        _P.TOLD: {_P.ANSWERED, _P.SILENT, _P.DECIDED},
        _P.SILENT: {_P.TOLD, _P.ANSWERED, _P.DECIDED},  # late is not never, until it is decided
        _P.ANSWERED: {_P.DECIDED},
    }
)
