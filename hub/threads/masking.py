"""What must not pass from one member to another is taken out of their words: numbers, links, surnames, case facts.

    hidden_in()  what is known of everybody in a thread
    mask()       a text without it, and how much was taken out

Compared without capitals, accents and invisible characters, with digits of any script, and however a number is spaced
or spelled out. Rather too much than too little: who has the surname “Long” takes that word from everybody. First names
stay; so do times ("10:30-11:30"). Knows no text of ours.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hub.threads.plain import Plain, plain, simple

NUMBER, NAME, LINK, PLACE = "[number]", "[name]", "[link]", "[place]"
LONG_ENOUGH = 7  # digits in a row are somebody's number
PART_OF_ONE = 5  # so many of a number that we know: it may come in two texts

_WORDS_FOR_DIGITS = {
    1: "zero oh o nought naught nil one two three four five six seven eight nine ten twenty thirty forty fifty sixty"
    " seventy eighty ninety sero dim un dau dwy tri tair pedwar pedair pump chwech chwe saith wyth naw deg",
    2: "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen hundred cant double dwbl",
    3: "thousand treble triple mil",
}
_WEIGHT = {word: weight for weight, words in _WORDS_FOR_DIGITS.items() for word in words.split()}
_ONE_DIGIT = rf"(?:\d|\b(?:{'|'.join(sorted(_WEIGHT, key=len, reverse=True))})(?=\b|\d))"
_BETWEEN = r"(?:[\W_]{0,6}|[\W_]+(?:and|then|ac|a)[\W_]+)"
_RUN = re.compile(rf"\+?\(?{_ONE_DIGIT}(?:{_BETWEEN}{_ONE_DIGIT}){{4,}}")
_UNIT = re.compile(r"\d|[a-z]+")
_TIMES = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d\s*(?:-|to|till|until|and)?\s*(?:[01]?\d|2[0-3])[:.][0-5]\d")

_DOT, _AT = r"(?:\.|\s*[(\[]?\bdot\b[)\]]?\s*)", r"(?:\s*@\s*|\s*[(\[]\s*at\s*[)\]]\s*|\s+at\s+)"
_TOP = r"(?:com|org|net|uk|io|gov|info|biz|eu|xyz|wales|cymru|app|link|ly|gg|tv|co)\b"
_PATTERNS = (
    (re.compile(r"(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}/\S*"), LINK),
    (re.compile(r"(?<![\w.+-])[\w.+-]+\s*@\s*[\w-]+(?:\.[\w-]+)+"), LINK),
    (re.compile(rf"(?<![\w.+-])[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*?{_DOT}{_TOP}"), LINK),
    (re.compile(rf"(?<![\w.-])[\w-]+(?:\.[\w-]+)*?{_DOT}{_TOP}(?:/\S*)?"), LINK),
    # A postcode's second half never has one of c i k m o v (Royal Mail).
    (re.compile(r"\b[a-z]{1,2}[ .-]?\d[a-z\d]?[ .,-]{0,3}\d[ .-]?[abd-hjlnp-uw-z][ .-]?[abd-hjlnp-uw-z]\b"), PLACE),
    (re.compile(r"\b[a-z]{2}[ .-]?\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?[a-d]\b"), NUMBER),  # National Insurance
    (re.compile(r"\b[a-z]{1,5}\s?[/\-]\s?\d+(?:\s?[/\-]\s?\d+)+"), NUMBER),  # a case's reference
    (re.compile(r"\b(?=\w*[a-z])(?=(?:\w*\d){4})(?!\d{1,4}(?:am|pm)\b)\w{6,}\b"), NUMBER),  # one in a single piece
)
_HANDLE = re.compile(r"@\s?([\w.]+)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is known of those in a thread. `first_names` stay, also where they are somebody's surname.

    `full_names`: first name and surname of whoever has a surname that is a first name here.
    """

    surnames: frozenset[str] = frozenset()
    first_names: frozenset[str] = frozenset()
    full_names: frozenset[tuple[str, str]] = frozenset()
    numbers: frozenset[str] = frozenset()  # digits, or whatever else an address is
    references: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()  # conditions and places, of two words or more


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    instead: str


def mask(words: str, hidden: Hidden, *, only_known: bool = False) -> tuple[str, int]:
    """The words without what is hidden, and how often something was taken out.

    `only_known`: a worker's words: numbers of services and links of ours pass on.
    """
    taken = 0
    for _ in range(3):  # what stands apart because something between was taken out
        read = plain(words)
        found = list(_all(read, hidden, only_known=only_known))
        if not found:
            break
        words, count = _without(words, read, found)
        taken += count
    return words, taken


def _all(read: Plain, hidden: Hidden, *, only_known: bool) -> Iterator[_Found]:
    yield from _known(read, hidden)
    yield from _runs(read, hidden, only_known=only_known)
    if only_known:
        return
    for pattern, instead in _PATTERNS:
        for match in pattern.finditer(read.text):
            yield _Found(*match.span(), instead)
    for match in _HANDLE.finditer(read.text):
        if match[1].strip(".") not in hidden.first_names:
            yield _Found(*match.span(), NAME)


def _known(read: Plain, hidden: Hidden) -> Iterator[_Found]:
    for reference in hidden.references:
        yield from _spelled(read, reference, NUMBER)
    for number in hidden.numbers:
        yield from _spelled(read, number, NUMBER)
    for phrase in hidden.phrases:
        yield from _spelled(read, phrase, PLACE)
    for surname in hidden.surnames:
        for match in re.finditer(rf"(?<!\w){_apart(surname)}(?:['’]?s['’]?)?(?!\w)", read.text):
            yield _Found(*match.span(), NAME)
    for first, surname in hidden.full_names:
        for match in re.finditer(
            rf"(?<!\w){_apart(first)}[\W_]{{0,3}}({_apart(surname)}(?:['’]?s['’]?)?)(?!\w)", read.text
        ):
            yield _Found(*match.span(1), NAME)


def _spelled(read: Plain, what: str, instead: str) -> Iterator[_Found]:
    """However it is spaced and joined."""
    if not simple(what):
        return
    for match in re.finditer(rf"(?<![\w']){_apart(what)}(?!\w)", read.text):
        yield _Found(*match.span(), instead)


def _apart(what: str) -> str:
    """Letter by letter, with a space, a dot or a stroke between any two."""
    return r"[\W_]{0,8}".join(map(re.escape, simple(what)))


def _runs(read: Plain, hidden: Hidden, *, only_known: bool) -> Iterator[_Found]:
    for match in _RUN.finditer(read.text):
        digits, length = _digits(match.group())
        mine = len(digits) >= PART_OF_ONE and any(digits in number for number in hidden.numbers)
        longer = any(len(number) >= LONG_ENOUGH and number[-9:] in digits for number in hidden.numbers)
        long = length >= LONG_ENOUGH and not only_known and not _TIMES.fullmatch(match.group().strip("( +"))
        if mine or longer or long:
            yield _Found(*match.span(), NUMBER)


def _digits(run: str) -> tuple[str, int]:
    """Those that stand there as digits, and how many there are with those that are written out."""
    units = _UNIT.findall(run)
    digits = "".join(unit for unit in units if unit.isdigit())
    return digits, len(digits) + sum(_WEIGHT.get(unit, 0) for unit in units)


def _without(words: str, read: Plain, found: Collection[_Found]) -> tuple[str, int]:
    """Where two finds overlap they are one, under the name of the first."""
    made, at, count = "", 0, 0
    for start, end, instead in _joined(found):
        made += words[at : read.at[start]] + instead
        at, count = read.end[end - 1], count + 1
    return made + words[at:], count


def _joined(found: Collection[_Found]) -> Iterator[tuple[int, int, str]]:
    start = end = 0
    instead = ""
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if instead and each.start < end:
            end = max(end, each.end)
            continue
        if instead:
            yield start, end, instead
        start, end, instead = each.start, each.end, each.instead
    if instead:
        yield start, end, instead
