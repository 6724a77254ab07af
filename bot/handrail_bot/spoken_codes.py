"""Finds a code of 4 to 8 letters and digits, as typed or as spoken: "code's mn83", "five five one two", "4 4 7 1".

Must not take for one what only looks like it: times, prices, years, postcodes, telephone numbers.
"""

import re
import unicodedata

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WELSH = ("sero", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw")
DIGITS = {
    **{word: str(n) for words in (ENGLISH, WELSH) for n, word in enumerate(words)},
    **dict.fromkeys(("oh", "o", "nought", "nil", "dim"), "0"),
}
TIMES = {"double": 2, "treble": 3, "triple": 3}
SHORTEST, LONGEST = 4, 8

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
NO_CODE = re.compile(
    r"(?:\+44|\b0)[ -]?\d(?:[ -]?\d){8,}"  # telephone
    r"|\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b"  # postcode
    rf"|\b(?:{MONTHS})[a-z]*,? (?:19|20)\d\d\b|\b(?:in|since|year) (?:19|20)\d\d\b"
    r"|[£$€] ?\d[\d,.]*|\b\d[\d.,]*(?:/\d+)+|\b\d{1,2}[:.]\d\d\b|\b\d+%"
    r"|\b\d{1,5} ?(?:am|pm|hrs?|hours?|mins?|minutes?|ish|st|nd|rd|th|days?|weeks?|wks?|months?|years?|yrs?|"
    r"quid|pounds?|kg|km|miles?|people|kids)\b",
    re.IGNORECASE,
)
TOKEN = re.compile(r"(?<![\w.])(?=(?:\w*\d){2})[a-z\d]{4,8}(?!\w|[.:/]\d)")
CUE = re.compile(
    r"\b(?:code|cod|cody|pin)s?\b"
    r"(?: (?:is|it|was|says|said|reads|number|no|on|the|wall|yw|ydi|of|today|todays))*"
)
GROUPS = re.compile(
    r"((?:\d\d[ -]){1,3}\d\d|\d{3}[ -]\d{3}|\w{4}[ -]\w{4}|"
    r"[a-z]{2}[ -]\d\d(?:[ -]\w{2})?|\d\d[ -][a-z]{2}|[a-z]\d[ -][a-z]\d)(?!\w)"
)


def code_in(text: str) -> str | None:
    """The code of a text, in capitals; None when it has none."""
    said = _plain(text)
    cue = CUE.search(said)
    if cue:
        after = said[cue.end() :].lstrip(" :=-,.")
        found = _grouped(after) or _spelt(after, after_cue=True) or _typed(after)
        if found:
            return found
    return _typed(said) or _spelt(said, after_cue=False)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", re.sub("[\ufe0f\u20e3]", "", text)).casefold()
    folded = re.sub(r"['’`]s\b", " is", folded)
    return " ".join(NO_CODE.sub(" | ", " ".join(folded.split())).split())


def _typed(said: str) -> str | None:
    found = TOKEN.search(said)
    return found[0].upper() if found else None


def _grouped(said: str) -> str | None:
    """ "44 71", "mn 83", "482 913": only straight after the word "code"."""
    found = GROUPS.match(said)
    code = re.sub(r"\W", "", found[0]) if found else ""
    return code.upper() if len(re.findall(r"\d", code)) >= 2 else None


def _spelt(said: str, *, after_cue: bool) -> str | None:
    """The first run of single letters, digits and number words that is as long as a code."""
    words = re.findall(r"[a-z\d|]+", said)
    signs = [_sign(word, words[i - 1] if i else "") for i, word in enumerate(words)]
    for run in _runs(signs):
        run = run if after_cue else _without_article(run)
        if SHORTEST <= len(run) <= LONGEST and sum(c.isdecimal() for c in run) >= 2:
            return run.upper()
    return None


def _sign(word: str, before: str) -> str | None:
    """What one word stands for: "" for "double", which counts with the next; None ends the run."""
    if word in TIMES:
        return ""
    sign = DIGITS.get(word, word if len(word) == 1 and word.isalnum() else None)
    return sign * TIMES.get(before, 1) if sign else None


def _runs(signs: list[str | None]) -> list[str]:
    runs = [""]
    for sign in signs:
        if sign is None:
            runs.append("")
        else:
            runs[-1] += sign
    return [run for run in runs if run]


def _without_article(run: str) -> str:
    """ "i got a 4 4 7 1": "a" and "i" in front are words."""
    return run.lstrip("ai")
