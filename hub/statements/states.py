"""The states of a statement. Knows nothing of the store."""

from enum import StrEnum

from hub.states import Moves


class StatementState(StrEnum):
    ASKED = "asked"
    STARTED = "started"
    READ_BACK = "read_back"  # the person has it before them, to say whether it is right
    CONFIRMED = "confirmed"  # in their words; a change makes a new version
    WITHDRAWN = "withdrawn"  # taken back by the person
    EXPIRED = "expired"  # not finished in time; what was said is kept, and is not confirmed


_S = StatementState
OPEN = (_S.ASKED, _S.STARTED, _S.READ_BACK)
STATEMENT_MOVES: Moves[StatementState] = {
    _S.ASKED: frozenset({_S.STARTED, _S.WITHDRAWN, _S.EXPIRED}),
    _S.STARTED: frozenset({_S.READ_BACK, _S.WITHDRAWN, _S.EXPIRED}),
    _S.READ_BACK: frozenset({_S.CONFIRMED, _S.STARTED, _S.WITHDRAWN, _S.EXPIRED}),
    _S.CONFIRMED: frozenset({_S.STARTED, _S.WITHDRAWN}),
}
