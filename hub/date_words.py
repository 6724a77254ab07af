"""The words of days and times, and the slang, short forms and Welsh that stand for them. Data only."""

import re
from datetime import time

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *(
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    ),
)
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        start=1,
    )
}
# From when until when; the first that stands in the text counts.
PARTS = {
    "morning": (time(0), time(12)),
    "lunchtime": (time(12), time(14)),
    "afternoon": (time(12), time(17)),
    "evening": (time(16), time(23)),
}

_WELSH = {
    r"dydd llun|llun": "monday",
    r"dydd mawrth": "tuesday",  # "mawrth" alone is March, too: read as the day only with "dydd"
    r"dydd mercher|mercher": "wednesday",
    r"dydd iau|iau": "thursday",
    r"dydd gwener|gwener": "friday",
    r"dydd sadwrn|sadwrn": "saturday",
    r"dydd sul": "sunday",
    r"ionawr": "january",
    r"chwefror": "february",
    r"mawrth": "march",
    r"ebrill": "april",
    r"mai": "may",
    r"mehefin": "june",
    r"gorffennaf": "july",
    r"awst": "august",
    r"medi": "september",
    r"hydref": "october",
    r"tachwedd": "november",
    r"rhagfyr": "december",
    r"yfory|fory": "tomorrow",
    r"heddiw": "today",
    r"drennydd": "day after tomorrow",
    r"wythnos nesaf": "next week",
    r"bore": "morning",
    r"prynhawn|pnawn": "afternoon",
    r"hanner dydd|canol dydd": "midday",
    r"hanner awr wedi": "half past",
    r"unrhyw ddiwrnod": "any day",
    r"heblaw|ond": "except",
    r"ar ol": "after",
    r"cyn": "before",
    r"am (?=\d)": "at ",
    r"neu": "or",
}
_DAY = "|".join([*WEEKDAYS, "tomorrow", "today"])
_SLANG = {
    r"day after 2mor+ow": "day after tomorrow",
    r"2mor+ow|2moz|2mor+o|2mora|tomor+ow|tomoro|tomoz|tommorow|tommorrow|tmrw|tmoz|tmw|tmr|2mro": "tomorrow",
    r"2day|2dy|tday|tonight|2nite": "today",
    rf"({_DAY}) am": r"\1 morning",
    rf"({_DAY}) pm": r"\1 afternoon",
    r"arvo|afternoons|aft": "afternoon",
    r"mornings|morn|mornin": "morning",
    r"lunch ?time|lunch|dinner ?time": "lunchtime",
    r"after work|evenings|eve": "evening",
    r"12 noon|noon|mid day": "midday",
    r"b4": "before",
    r"nxt": "next",
    r"wk|wks": "week",
    r"wens?day|wednes|wendsday|wedensday": "wednesday",
    r"thursd?ay|thirsday|thrs": "thursday",
    r"o clock": "oclock",
    r"a week on (\w+)|week on (\w+)": r"\1\2 week",
}
REPLACEMENTS = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), plain) for words in (_WELSH, _SLANG) for pattern, plain in words.items()
)
