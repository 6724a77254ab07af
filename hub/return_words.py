"""What people write when they are asked whether they are back, as whole texts: "im home now", "nearly there", "adref".

A model that was never told the question takes "im back" for "later". Here a text counts when all of it is one of these;
whatever says more, or both, is not guessed at. English and Welsh. Pure.
"""

import re

from hub.exact_replies import normal_form

_BEFORE = r"(?:(?:yes|yeah|yep|yh|ye|ok|hi|hiya|ydw) )?(?:(?:i am|im|ive|i have|just|now|got|dwin?|rwyf|rydw i|yn) )*"
_PLACE = r"(?:back|home|in|indoors|inside|at home|back home|home safe|adref|adre|gartref|(?:y?n )?[oô]l)"
_AFTER = r"(?: (?:now|safe|safely|already|again|thanks|thank you|ty|cheers|mate|nawr|rwan|diolch))*"
_BACK = re.compile(_BEFORE + _PLACE + _AFTER)

_NO = r"(?:(?:no|nope|nah|na|sorry|nac ydw) )?(?:(?:i am|im|dwi|still) )*"
_WHERE = (
    r"(?:not (?:yet|back|home|in)|on (?:my|the) (?:way|bus|train)|on way|on bus|nearly (?:there|home|back)|"
    r"almost (?:there|home|back)|running late|late|out|at work|travelling|stuck in traffic|bus is late|later|soon|"
    r"(?:in |be )?(?:about )?\d{1,2} ?(?:m|min|mins|minutes)|half an hour|dim eto|ddim eto|ar y ffordd|bron yno)"
)
_MORE = r"(?: (?:yet|now|sorry|home|back|mate|away|to go|thanks))*"
_NOT_YET = re.compile(_NO + _WHERE + _MORE)


def says(text: str) -> bool | None:
    """True for back, False for not yet, None where nobody can be sure."""
    said = normal_form(text)
    if _NOT_YET.fullmatch(said):
        return False
    return True if _BACK.fullmatch(said) else None
