"""The state machines: one enum with one comment a member and one table of allowed moves each. Anything else raises.

The diagrams in docs/states.md are drawn from these tables. Knows nothing of the store.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hub.errors import MoveNotAllowed

S = TypeVar("S", bound=StrEnum)
Moves = Mapping[S, frozenset[S]]


class Direction(StrEnum):
    IN = "in"  # from the person
    OUT = "out"  # to the person


class MessageState(StrEnum):
    # in
    RECEIVED = "received"  # stored, not yet looked at
    HANDLED = "handled"  # a command was carried out
    HANDED_OVER = "handed_over"  # a human has it
    # out
    HELD = "held"  # waits for a permitted hour, or for a worker to release it
    QUEUED = "queued"  # goes out when due
    CLAIMED = "claimed"  # a worker loop has it; nothing has been called yet
    SENDING = "sending"  # the attempt is recorded; the provider is being called
    SENT = "sent"  # the provider has it
    DELIVERED = "delivered"  # the handset has it
    UNDELIVERED = "undelivered"  # the network gave up
    FAILED = "failed"  # the provider refused it
    EXPIRED = "expired"  # too late to be useful
    CANCELLED = "cancelled"  # no longer true, or taken back
    BLOCKED = "blocked"  # the person may not or does not want to get it
    UNCERTAIN = "uncertain"  # a crash fell between calling the provider and recording its answer


class NudgeState(StrEnum):
    PLANNED = "planned"  # goes out at its time
    QUEUED = "queued"  # a message was made of it
    SKIPPED = "skipped"  # a rule said no (no way to reach, control group, already answered)
    MISSED = "missed"  # its time passed while it could not go out
    CANCELLED = "cancelled"  # its subject moved or ended


class EscalationState(StrEnum):
    OPEN = "open"  # nobody has it
    TAKEN = "taken"  # a worker has it
    SNOOZED = "snoozed"  # comes back at a time or with the person's next text
    CLOSED = "closed"  # done, with an outcome


class ProofState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"  # a human looks at it
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # with a reason; can be given again
    EXPIRED = "expired"  # never given: not the same as "was not there"


class CheckInState(StrEnum):
    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    EXPIRED = "expired"  # no answer in the window
    REVIEWED = "reviewed"  # a worker has looked at it


class ReturnState(StrEnum):
    PLANNED = "planned"
    ASKED = "asked"
    NOT_YET = "not_yet"  # is asked once more
    ASKED_AGAIN = "asked_again"
    BACK = "back"
    NOT_BACK = "not_back"  # said "not yet" twice: a human has it
    SILENT = "silent"  # no answer in time: a human has it


class SafeContactState(StrEnum):
    """Whether an address of a victim is known to be safe. On the other side every address stays `unasked`."""

    UNASKED = "unasked"  # nobody has asked yet
    ASKED = "asked"  # "is this a good number?" has gone out
    ASKED_AGAIN = "asked_again"  # and once more, days later
    SILENT = "silent"  # no answer to either: a worker was told
    RECORDED = "recorded"  # the person, or a worker who spoke with them, has said how it may be used
    NOT_SAFE = "not_safe"  # they said that it is not: nothing goes there
    DOUBTED = "doubted"  # somebody else seems to read it: nothing goes there


class SafeState(StrEnum):
    PLANNED = "planned"  # is asked at the time that the person set
    ASKED = "asked"  # the clock of their patience runs
    LATER = "later"  # asked for more time: is asked again
    SAFE = "safe"
    DURESS = "duress"  # said yes by the word that means no: a human has it, and nothing shows
    NOT_SAFE = "not_safe"  # said no: a human has it
    SILENT = "silent"  # no answer in time: a human has it
    ENDED = "ended"  # taken back before it was asked, or before it was answered


class ConditionState(StrEnum):
    OPEN = "open"  # to be done; more time keeps it open
    SAID_DONE = "said_done"  # the person says that it is done; a worker looks
    DONE = "done"  # a worker has seen that it is done
    NOT_DONE = "not_done"  # a worker has decided so, with a reason: never a bot
    WAIVED = "waived"  # a worker has decided that it need not be done


class CorrectionState(StrEnum):
    NEW = "new"  # a worker has said what a text meant
    EXPORTED = "exported"  # is among the candidate examples
    REJECTED = "rejected"  # is no example, with a reason: cannot be cleaned for certain, or a reviewer said no


class SurveyState(StrEnum):
    INVITED = "invited"
    STARTED = "started"
    PAUSED = "paused"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # called off before the invitation went out: a rule said no


class TextState(StrEnum):
    PROPOSED = "proposed"  # a worker has written it; nobody has decided
    LIVE = "live"  # the agency's own wording: this is what is sent
    REFUSED = "refused"  # with a reason
    RETIRED = "retired"  # was live; it can be proposed again


class UpdateState(StrEnum):
    OWED = "owed"  # until it is known that they have been told: a text that did not arrive leaves it so
    TOLD = "told"  # by a text that arrived and could be read, or by a worker who says how and when
    WAIVED = "waived"  # they do not want updates about this
    WITHDRAWN = "withdrawn"  # nobody is owed it any more: a nomination has ended, the case was a mistake


class NominationState(StrEnum):
    ASKED = "asked"  # named to a worker; the person has not yet said yes themselves
    AGREED = "agreed"  # by the person's own text or page, or to a worker: they are told from now on
    ENDED = "ended"  # nothing more is told to them


def _moves(table: dict[S, set[S]]) -> Moves[S]:
    return {state: frozenset(after) for state, after in table.items()}


_M = MessageState
MESSAGE_MOVES: Moves[MessageState] = _moves(
    {
        _M.RECEIVED: {_M.HANDLED, _M.HANDED_OVER},
        _M.HELD: {_M.QUEUED, _M.CANCELLED, _M.EXPIRED, _M.BLOCKED},
        _M.QUEUED: {_M.CLAIMED, _M.HELD, _M.CANCELLED, _M.EXPIRED, _M.BLOCKED},
        _M.CLAIMED: {_M.SENDING, _M.QUEUED, _M.HELD, _M.CANCELLED, _M.EXPIRED, _M.BLOCKED, _M.FAILED},
        _M.SENDING: {_M.SENT, _M.QUEUED, _M.FAILED, _M.UNCERTAIN, _M.DELIVERED, _M.UNDELIVERED},
        _M.UNCERTAIN: {_M.SENT, _M.QUEUED, _M.FAILED, _M.DELIVERED, _M.UNDELIVERED},
        # Receipts move forward only; a carrier that first gave up and then delivered has delivered.
        _M.SENT: {_M.DELIVERED, _M.UNDELIVERED, _M.FAILED},
        _M.UNDELIVERED: {_M.DELIVERED},
    }
)

_N = NudgeState
NUDGE_MOVES: Moves[NudgeState] = _moves(
    {
        _N.PLANNED: {_N.QUEUED, _N.SKIPPED, _N.MISSED, _N.CANCELLED},
        _N.QUEUED: {_N.PLANNED},  # the text that it was to be said with was taken back
        _N.CANCELLED: {_N.PLANNED, _N.SKIPPED},  # the appointment moved back; so late that none fits any more
        _N.SKIPPED: {_N.PLANNED, _N.CANCELLED},
    }
)

_E = EscalationState
ESCALATION_MOVES: Moves[EscalationState] = _moves(
    {
        _E.OPEN: {_E.TAKEN, _E.SNOOZED, _E.CLOSED},
        _E.TAKEN: {_E.OPEN, _E.SNOOZED, _E.CLOSED},
        _E.SNOOZED: {_E.OPEN, _E.TAKEN, _E.CLOSED},
        _E.CLOSED: {_E.OPEN},  # a new message from the person reopens
    }
)

_P = ProofState
PROOF_MOVES: Moves[ProofState] = _moves(
    {
        _P.ASKED: {_P.GIVEN, _P.ACCEPTED, _P.EXPIRED},
        _P.GIVEN: {_P.ACCEPTED, _P.REJECTED, _P.ASKED},  # asked: deleted by the person before anybody looked
        _P.REJECTED: {_P.GIVEN, _P.ACCEPTED, _P.EXPIRED},
        _P.EXPIRED: {_P.GIVEN, _P.ACCEPTED},  # late is not never
    }
)

_C = CheckInState
CHECK_IN_MOVES: Moves[CheckInState] = _moves(
    {
        _C.PLANNED: {_C.ASKED, _C.EXPIRED},
        _C.ASKED: {_C.ANSWERED, _C.EXPIRED},
        _C.EXPIRED: {_C.ANSWERED, _C.REVIEWED},
        _C.ANSWERED: {_C.REVIEWED},
    }
)

_R = ReturnState
RETURN_MOVES: Moves[ReturnState] = _moves(
    {
        _R.PLANNED: {_R.ASKED, _R.SILENT},
        _R.ASKED: {_R.BACK, _R.NOT_YET, _R.SILENT},
        _R.NOT_YET: {_R.ASKED_AGAIN, _R.BACK, _R.SILENT},
        _R.ASKED_AGAIN: {_R.BACK, _R.NOT_BACK, _R.SILENT},
        _R.SILENT: {_R.BACK, _R.NOT_BACK},  # no signal: late is not never
        _R.NOT_BACK: {_R.BACK},
        _R.BACK: {_R.NOT_BACK},  # pressed 1, meant 2
    }
)

_F = SafeContactState
_SETTLED = {_F.RECORDED, _F.NOT_SAFE, _F.DOUBTED}  # can be said at any time, by whoever may say it
SAFE_CONTACT_MOVES: Moves[SafeContactState] = _moves(
    {
        _F.UNASKED: {_F.ASKED, *_SETTLED},
        _F.ASKED: {_F.ASKED_AGAIN, _F.SILENT, *_SETTLED},
        _F.ASKED_AGAIN: {_F.SILENT, *_SETTLED},
        _F.SILENT: _SETTLED,
        _F.RECORDED: {_F.ASKED, *_SETTLED},  # asked: it was long ago; recorded: said anew
        _F.NOT_SAFE: _SETTLED,
        _F.DOUBTED: _SETTLED,
    }
)

_G = SafeState
SAFE_MOVES: Moves[SafeState] = _moves(
    {
        _G.PLANNED: {_G.ASKED, _G.SAFE, _G.SILENT, _G.ENDED},
        _G.ASKED: {_G.SAFE, _G.DURESS, _G.NOT_SAFE, _G.LATER, _G.SILENT, _G.ENDED},
        _G.LATER: {_G.ASKED, _G.SAFE, _G.DURESS, _G.NOT_SAFE, _G.SILENT, _G.ENDED},
        _G.SILENT: {_G.SAFE, _G.DURESS, _G.NOT_SAFE},  # no signal: late is not never
        _G.SAFE: {_G.NOT_SAFE, _G.DURESS},  # pressed 1, meant 2
        _G.DURESS: {_G.NOT_SAFE},
    }
)

_D = ConditionState
CONDITION_MOVES: Moves[ConditionState] = _moves(
    {
        _D.OPEN: {_D.SAID_DONE, _D.DONE, _D.NOT_DONE, _D.WAIVED},
        _D.SAID_DONE: {_D.OPEN, _D.DONE, _D.NOT_DONE, _D.WAIVED},  # open: taken back, or not seen yet
        _D.DONE: {_D.OPEN},  # a worker was wrong
        _D.NOT_DONE: {_D.OPEN, _D.DONE},  # another chance; proof that came late
        _D.WAIVED: {_D.OPEN},
    }
)

_S = SurveyState
SURVEY_MOVES: Moves[SurveyState] = _moves(
    {
        _S.INVITED: {_S.STARTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN},
        _S.STARTED: {_S.PAUSED, _S.COMPLETED, _S.DECLINED, _S.EXPIRED},
        _S.PAUSED: {_S.STARTED, _S.COMPLETED, _S.DECLINED, _S.EXPIRED},
        _S.EXPIRED: {_S.STARTED},
    }
)

_K = CorrectionState
CORRECTION_MOVES: Moves[CorrectionState] = _moves(
    {
        _K.NEW: {_K.EXPORTED, _K.REJECTED},
        _K.EXPORTED: {_K.NEW},  # corrected again
        _K.REJECTED: {_K.NEW},
    }
)


_T = TextState
TEXT_MOVES: Moves[TextState] = _moves(
    {
        _T.PROPOSED: {_T.LIVE, _T.REFUSED},
        _T.LIVE: {_T.RETIRED},
    }
)


_U = UpdateState
UPDATE_MOVES: Moves[UpdateState] = _moves(
    {
        _U.OWED: {_U.TOLD, _U.WAIVED, _U.WITHDRAWN},
        _U.WAIVED: {_U.OWED},  # they want to hear after all
    }
)

_O = NominationState
NOMINATION_MOVES: Moves[NominationState] = _moves(
    {
        _O.ASKED: {_O.AGREED, _O.ENDED},
        _O.AGREED: {_O.ENDED},
    }
)


def check_move(moves: Moves[S], before: S, after: S) -> S:
    """Return `after` when the table allows it.

    Raises
    ------
    MoveNotAllowed
        for every other pair, the same state again included.
    """
    if after not in moves.get(before, frozenset()):
        raise MoveNotAllowed(f"({before} to {after})")
    return after
