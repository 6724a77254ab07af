"""The state machines of those who stand by a person, and of referrals: moves as in `hub/states.py`, others raise.

Knows nothing of the store.
"""

from enum import StrEnum

from hub.states import Moves, S


class InvitationState(StrEnum):
    ASKED = "asked"  # a worker proposed it: the person has not said yes yet
    CHECKING = "checking"  # a human looks first: somebody under 18, a name on the no-contact list
    OPEN = "open"  # the person has the code and hands it on
    ACCEPTED = "accepted"  # somebody gave the code
    DECLINED = "declined"  # the person, or whom they wanted, said no
    REFUSED = "refused"  # a human said no, or they are on the no-contact list
    WITHDRAWN = "withdrawn"  # taken back before anybody gave the code
    EXPIRED = "expired"  # nobody gave the code in time


class ReferralState(StrEnum):
    RECEIVED = "received"  # nobody has been written to yet
    ASKING = "asking"  # the young person, or who looks after them, has been asked and has not answered
    READY = "ready"  # everybody whose yes is needed has said yes: a worker decides
    ACCEPTED = "accepted"  # they are with us now
    DECLINED = "declined"  # a worker said no, with a reason
    REFUSED = "refused"  # the young person or who looks after them said no
    WITHDRAWN = "withdrawn"  # by whoever referred them
    LAPSED = "lapsed"  # no answer in time


def _moves(table: dict[S, set[S]]) -> Moves[S]:
    return {state: frozenset(after) for state, after in table.items()}


_I = InvitationState
_CLOSED = {_I.REFUSED, _I.WITHDRAWN, _I.EXPIRED}
INVITATION_MOVES: Moves[InvitationState] = _moves(
    {
        _I.ASKED: {_I.CHECKING, _I.OPEN, _I.DECLINED, *_CLOSED},
        _I.CHECKING: {_I.OPEN, *_CLOSED},
        _I.OPEN: {_I.CHECKING, _I.ACCEPTED, _I.DECLINED, *_CLOSED},
    }
)

_R = ReferralState
REFERRAL_MOVES: Moves[ReferralState] = _moves(
    {
        _R.RECEIVED: {_R.ASKING, _R.READY, _R.DECLINED, _R.REFUSED, _R.WITHDRAWN, _R.LAPSED},
        _R.ASKING: {_R.READY, _R.DECLINED, _R.REFUSED, _R.WITHDRAWN, _R.LAPSED},
        _R.READY: {_R.ACCEPTED, _R.DECLINED, _R.REFUSED, _R.WITHDRAWN},
    }
)
