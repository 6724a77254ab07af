"""Two weeks in the life of the invented people, as a list of moments: what is told here really happens in the hub,
on a clock that runs through it, with the real assistant. Days count back from the day on which the visitor arrives.
"""

from dataclasses import dataclass
from typing import Any

from hub.words import Relation, Sees


@dataclass(frozen=True, slots=True)
class Moment:
    """On day `day` (0 is today, -13 is thirteen days ago) at `at`, local time, `who` does `what`."""

    day: int
    at: str
    who: str
    what: str  # says, joins, sends_photo or gives_code; else the name of something that happens (seed.py)
    detail: str = ""
    more: tuple[tuple[str, Any], ...] = ()

    @property
    def extra(self) -> dict[str, Any]:
        return dict(self.more)


def appointment(day: int, who: str, on: int, at: str, **parts: Any) -> Moment:
    """An appointment made on `day` for day `on`."""
    return Moment(day, "09:05", who, "appointment", at, (("on", on), *parts.items()))


STORY = (
    # --- Sam Carter: conditional caution, a course with Priya's partner service -----------------------
    appointment(-13, "sam", -6, "14:00", with_whom="Priya", place="1 High St, Northtown", proof_wanted=True),
    Moment(-13, "10:20", "sam", "says", "who is this"),
    Moment(-9, "10:30", "sam", "says", "yes ill be there"),
    Moment(-7, "10:12", "sam", "says", "1"),
    Moment(-6, "14:06", "sam", "gives_code", "right"),
    appointment(
        -6,
        "sam",
        1,
        "14:00",
        with_whom="Priya",
        place="1 High St, Northtown",
        bring="the form we gave you",
        directions="Bus 6 stops outside; it is 5 minutes on foot from the station",
        proof_wanted=True,
    ),
    Moment(-6, "14:40", "sam", "check_in"),
    Moment(-6, "15:02", "sam", "says", "2"),
    Moment(-6, "15:03", "sam", "says", "no im ok thanks"),
    Moment(-6, "15:04", "sam", "says", "no"),
    Moment(-6, "15:05", "sam", "says", "2"),
    Moment(-2, "10:25", "sam", "says", "wheres it at again"),
    # --- Sam's mother and mentor: with a code that Sam hands on; what they write reaches each other -----
    Moment(-13, "11:30", "sam", "invites", "Dawn Carter", (("relation", Relation.FAMILY),)),
    Moment(-13, "12:02", "dawn", "joins"),
    Moment(-13, "12:04", "dawn", "says", "1"),
    Moment(-13, "13:20", "sam", "invites", "Marcus Bell", (("relation", Relation.MENTOR),)),
    Moment(-13, "13:40", "marcus", "joins"),
    Moment(-13, "13:41", "marcus", "says", "1"),
    Moment(-12, "11:00", "sam", "no_contact", "Darren Pike", (("numbers", ["+447700900190"]), ("why", "co_accused"))),
    Moment(-8, "18:10", "dawn", "says", "I am off on the day so I can drive you there"),
    Moment(-8, "18:25", "sam", "says", "@all thanks mum that helps"),
    Moment(-8, "18:40", "marcus", "says", "Good. I will wait outside at ten to two as well"),
    Moment(-6, "15:30", "sam", "says", "@all done it, all went well"),
    Moment(-6, "15:42", "dawn", "says", "Well done love, so glad"),
    Moment(-5, "10:15", "sam", "writes_to_all", "Hello all. It helps a lot that you are there. Thank you."),
    Moment(-1, "16:30", "sam", "invites", "Nan", (("relation", Relation.FAMILY), ("sees", Sees.DATES))),
    Moment(-1, "17:20", "dawn", "says", "Same again this time? I can bring you"),
    # --- Kyle Draper: cannot come, asks for another time ----------------------------------------------
    appointment(-8, "kyle", 2, "11:00", with_whom="Priya", place="1 High St, Northtown"),
    Moment(-1, "18:40", "kyle", "says", "cant make weds got a job interview can we do fri instead"),
    # --- Megan Price: writes in Welsh ------------------------------------------------------------------
    appointment(-6, "megan", 1, "10:30", with_whom="Priya", place="1 High St, Northtown"),
    Moment(-2, "10:40", "megan", "says", "bydda i yna diolch"),
    # --- Yusuf Ali: gave a photo as proof --------------------------------------------------------------
    appointment(
        -9,
        "yusuf",
        -1,
        "15:00",
        with_whom="the driving course",
        place="Leisure centre, Mill Rd",
        proof_wanted=True,
    ),
    Moment(-4, "10:31", "yusuf", "says", "1"),
    Moment(-1, "15:20", "yusuf", "sends_photo", "certificate"),
    # --- Jade Morris: low in her check-in --------------------------------------------------------------
    appointment(-5, "jade", 5, "09:30", with_whom="Priya", place="Northtown police station, front desk"),
    Moment(-1, "11:00", "jade", "check_in"),
    Moment(-1, "12:15", "jade", "says", "5"),
    Moment(-1, "12:17", "jade", "says", "4"),
    Moment(-1, "12:18", "jade", "says", "2"),
    Moment(-1, "12:19", "jade", "says", "1"),
    # --- Liam Obi: missed one, silent since ------------------------------------------------------------
    appointment(-10, "liam", -3, "13:00", with_whom="Tom", place="1 High St, Northtown"),
    Moment(-3, "16:00", "liam", "outcome", "missed"),
    # --- Carol Finch: all is well ----------------------------------------------------------------------
    appointment(-12, "carol", -4, "10:00", with_whom="Priya", place="1 High St, Northtown"),
    Moment(-11, "11:00", "carol", "says", "Yes I will come. Thank you"),
    Moment(-4, "10:45", "carol", "outcome", "attended"),
    appointment(-4, "carol", 3, "10:00", with_whom="Priya", place="1 High St, Northtown"),
    Moment(0, "09:20", "carol", "says", "can someone ring me please its about my benefits"),
    # --- Dev Patel, Tasha Green, Bryn Hughes -------------------------------------------------------------
    appointment(-7, "dev", 0, "16:00", with_whom="Priya", place="1 High St, Northtown"),
    Moment(-1, "10:50", "dev", "says", "running late might be 10 mins is that ok"),
    appointment(-7, "tasha", 4, "12:00", with_whom="Tom", place="1 High St, Northtown"),
    Moment(-3, "10:10", "tasha", "says", "STOP"),
    appointment(-7, "bryn", 1, "15:30", with_whom="Priya", place="1 High St, Northtown"),
    Moment(-2, "23:10", "bryn", "says", "cant do this anymore whats the point of me"),
    Moment(-1, "08:45", "bryn", "reply", "Hi Bryn, it is Priya. I am calling you now, and I am here all morning."),
    Moment(-1, "09:30", "bryn", "says", "thanks for ringing. feel a bit better"),
    Moment(-1, "09:50", "bryn", "close", "Spoke by phone. Safe, with his sister today. GP appointment booked."),
    # --- Victims ------------------------------------------------------------------------------------------
    Moment(-12, "11:00", "leila", "news", "reported", (("reason", ""),)),
    Moment(-5, "15:30", "leila", "news", "suspect_identified", (("reason", "A witness came forward"),)),
    Moment(-4, "10:15", "leila", "says", "thank you. what happens next with my case"),
    Moment(
        -3,
        "10:00",
        "leila",
        "reply",
        "Hello Leila, Ann here. The officer will speak to them this week. I will write by Friday.",
    ),
    Moment(-3, "10:05", "leila", "close", "Explained next steps"),
    Moment(-3, "10:06", "leila", "hand_back"),
    Moment(0, "09:30", "leila", "survey", "victim_satisfaction"),
    Moment(-6, "11:00", "rosa", "survey", "victim_satisfaction"),
    Moment(-6, "12:05", "rosa", "says", "yes"),
    Moment(-6, "12:07", "rosa", "says", "2"),
    Moment(-2, "10:00", "harold", "news", "charged", (("reason", "There is enough evidence."),)),
    Moment(-2, "10:45", "harold", "says", "wrong number mate i think"),
    Moment(-1, "14:00", "nia", "news", "outcome", (("reason", "The court has finished"),)),
    Moment(-1, "16:20", "nia", "says", "Thank you. Is there anyone I can talk to?"),
)
