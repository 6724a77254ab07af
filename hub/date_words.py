"""The English words of days and times, with the slang, short forms and typos that stand for them.

Data only. The words of other languages are in `date_words_abroad`. Must not know how they are put together.
"""

from datetime import time

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "frid", "fri"),
            ("saturday", "satur", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "febuary", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
# From when until when a part of the day lasts; the longer name stands first, because the first that fits is taken.
PARTS = {
    "early morning": (time(0), time(10)),
    "late morning": (time(10, 30), time(12)),
    "mid morning": (time(10), time(12)),
    "first thing": (time(0), time(10)),
    "morning": (time(0), time(12)),
    "lunchtime": (time(12), time(14)),
    "early afternoon": (time(12), time(14, 30)),
    "mid afternoon": (time(14), time(16)),
    "late afternoon": (time(15, 30), time(17, 30)),
    "afternoon": (time(12), time(17)),
    "teatime": (time(16), time(18, 30)),
    "last thing": (time(16), time(19)),
    "school hours": (time(9, 15), time(15)),
    "early evening": (time(16), time(19)),
    "evening": (time(16), time(23)),
    "night": (time(18), time(23)),
}
ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50}
ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
            *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
            *("eighteenth", "nineteenth", "twentieth"),
        ),
        start=1,
    )
} | {"thirtieth": 30}

NOT_TYPOS = frozenset(  # end like a day's name, but are words of their own
    [
        "today",
        "yesterday",
        "midday",
        "weekday",
        "birthday",
        "holiday",
        "payday",
        "sturdy",
        "everyday",
        "anyday",
        "someday",
        "workday",
        "bday",
        "sundry",
        "body",
    ]
)

# School hours: most schools open their doors at 8:45 to 9 and close them at 15:00 to 15:30.
SLANG = {
    r"b4|bfore|befor|b ?fore|sooner than|earlier than": "before",
    r"aftr|afta|later than": "after",
    # --- no days or times, though they look like it
    r"good (?:morning|mornin|afternoon|evening|nite|night)": " ",
    r"(?:i|im|been|just|was|were|he|she) sat": " ",
    # --- days
    r"2mor+ow|2moz|2mo?r+o|2mora|2mrw|2morra|2mora|tomor+ow|tomoro|tomorra|tomoz+|tomos|tmoz|tmrw|tmorrow|tmro|tmw|tmr|tmo|morrow": "tomorrow",  # noqa: E501
    r"2day|2dy|tday|2dai": "today",
    r"(?:2|to?)n(?:ight|ite)|this evening": "today evening",
    r"overmorrow": "day after tomorrow",
    r"wens|wednes|wens?dy|wendsday|wedensday|weddnesday": "wednesday",
    r"thurz?|thrs|thirs|thursd|thersday|thirsday": "thursday",
    r"chewsday|chuesday|toosday|tuseday|tuesd": "tuesday",
    r"fryday|frydy|fridee|frdy": "friday",
    r"sat ?day|satdy|satdi|satdee": "saturday",
    r"mundy|munday|mondee": "monday",
    r"sundee|sundy": "sunday",
    r"wkends?|w ?end|wkend|week end": "weekend",
    r"week days": "weekdays",
    # --- parts of the day
    r"arvo|afters|aft|afternoons|afternon|aftanoon|afternoonish|afty|avo|this pm|in the pm|pms": "afternoon",
    r"mornings?|morns?|mornin|mornins|mornig|moring|morningish|mawnin|this am|in the am|ams": "morning",
    r"lunch ?times?|lunch ?break|lunch|dinner ?times?|dinnertime|dinner|dinnah": "lunchtime",
    r"tea ?times?": "teatime",
    r"i? ?(?:finish|knock off|get off|clock off)(?: work| school| college)?(?: at)? (?=\d)": "after ",
    r"after work|evenings?|eves?|evenin|evning": "evening",
    r"nites?|nights": "night",
    r"1st thing|first ting|early doors|crack of dawn": "first thing",
    r"end of (?:the )?day|close of play|last ting": "last thing",
    r"(?:the )?12 ?noon|twelve noon|noon|mid day|12 midday": "midday",
    r"(?:12|twelve) midnight|12 at night": "midnight",
    r"before work": "before 9am",
    r"(?:during|in|within|while the kids are (?:at|in)|when the kids are (?:at|in)) (?:the )?school(?: hours| time)?": "school hours",  # noqa: E501
    r"after (?:the |my )?(?:morning )?(?:school run|school drop ?off|drop ?off|nursery run|dropping (?:the |my )?(?:kids|boy|girl|son|daughter|little one)(?: off)?(?: at school)?|i drop (?:the |my )?kids(?: off)?(?: at school)?)": "after 9:15am",  # noqa: E501
    r"before (?:the |my )?(?:afternoon )?(?:school run|school pick ?up|pick ?up|picking (?:the |my )?kids up|school finishes|i (?:pick|get) (?:the |my )?kids(?: up)?)": "before 2:45pm",  # noqa: E501
    r"after (?:the |my )?(?:school pick ?up|pick ?up|afternoon school run|picking (?:the |my )?kids up|school(?: finishes| time)?|the kids finish(?: school)?)": "after 3:30pm",  # noqa: E501
    r"after lunchtime": "after 1pm",
    r"before lunchtime": "before 12pm",
    r"after (?:my )?(?:teatime|tea)": "after 6pm",
    r"before (?:my )?(?:teatime|tea)": "before 4pm",
    # --- small words
    r"til|till|untill|untl": "until",
    r"nxt|nex|nx": "next",
    r"dis|diss|ths": "this",
    r"wk|weak": "week",
    r"wks": "weeks",
    r"mth|mnth": "month",
    r"forthnight|fornight|2wks": "fortnight",
    r"sumtimes?|sometimes?|some time": " ",
    r"o ?cl?o?c?k?lock|o ?clock|oclok|oclk|o ?clok|o c": "oclock",
    r"bout|abt|abot|abou|roundabout|round about|round|arnd|arround|aroud|roughly|approx|approximately|circa|nearer|say": "about",  # noqa: E501
    r"aroun": "around",
    r"arf|haf|halve|1/2(?= past)": "half",
    r"half ?past|half after|half gone": "half past",
    r"(?:a )?(?:quarter|qtr|quater|quarta|1/4(?= (?:to|past)\b))": "quarter",
    r"excpet|xcept|exept|except for|bar|apart from|other than|besides|instead of|rather than": "except",
    r"cannot|can not|carnt|cnt|cant|couldnt|unable|not able|wont|will not|cudnt": "cant",
    r"inbetween|in between|betwen|btwn|bw|between the hours of": "between",
    r"anyday|ne ?day|every ?day|all days|any days": "any day",
    r"any ?times?|ne ?time|ny time|any ?when": "any time",
    r"whenevs|when ever|when suits(?: you| u)?|you choose|u choose|up to (?:you|u)|(?:i )?dont mind|not fussed|"
    r"im easy|no preference|asap|soon as|soonest|earliest you have": "whenever",
}
