"""Puts a text into plain words before days and times are read: small letters, no accents, slang and typos in English
words, number words in digits. Must not know what day it is."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from hub.date_words import LONG_NAMES, MONTHS, NOT_TYPOS, ONES, ORDINALS, SLANG, TEENS, TENS, WEEKDAYS
from hub.date_words_abroad import ABROAD, AFTER_NUMBER, BEFORE_NUMBER, WELSH_NUMBERS

LONGEST = 1000  # characters: a longer text does not say when
_LONG_DAYS = [name for name in WEEKDAYS if name.endswith("day")]
_LONG_MONTHS = [name for name in MONTHS if len(name) > 5]
_DAY_LIKE = re.compile(  # begins and ends like a day, like "tomorrow" or like a month
    r"\b[mtwfs](?=[a-z]*d)[a-z]{3,8}[adeysi]{2}\b|\bt[a-z]{1,4}m[a-z]*or+[a-z]*\b|\b[a-z]*(?:ber|ary|ust|bre|ray)\b"
)
_LIKENESS = 0.8  # of difflib: "fryday" is 0.83 like "friday"; "birthday" is 0.75 like "thursday"

_WELSH_NUMBER = "|".join(WELSH_NUMBERS)
_AM_PM = re.compile(rf"(?<=\d) ?([ap])\.? ?m\b\.?(?! (?:{_WELSH_NUMBER})\b)")  # but "5/3 am wyth" is Welsh: at 8
_WELSH_BEFORE = re.compile(rf"\b({BEFORE_NUMBER}) ({_WELSH_NUMBER})(?: (neu|a) ({_WELSH_NUMBER}))?\b")
_WELSH_AFTER = re.compile(rf"\b({_WELSH_NUMBER}) (?={AFTER_NUMBER})")

_SMALL = {word: number for number, word in enumerate((*ONES, *TEENS), start=1)}
_COMPOUND = re.compile(rf"\b({'|'.join(TENS)})(?: ({'|'.join([*ONES[:9], *list(ORDINALS)[:9]])}))?\b")
_ORDINAL = re.compile(rf"\b(the )?({'|'.join(ORDINALS)})\b(?=( of|{''.join(f'| {m}' for m in MONTHS)})\b)?")
_BESIDE_ONE = r"at|about|around|half|past|to|by|after|before|until|between"
_ONE = re.compile(rf"\b({_BESIDE_ONE}) one\b(?! of)|\bone(?= ?(?:oclock|o clock|ish|pm|30|15|45)\b)")

Pairs = tuple[tuple[re.Pattern[str], str], ...]


def _pairs(*tables: dict[str, str]) -> Pairs:
    whole = r"(?<!\w)(?:{})(?:(?<= )|(?!\w))"  # words, or what ends in a space before a number
    return tuple((re.compile(whole.format(p)), plain) for table in tables for p, plain in table.items())


_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})(s?)\b")
_WELSH_ENDINGS = re.compile(r"(?<=\d)(?:af|il|ydd|edd|fed|ed|eg|ain)\b")
_ABROAD = _pairs(*ABROAD)
_SLANG = _pairs(SLANG)


def plain_words(text: str) -> str:
    """Small letters a–z and digits, in words of English; of punctuation `,` stays, and `. : / -` between digits."""
    words = _bare(text[:LONGEST])
    words = _welsh_numbers(words)
    words = _WELSH_ENDINGS.sub("th", words)
    for pattern, plain in _ABROAD:
        words = pattern.sub(plain, words)
    for pattern, plain in _SLANG:
        words = pattern.sub(plain, words)
    words = _DAY_LIKE.sub(lambda found: _spelt_right(found[0]), words)
    words = _WEEKDAY.sub(lambda found: f"{LONG_NAMES[WEEKDAYS[found[1]]]}{found[2]}", words)
    return " ".join(_digits(words).split())


def _bare(text: str) -> str:
    """No capitals, accents, apostrophes, emoji; "2 p.m." is "2pm", "mon-fri" is "mon to fri"."""
    words = unicodedata.normalize("NFKD", text.casefold().replace("½", " half ")).replace("ł", "l")
    words = "".join(c for c in words if not unicodedata.combining(c))
    words = re.sub(r"['’`´]", "", words).replace("–", "-").replace("—", "-").replace("⁄", "/").replace("_", " ")
    words = _AM_PM.sub(r"\1m", words)
    words = re.sub(
        r"(?<=[ap]m) ?- ?(?=\d)|(?<=[:.]\d\d) ?- ?(?=\d)|(?<=[a-z]{3}) ?- ?(?=[a-z]{3}[a-z]*day\b)", " to ", words
    )
    words = re.sub(rf"\b({'|'.join(WEEKDAYS)}) ?- ?(?=(?:{'|'.join(WEEKDAYS)})\b)", r"\1 to ", words)
    words = re.sub(r"[&+]", " and ", words).replace("@", " at ")
    words = re.sub(r"[^a-z0-9:./,\s-]", " ", words)
    words = re.sub(r"(?<!\d)[:./-]|[:./-](?!\d)", " ", words).replace(",", " , ")
    words = re.sub(r"\b(at|till?)(?=\d)", r"\1 ", words)
    return " ".join(words.split())


def _welsh_numbers(words: str) -> str:
    def beside(found: re.Match[str]) -> str:
        second = f" {found[3]} {WELSH_NUMBERS[found[4]]}" if found[3] else ""
        return f"{'at' if found[1] == 'am' else found[1]} {WELSH_NUMBERS[found[2]]}{second}"

    words = _WELSH_AFTER.sub(lambda found: f"{WELSH_NUMBERS[found[1]]} ", words)
    return _WELSH_BEFORE.sub(beside, words)


@lru_cache(maxsize=2048)
def _spelt_right(word: str) -> str:
    """The day or month that a mistyped word is most like; the word itself when it is like none."""
    if word in NOT_TYPOS or word in MONTHS or word.removesuffix("s") in WEEKDAYS:
        return word
    names = [*_LONG_DAYS, "tomorrow", *_LONG_MONTHS]
    return next(iter(get_close_matches(word, names, n=1, cutoff=_LIKENESS)), word)


def _digits(words: str) -> str:
    """Number words as digits: "two thirty" is "2 30", "the twenty first" is "the 21st". "one" only beside a time."""
    words = _COMPOUND.sub(_compound, words)
    words = _ORDINAL.sub(_ordinal, words)
    words = _ONE.sub(lambda found: f"{found[1]} 1" if found[1] else "1", words)
    return re.sub(r"[a-z]+", lambda f: str(_SMALL[f[0]]) if f[0] in _SMALL and f[0] != "one" else f[0], words)


def _compound(found: re.Match[str]) -> str:
    tens, rest = TENS[found[1]], found[2]
    if rest is None:
        return str(tens)
    return f"{tens + ORDINALS[rest]}th" if rest in ORDINALS else str(tens + _SMALL[rest])


def _ordinal(found: re.Match[str]) -> str:
    """ "first" alone is no date ("my first appointment"); "the first of", "first march", "thirteenth" are."""
    number = ORDINALS[found[2]]
    return f"{found[1] or ''}{number}th" if found[3] or number > 12 else found[0]
