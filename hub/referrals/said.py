"""What a referrer says, field by field, and what is wrong with it. The form and the API share it: same rules.

What is wrong is a code for each field; the sentence for it stands with the words of the pages. Knows no page, no store.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from hub.addresses import Mobile, parse_mobile
from hub.errors import BadAddress
from hub.referrals.ages import GUARDIAN, OLDEST, YOUNG, Band, age_on, band_on, needed

ROLES = ("teacher", "youth_worker", "social_worker", "health", "housing", "police", "other")
RELATIONS = ("parent", "family", "carer", "council", "other")
SAFE = ("yes", "careful", "no", "unknown")  # careful: others may read it
WHY = ("school", "friends", "home", "substances", "online", "exploited", "police", "other")
TOLD, RISK = "yes", "risk"  # who looks after them: told; or telling them would put the child at risk
LINE, WORDS = 100, 300  # characters: of a line, and of their own words
LANGUAGES = re.compile(r"[a-z]{2}")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_OFFICE = re.compile(r"\+?[\d ()-]{7,20}")


@dataclass(frozen=True, slots=True)
class Somebody:
    """How one of them is reached. `phone` is E.164, or empty."""

    name: str
    phone: str
    safe: str  # of SAFE
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """All of it, checked. `guardian_told`: TOLD or RISK; empty where nobody else is asked."""

    referrer_name: str
    referrer_role: str
    organisation: str
    email: str
    referrer_phone: str
    young: Somebody
    born: date
    language: str
    guardian: Somebody | None
    guardian_told: str
    why: tuple[str, ...]
    why_words: str
    good_at: str
    safety: str

    def who(self, who: str) -> Somebody | None:
        return {YOUNG: self.young, GUARDIAN: self.guardian}[who]

    def first_name(self, who: str = YOUNG) -> str:
        found = self.who(who)
        return found.name.split(" ")[0] if found else ""

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"born": self.born.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> "Said":
        known = json.loads(text)
        guardian = known.pop("guardian")
        return cls(
            **known
            | {
                "born": date.fromisoformat(known["born"]),
                "young": Somebody(**known["young"]),
                "guardian": Somebody(**guardian) if guardian else None,
                "why": tuple(known["why"]),
            }
        )


Typed = Mapping[str, str]
Errors = dict[str, str]

# The pages of the form and what each asks. `why` holds codes with commas between.
PAGES: Mapping[str, tuple[str, ...]] = {
    "you": ("referrer_name", "referrer_role", "organisation", "email", "referrer_phone"),
    "young": ("young_name", "born", "told"),
    "reach": ("young_phone", "young_safe", "language"),
    "guardian": ("guardian_name", "guardian_relation", "guardian_phone", "guardian_safe", "guardian_told"),
    "why": ("why", "why_words"),
    "good": ("good_at",),
    "safety": ("safety",),
}


def pages_for(typed: Typed, today: date) -> Sequence[str]:
    """Who looks after them is asked about only where their yes is needed."""
    born = read_day(typed.get("born", ""))
    young = born is not None and GUARDIAN not in needed(band_on(born, today))
    return [page for page in PAGES if page != "guardian" or not young]


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def check(
    typed: Typed, today: date, *, adults: bool, fictional: bool, only: str | None = None
) -> tuple[Said | None, Errors]:
    """`only`: of one page; nothing is made of it then."""
    errors: Errors = {}
    for page in pages_for(typed, today):
        if only in (None, page):
            _PAGE_CHECKS[page](typed, errors, fictional)
    if only in (None, "young") and "born" not in errors:
        _check_age(typed, today, errors, adults=adults)
    if errors or only is not None:
        return None, errors
    return _made(typed, today, fictional), errors


def _check_age(typed: Typed, today: date, errors: Errors, *, adults: bool) -> None:
    born = read_day(typed.get("born", ""))
    if born is None or not 0 <= age_on(born, today) <= OLDEST:
        errors["born"] = "born_wrong"
        return
    band = band_on(born, today)
    if band is Band.UNDER_10:
        errors["born"] = "born_under_10"
    elif band is Band.ADULT and not adults:
        errors["born"] = "born_adult"


def _check_you(typed: Typed, errors: Errors, _fictional: bool) -> None:
    _line(typed, errors, "referrer_name")
    _one_of(typed, errors, "referrer_role", ROLES)
    _line(typed, errors, "organisation")
    if not _EMAIL.fullmatch(typed.get("email", "")) or len(typed.get("email", "")) > LINE:
        errors["email"] = "email_wrong"
    if not _OFFICE.fullmatch(typed.get("referrer_phone", "")):
        errors["referrer_phone"] = "referrer_phone_wrong"


def _check_young(typed: Typed, errors: Errors, _fictional: bool) -> None:
    _line(typed, errors, "young_name")
    if typed.get("told") != TOLD:
        errors["told"] = "told_missing" if not typed.get("told") else "told_not"


def _check_reach(typed: Typed, errors: Errors, fictional: bool) -> None:
    """A number may be missing: a worker then finds another way. A wrong one may not stand."""
    _mobile(typed, errors, "young_phone", fictional)
    _one_of(typed, errors, "young_safe", SAFE)
    if typed.get("young_safe") in {"yes", "careful"} and not typed.get("young_phone"):
        errors["young_phone"] = "young_phone_missing"
    if not LANGUAGES.fullmatch(typed.get("language", "")):
        errors["language"] = "language_missing"


def _check_guardian(typed: Typed, errors: Errors, fictional: bool) -> None:
    _line(typed, errors, "guardian_name")
    _one_of(typed, errors, "guardian_relation", RELATIONS)
    _mobile(typed, errors, "guardian_phone", fictional)
    _one_of(typed, errors, "guardian_safe", SAFE)
    if typed.get("guardian_safe") in {"yes", "careful"} and not typed.get("guardian_phone"):
        errors["guardian_phone"] = "guardian_phone_missing"
    if typed.get("guardian_told") not in {TOLD, RISK}:
        errors["guardian_told"] = "guardian_told_missing" if not typed.get("guardian_told") else "guardian_told_not"


def _check_why(typed: Typed, errors: Errors, _fictional: bool) -> None:
    chosen = codes(typed.get("why", ""))
    if not chosen or set(chosen) - set(WHY):
        errors["why"] = "why_missing"
    _words(typed, errors, "why_words")


def _check_good(typed: Typed, errors: Errors, _fictional: bool) -> None:
    _words(typed, errors, "good_at")


def _check_safety(typed: Typed, errors: Errors, _fictional: bool) -> None:
    _words(typed, errors, "safety")


_PAGE_CHECKS: Mapping[str, Callable[[Typed, Errors, bool], None]] = {
    "you": _check_you,
    "young": _check_young,
    "reach": _check_reach,
    "guardian": _check_guardian,
    "why": _check_why,
    "good": _check_good,
    "safety": _check_safety,
}


def codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in text.split(",") if code)


def _line(typed: Typed, errors: Errors, name: str) -> None:
    said = typed.get(name, "")
    if not said or len(said) > LINE:
        errors[name] = f"{name}_missing" if not said else "too_long_line"


def _words(typed: Typed, errors: Errors, name: str) -> None:
    if len(typed.get(name, "")) > WORDS:
        errors[name] = "too_long_words"


def _one_of(typed: Typed, errors: Errors, name: str, known: Sequence[str]) -> None:
    if typed.get(name) not in known:
        errors[name] = f"{name}_missing"


def _mobile(typed: Typed, errors: Errors, name: str, fictional: bool) -> None:
    if not typed.get(name):
        return
    try:
        parse_mobile(typed[name], fictional=fictional)
    except BadAddress:
        errors[name] = "mobile_wrong"


def _number(typed: Typed, name: str, fictional: bool) -> str:
    found: Mobile | None = parse_mobile(typed[name], fictional=fictional) if typed.get(name) else None
    return found.e164 if found else ""


def _made(typed: Typed, today: date, fictional: bool) -> Said:
    born = date.fromisoformat(typed["born"])
    asks_guardian = GUARDIAN in needed(band_on(born, today))
    guardian = Somebody(
        typed.get("guardian_name", ""),
        _number(typed, "guardian_phone", fictional),
        typed.get("guardian_safe", ""),
        typed.get("guardian_relation", ""),
    )
    return Said(
        referrer_name=typed["referrer_name"],
        referrer_role=typed["referrer_role"],
        organisation=typed["organisation"],
        email=typed["email"],
        referrer_phone=typed["referrer_phone"],
        young=Somebody(typed["young_name"], _number(typed, "young_phone", fictional), typed["young_safe"]),
        born=born,
        language=typed["language"],
        guardian=guardian if asks_guardian else None,
        guardian_told=typed["guardian_told"] if asks_guardian else "",
        why=codes(typed["why"]),
        why_words=typed.get("why_words", ""),
        good_at=typed.get("good_at", ""),
        safety=typed.get("safety", ""),
    )
