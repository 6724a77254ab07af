"""The states of a voice message's words. Knows nothing of the store."""

from enum import StrEnum

from hub.states import Moves


class VoiceState(StrEnum):
    """The sound itself can be played in every one of these."""

    UNHEARD = "unheard"  # no machine writes it down: none is set up, or none for this language
    WAITING = "waiting"  # for the machine
    FAILED = "failed"  # the machine could not: a human listens
    HEARD = "heard"  # there is a draft; the person has not been asked about it
    ASKED = "asked"  # the draft was read back to the person
    CONFIRMED = "confirmed"  # they say that it is what they said
    WRONG = "wrong"  # they say that it is not
    CORRECTED = "corrected"  # they have written what they said


_V = VoiceState
VOICE_MOVES: Moves[VoiceState] = {
    _V.WAITING: frozenset({_V.HEARD, _V.FAILED, _V.UNHEARD}),  # unheard: the machine was taken away
    _V.HEARD: frozenset({_V.ASKED, _V.CONFIRMED, _V.WRONG}),
    _V.ASKED: frozenset({_V.CONFIRMED, _V.WRONG}),
    _V.WRONG: frozenset({_V.CORRECTED}),
}
