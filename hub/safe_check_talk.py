"""Setting “are you safe?” by text: which time, what is set, that it is moved or taken back.

Every text that others may not read says when we ask, whom we tell of silence, and that this is no emergency service. On
a phone that others may read there is a time and nothing more; the rest is told the first time, after "is now a good
time?". Knows neither the words that people write nor a screen.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from hub import safe_check_plans, safe_check_words, safe_circle, safe_wishes, when_safe
from hub.day_words import days_in_words
from hub.errors import NotAllowed
from hub.handling import Handling
from hub.safe_check_words import Time
from hub.safe_checks import TO_ASK
from hub.states import SafeState
from hub.store.tables import SafeCheck, SafePlan
from hub.times import at_local, local, say_time, say_when
from hub.when_safe import told_when_safe
from hub.words import Awaiting

MENU = "safe_check_menu"  # of the open question's subject
EVENING, MORNING = time(22), time(8)  # the third choice: tonight, or the next morning when that is past
SHOWN = 3  # times
NEAR = timedelta(hours=18)  # further away, the day is said too: a text can be read late


async def set_from(handling: Handling, words: str) -> None:
    """“Check on me” with a time behind it, or without: then they choose one."""
    wish = safe_check_words.time_in(words, handling.now, safe_wishes.zone_of(handling.person)) if words else None
    if wish is None:
        return await ask_when(handling, "are_you_safe.which_time" if words else "are_you_safe.menu")
    await set_time(handling, wish)


async def set_time(handling: Handling, wish: Time) -> None:
    """Set it and say so."""
    if wish.at and not safe_check_plans.is_in_reach(wish.at, handling.now):
        return await ask_when(handling, "are_you_safe.out_of_reach")
    actor = f"person:{handling.person.id}"
    try:
        check = await safe_check_plans.set_time(handling.hub, handling.session, actor, handling.person, wish)
    except NotAllowed:
        await handling.hand_over("not_understood", detail="set_safe_check")
        return None
    await _leave_menu(handling)
    await confirm(handling, check)


async def ask_when(handling: Handling, text_key: str) -> None:
    third = _third(handling)
    await handling.ask(
        text_key,
        Awaiting.SURVEY_CHOICE,
        subject=(MENU, handling.person.id),
        lasts=timedelta(hours=1),
        time=_say(handling, third),
    )


async def choose(handling: Handling, words: str) -> None:
    """One of the three, or a time in their own words."""
    choices = {
        "1": handling.now + timedelta(hours=1),
        "2": handling.now + timedelta(hours=2),
        "3": _third(handling),
    }
    if words.strip() in choices:
        return await set_time(handling, Time(choices[words.strip()]))
    await set_from(handling, safe_check_words.behind(words))


async def confirm(handling: Handling, check: SafeCheck) -> None:
    """When, and whom we tell. Others may read this phone: the time alone, and once, if it is safe, all of it."""
    await _tell(handling, check)
    first = select(func.count(SafeCheck.id)).where(SafeCheck.person_id == handling.person.id)
    is_new = await handling.session.scalar(first.where(SafeCheck.set_at < handling.now)) == 0
    if handling.conversation.contact_point.discreet and is_new:
        await when_safe.tell(handling, "safe_check", check.id)


async def move(handling: Handling) -> None:
    """More time before it is asked."""
    found = [each for each in await safe_check_plans.waiting(handling.session, handling.person) if each.state in TO_ASK]
    if not found:
        return await handling.say("are_you_safe.none")
    more = safe_check_words.more_time(handling.text) or safe_check_words.MORE_TIME
    check = found[0]
    check.due_at, check.closes_at = check.due_at + more, check.closes_at + more
    handling.record("safe_check_moved", f"safe_check:{check.id}")
    await confirm(handling, check)


async def end(handling: Handling) -> None:
    """Nothing is asked any more."""
    actor = f"person:{handling.person.id}"
    number = await safe_check_plans.end_all(handling.hub, handling.session, actor, handling.person)
    await _leave_menu(handling)
    await handling.say("are_you_safe.ended" if number else "are_you_safe.none")


async def show(handling: Handling) -> None:
    found = await safe_check_plans.waiting(handling.session, handling.person)
    if not found:
        return await handling.say("are_you_safe.none")
    times = ", ".join(_say(handling, each.due_at) for each in found[:SHOWN])
    patience = await safe_wishes.patience_of(handling.session, handling.person)
    await handling.say(await _named(handling, "are_you_safe.shown"), time=times, minutes=str(patience))


@told_when_safe("safe_check")
async def _tell_all(handling: Handling, number: int | None) -> None:
    check = await handling.session.get(SafeCheck, number)
    if check and check.person_id == handling.person.id and check.state is SafeState.PLANNED:
        minutes = str(int((check.closes_at - check.due_at).total_seconds() // 60))
        await handling.say(await _named(handling, "are_you_safe.told"), minutes=minutes)


async def _tell(handling: Handling, check: SafeCheck) -> None:
    zone = safe_wishes.zone_of(handling.person)
    plan = await handling.session.get(SafePlan, check.plan_id) if check.plan_id else None
    by = say_time(check.closes_at, zone, handling.language)
    if plan is None:
        text_key = await _named(handling, "are_you_safe.set")
        return await handling.say(text_key, time=_say(handling, check.due_at), by=by)
    minutes = str(int((check.closes_at - check.due_at).total_seconds() // 60))
    days = days_in_words(plan.weekdays, handling.language)
    clock = say_time(check.due_at, zone, handling.language)
    await handling.say(await _named(handling, "are_you_safe.set_weekly"), days=days, time=clock, minutes=minutes)


async def _named(handling: Handling, text_key: str) -> str:
    """The text that names the contacts too, where there are some who are told."""
    if not await safe_wishes.tells_contacts(handling.session, handling.person):
        return text_key
    told = await safe_circle.contacts_of(handling.session, handling.person, handling.now)
    return f"{text_key}_both" if told else text_key


async def _leave_menu(handling: Handling) -> None:
    if handling.prompt and handling.prompt.subject_kind == MENU:
        await handling.answered()


def _third(handling: Handling) -> datetime:
    zone = safe_wishes.zone_of(handling.person)
    today = local(handling.now, zone).date()
    tonight = at_local(today, EVENING, zone)
    if tonight - handling.now >= safe_check_words.SOONEST:
        return tonight
    return at_local(today + timedelta(days=1), MORNING, zone)


def _say(handling: Handling, at: datetime) -> str:
    """The time alone where it is near: the shortest that nobody can misread."""
    zone = safe_wishes.zone_of(handling.person)
    near = at - handling.now < NEAR
    return say_time(at, zone, handling.language) if near else say_when(at, zone, handling.language)
