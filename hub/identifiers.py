"""Numbers, addresses and dates that tell who somebody is: each kind by its pattern, and what stands in for it.

Too much is better than too little: a wrong hit costs an example, a miss would cost somebody's privacy.
Works on a text of one line. Knows no names: those are in `hub/anonymise.py`.
"""

import re
from collections.abc import Callable, Iterator

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:\d{4}|'?(?:[3-9]\d|0\d))\b"
_TIME = r"(?!\d{1,4}(?:am|pm|ish|hrs?|mins?|oclock)\b)"
_LITTLE = (
    r"(?:in|at|to|my|by|for|and|is|am|pm|min|mins|minutes?|hours?|hrs?|oclock|then|on|of|from|till?|until|more|days?)"
)
_STREETS = r"(?:street|str|st|road|rd|avenue|ave|lane|ln|crescent|cres|terrace|gardens|gdns|grove|mews)"
_MAYBE_STREETS = (
    r"(?:close|drive|court|way|place|park|hill|row|walk|square|green|rise|view|house|flats|parade|heol|ffordd)"
)
_NUMBER = r"\b\d{1,4}[a-d]?,? "

_STREET = rf"{_NUMBER}(?:[^\W\d_]['’\w-]* ){{1,2}}{_STREETS}\b"
_MAYBE_STREET = rf"{_NUMBER}(?:(?!{_LITTLE}\b)[^\W\d_]['’\w-]* ){{1,2}}{_MAYBE_STREETS}\b"

# (pattern, stand-in), in this order: what is inside a link or an e-mail address must not be taken for a postcode first.
_PATTERNS = (
    (r"(?i)(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}/\S*", "https://example.org"),
    (r"\S+@\S+\.\S+", "me@example.org"),
    (r"(?i)\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|uk|io|gov|info|biz|eu|xyz|wales|cymru)\b", "example.org"),
    (rf"\b{_DAY}[/.\-]{_MONTH_NUMBER}[/.\-](?:\d{{4}}|\d{{2}})\b|\b\d{{4}}-{_MONTH_NUMBER}-{_DAY}\b", "01/01/1990"),
    (rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ .\-]?{_MONTH}[ ,.\-]*{_YEAR}", "1 January 1990"),
    (rf"(?i)\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b", "1 January 1990"),
    (r"(?:\+|\b00)?\(?\d(?:[ .,\-/()_*]{0,3}\d){8,}", "07700 900123"),
    (r"(?i)\b[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b", "7K3M"),  # National Insurance
    (r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b", "7K3M"),  # the plate of a car
    (r"(?i)\b[a-z]{1,2}\d[a-z\d]?[ -]?\d[abd-hjlnp-uw-z]{2}\b", "AB1 2CD"),  # a postcode: never ends in c i k m o v
    (r"\d{5,}|\b\d{3,4}[ -]\d{3,4}\b", "1234"),
    (r"(?i)\b[a-z]{1,4}[/\-]\d+[/\-]\d+", "7K3M"),  # a case's reference
    (rf"(?i)\b{_TIME}(?=\w*[^\W\d_])(?=(?:\w*\d){{3}})\w{{6,}}\b", "7K3M"),  # a reference, a venue's code
    (rf"(?i){_STREET}|{_MAYBE_STREET}", "1 High Street"),
    (r"(?i)\b(?:flat|apartment|unit) \d+[a-d]?\b", "flat 1"),
)
PATTERNS = tuple((re.compile(pattern), stand_in) for pattern, stand_in in _PATTERNS)
STAND_INS = frozenset(stand_in for _, stand_in in PATTERNS)

_DIGIT = r"(?:oh?|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|\d{1,4})"
_SAID_NUMBER = re.compile(rf"(?i)(?:\b{_DIGIT}\b[ ,.\-]*){{6,}}")
_BORN = re.compile(r"(?i)\b(?:d\.?o\.?b|born|date of birth|geni)\b")
_ELSEWHERE = re.compile(r"(?i)\b(?:g ?mail|hotmail|outlook|yahoo|icloud|snapchat|insta(?:gram)?|facebook|tiktok)\b|@\w")


def replace(text: str, put: Callable[[str], str]) -> str:
    """The text with each find replaced by what `put` gives for its stand-in."""
    for pattern, stand_in in PATTERNS:
        text = pattern.sub(lambda _, stand_in=stand_in: put(stand_in), text)  # type: ignore[misc]
    return text


def doubts(text: str, born: bool) -> Iterator[str]:
    """Why what is left may still tell who somebody is. `born`: a date of birth was found and replaced."""
    if _BORN.search(text) and not born:
        yield "may_hold_birth"
    if _SAID_NUMBER.search(text):
        yield "may_hold_number"
    if _ELSEWHERE.search(text):
        yield "may_hold_handle"
