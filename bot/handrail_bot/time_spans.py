"""Finds the words of a text that say when: "nxt tues about 3". Must not reckon with them.

They are left as written: the hub knows the date of today and reads them there.
"""

import re

_WEEKDAY = (
    r"(?:mon|tues?|wed(?:s|nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:days?)?|mondy|tu[es]{1,3}day|wend?e?n?sday|wensday|"
    r"th[iue]rsday|thursd|fry?day|satday"
)
_RELATIVE = (
    r"to?day|2day|to?nig?h?te?|2nite|week ?ends?|wkends?|week ?days?|"
    r"t(?:o|om+)?m+or+ow|tomor+[ao]|tomoz+|tomos|tmrw|tmr|tmw|"
    r"2mor(?:o|row|ra)|2moz|2mrw|yesterday|fortnight|"
    r"(?:the )?day (?:after|before)(?: (?:the )?(?:app\w*|tomorrow))?|"
    r"(?:an?|\d{1,2}|half an|couple of|few) (?:day|week|hour|hr)s? (?:later|earlier|after|before|time|today)|"
    r"same time|same day|midweek|"
    r"(?:start|middle|mid|end|beginning) of (?:the |next |this )?(?:week|month)|"
    r"(?:next|nxt|this) (?:week|wk|month|weekend)|(?:week|wk) (?:on )?(?:after next|today)"
)
_WELSH = (
    r"d?dydd (?:llun|mawrth|mercher|iau|gwener|sadwrn|sul)|"
    r"nos (?:lun|fawrth|fercher|iau|wener|sadwrn|sul)|y?fory|heddiw|heno|"
    r"[td]rennydd|[td]radwy|(?:yr )?wythnos nesaf?|mis nesaf?|penwythnos|[pb]ythefnos|bore|prynhawn|pnawn|noson|"
    r"(?:hanner awr|chwarter) (?:wedi|i) \w+|\w+ o'?r gloch"
)
_ABROAD = (
    r"poniedzia[lł]\w+|wtor\w+|[sś]rod[aeyęo]|czwart\w+|pi[aą]t(?:ek|ku)|sobot[aeyę]|niedziel[aeię]|jutro|pojutrze|"
    r"luni|mar[tț]i|miercuri|joi|vineri|s[aâ]mb[aă]t[aă]|duminic[aă]|m[aâ]ine|poim[aâ]ine|"
    r"somwar|somvar|mangal\w*|budh\w*|jumer\w+|jum+ah?|"
    r"veervar|virvar|shukk?arvar|sanichar|shanivar|[ia]it[wv]ar|itvar|kal|parso\w?|"
    r"\w+ [bv]aje"
)
_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_MONTH = (
    r"\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|\d{1,2}(?:st|nd|rd|th)|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?"
)
_HOUR = (
    r"\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|\d{1,2}[:.]\d\d|\d{4} ?h(?:ou)?rs|\d{3,4} ?[ap]m"
    rf"|(?:half|quarter|ten|five|twenty|\d{{1,2}})(?: (?:to|past)) {_NUMBER}|half {_NUMBER}"
    rf"|(?:at|after|before|b4|about|bout|around|by|till?|until|past|from|between|not before) "
    rf"{_NUMBER}(?: (?:and|to|til) {_NUMBER})?"
    rf"|{_NUMBER} ?ish|\d+ ?(?:mins?|minutes?|hrs?|hours?|days|weeks)|{_NUMBER} ?o'? ?clock"
    r"|noon|midday|midnight|mornin\w*|afternoons?|arvo|evenings?|nights?|lunch ?(?:time)?|dinner ?time|tea ?time|"
    r"(?:after|before) (?:the )?(?:school(?: run)?|pick ?up|drop ?off|work)|first thing|last thing"
)
_WHEN = (
    r"(?:next|nxt|this|every|any|not|first|end of|in|at|on|about|bout|around|after|before|b4|until|til|"
    r"by|from|between|late|early|"
    r"(?:a )?(?:week|wk|fortnight) on)"
)
TIME = re.compile(
    rf"(?<!\w)(?:{_WHEN} )*(?:{_RELATIVE}|{_WELSH}|{_MONTH}|{_HOUR}|(?:{_WEEKDAY})(?: (?:week|wk))?|{_ABROAD})(?!\w)",
    re.IGNORECASE,
)


def time_in(text: str) -> str | None:
    """From the first word of time to the last one, as written."""
    found = list(TIME.finditer(text))
    return text[found[0].start() : found[-1].end()].strip() if found else None
