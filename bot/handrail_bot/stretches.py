"""Texts that are read in parts besides: what counts as a cry for help in them. Must not know what is done about one.

The encoders read 128 word pieces (encoders.py), some seventy words as people spell them, and learned from texts mostly
shorter: a long one seems graver to them than it is, and its end they never see. A cry for help often comes last.
"""

from collections.abc import Collection, Sequence
from typing import Any

READ_WHOLE, AGAIN = 64, 16  # words; so many of a stretch stand in the next one, too: no sentence is only ever cut
# Of the whole, of a stretch beside it, and of a stretch alone. Chosen on tuning/long.yml (docs/nlu.md): all 40 cries
# are heard, and 11 of 50 ordinary texts alarm instead of 18.
WHOLE, CLEAR, CERTAIN = 0.3, 0.6, 0.98

Parsed = dict[str, Any]


def stretches(text: str) -> list[str]:
    """One after the other, the last to the end; none of a text that is read whole."""
    words = text.split()
    if len(words) <= READ_WHOLE:
        return []
    return [" ".join(words[at : at + READ_WHOLE]) for at in range(0, len(words) - AGAIN, READ_WHOLE - AGAIN)]


def with_stretches(whole: Parsed, read: Sequence[Parsed], cries: Collection[str]) -> Parsed:
    """A cry heard in the whole stands when one stretch says so clearly; one that is certain in a stretch stands alone.

    `cries`: the intents that are cries for help.
    """

    clearest = max(read, key=lambda parsed: cry(parsed, cries))
    if cry(clearest, cries) >= (CLEAR if cry(whole, cries) >= WHOLE else CERTAIN):
        return whole if cry(whole, cries) else _led_by(clearest["intent"], whole)
    others = [intent for intent in whole["intent_ranking"] if intent["name"] not in cries]
    return _led_by(others[0], whole) if cry(whole, cries) and others else whole


def with_clauses(whole: Parsed, read: Sequence[Parsed], cries: Collection[str]) -> Parsed:
    """ "hes killed the cat to show me and what has happened with my case": what is certain by itself stands, though the
    plain matter beside it drowns it in the whole."""
    clearest = max(read, key=lambda parsed: cry(parsed, cries))
    drowned = not cry(whole, cries) and cry(clearest, cries) >= CERTAIN
    return _led_by(clearest["intent"], whole) if drowned else whole


def cry(parsed: Parsed, cries: Collection[str]) -> float:
    """How sure it is that this is one: it would stand first (safety_first.py)."""
    return float(parsed["intent"]["confidence"]) if parsed["intent"]["name"] in cries else 0.0


def _led_by(intent: Parsed, whole: Parsed) -> Parsed:
    others = [other for other in whole["intent_ranking"] if other["name"] != intent["name"]]
    return {**whole, "intent": intent, "intent_ranking": [intent, *others]}
