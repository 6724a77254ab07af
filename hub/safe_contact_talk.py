"""Safe contact, by text: is this a good number, who else sees it, when, which name, a code word, "is it OK to talk?".

The first question gives nothing away, not even who asks: nobody knows yet who reads it. Each answer counts at once; who
stops half-way is reached by what they have said so far, in careful words. SETTINGS opens a menu of numbers, which needs
no assistant. That others no longer read a phone is never believed to a text alone: a worker asks first. Knows no page.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from hub import contact_hours, safe_contact_record, settings_links
from hub.answering import Kind, takes_answers
from hub.called import call_me, call_me_nothing
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.safe_contact import SUBJECT, forbidden, is_careful, move
from hub.safe_contact_words import code_word_in, hours_of, name_in
from hub.states import SafeContactState
from hub.store.tables import ContactPoint
from hub.words import Awaiting, Priority

PATIENCE = timedelta(days=7)  # then a worker is told that no answer has come; asked again in between
AFTER_AGAIN = timedelta(days=3)
LASTS = timedelta(days=14)  # an answer that comes later than the worker was told still counts

SAFE, OTHERS, HOURS, NAME, CODE, FIRST, MENU = "safe", "others", "hours", "name", "code", "first", "menu"
ASKS: Mapping[str, tuple[str, Awaiting]] = {
    SAFE: ("safe_contact.ask", Awaiting.SURVEY_YES_NO),
    OTHERS: ("safe_contact.others", Awaiting.SURVEY_YES_NO),
    HOURS: ("safe_contact.hours", Awaiting.SURVEY_CHOICE),
    NAME: ("safe_contact.name", Awaiting.SURVEY_TEXT),
    CODE: ("safe_contact.code", Awaiting.SURVEY_TEXT),
    FIRST: ("safe_contact.first", Awaiting.SURVEY_YES_NO),
    MENU: ("safe_contact.menu", Awaiting.SURVEY_CHOICE),
}
OF_MENU = {"1": HOURS, "2": NAME, "3": OTHERS, "4": CODE, "5": FIRST}
UNSAFE = "6"  # of the menu

Step = Callable[[Handling, Kind, str], Awaitable[None]]


async def on_asked(handling: Handling, contact: ContactPoint, text_key: str, expires_at: datetime) -> None:
    """Its time has come: for the first time, once more, or because the last answer is old."""
    before = contact.safe_state
    again = before is SafeContactState.ASKED
    move(contact, SafeContactState.ASKED_AGAIN if again else SafeContactState.ASKED, handling.now)
    contact.safe_look_at = handling.now + (AFTER_AGAIN if again else PATIENCE)
    await handling.ask(
        text_key,
        Awaiting.SURVEY_YES_NO,
        subject=(SUBJECT, contact.id),
        keep={"step": SAFE, "all": contact.safe_asked_at is None},
        lasts=LASTS,
        priority=Priority.REMINDER,
        expires_at=expires_at,
    )


async def open_menu(handling: Handling) -> None:
    """SETTINGS: everything by its number. Somebody whose phone others may read gets no link."""
    contact = handling.conversation.contact_point
    link = ""
    if not is_careful(contact) and handling.person.known:
        link = await settings_links.make(handling.hub, handling.session, handling.conversation)
    text_key, awaiting = ASKS[MENU]
    await handling.ask(text_key, awaiting, subject=(SUBJECT, contact.id), keep={"step": MENU, "all": False}, link=link)


@takes_answers(SUBJECT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """An answer counts for the address that was asked about, when it comes from there."""
    contact, prompt = handling.conversation.contact_point, handling.prompt
    if prompt is None or prompt.subject_id != contact.id or forbidden(contact):
        await handling.answered()
        return await handling.say("surveys.nothing_open")
    step = str(prompt.facts["step"])
    if kind is Kind.LATER:
        await handling.answered()
        return await handling.say("safe_contact.left")
    if kind is Kind.CHANGE:
        return await _ask(handling, _before(step), whole=bool(prompt.facts["all"]))
    await _STEPS[step](handling, kind, words)


async def _safe(handling: Handling, kind: Kind, _words: str) -> None:
    match kind:
        case Kind.YES:
            whole = bool(handling.prompt and handling.prompt.facts["all"])
            await _record(handling)
            await (_next(handling, SAFE) if whole else _done(handling, "safe_contact.still_fine"))
        case Kind.NO:
            await not_safe(handling)
        case Kind.SKIP:
            await handling.answered()
            await handling.say("safe_contact.left")
        case _:
            await repair(handling)


async def not_safe(handling: Handling) -> None:
    """One word, then nothing more goes there; a worker is told at once. Their other addresses stay as they are."""
    contact = handling.conversation.contact_point
    await handling.answered()
    await safe_contact_record.record(handling.hub, handling.session, _actor(handling), contact, "text", safe=False)
    await handling.hand_over("safe_contact_no")
    await handling.say("safe_contact.not_ok")


async def _others(handling: Handling, kind: Kind, _words: str) -> None:
    contact, first_time = handling.conversation.contact_point, _is_whole(handling)
    match kind:
        case Kind.YES:
            contact.discreet = True
        case Kind.NO if first_time:
            contact.discreet = False
        case Kind.NO if contact.discreet:
            by = await promise(handling, "contact_change", detail="not_discreet")
            await handling.answered()
            return await handling.say("safe_contact.will_check", answer_by=by)
        case Kind.NO | Kind.SKIP:
            pass
        case _:
            return await repair(handling)
    handling.record("discreet_set", f"conversation:{handling.conversation.id}", discreet=contact.discreet)
    await _next(handling, OTHERS)


async def _hours(handling: Handling, kind: Kind, words: str) -> None:
    contact = handling.conversation.contact_point
    if kind is not Kind.SKIP:
        wanted = hours_of(words)
        if wanted is None:
            return await repair(handling, "safe_contact.hours_unclear")
        await contact_hours.set_safe_window(handling.hub, handling.session, _actor(handling), contact, *wanted)
    await _next(handling, HOURS)


async def _name(handling: Handling, kind: Kind, words: str) -> None:
    if kind is Kind.SKIP:
        call_me_nothing(handling)
    elif not (name := name_in(words)) or not call_me(handling, name):
        return await repair(handling, "safe_contact.name_unclear")
    await _next(handling, NAME)


async def _code(handling: Handling, kind: Kind, words: str) -> None:
    contact = handling.conversation.contact_point
    word = code_word_in(words) if kind is not Kind.SKIP else ""
    if kind is not Kind.SKIP and not word:
        return await repair(handling, "safe_contact.code_unclear")
    if handling.hub.flows.text_rules.tells(word):
        return await repair(handling, "safe_contact.code_tells")
    contact.code_word_sealed = handling.key.seal(word, "code_word") if word else None
    handling.record("code_word_set", f"contact_point:{contact.id}", there=bool(word))
    await _next(handling, CODE)


async def _first(handling: Handling, kind: Kind, _words: str) -> None:
    if kind not in {Kind.YES, Kind.NO, Kind.SKIP}:
        return await repair(handling)
    contact = handling.conversation.contact_point
    contact.ask_first = kind is Kind.YES
    handling.record("ask_first_set", f"contact_point:{contact.id}", ask_first=contact.ask_first)
    await _next(handling, FIRST)


async def _menu(handling: Handling, kind: Kind, words: str) -> None:
    wanted = words.strip()
    if kind is Kind.SKIP:
        await handling.answered()
        return await handling.say("safe_contact.left")
    if wanted == UNSAFE:
        return await not_safe(handling)
    if wanted not in OF_MENU:
        return await repair(handling)
    await _ask(handling, OF_MENU[wanted], whole=False)


_STEPS: dict[str, Step] = {
    SAFE: _safe, OTHERS: _others, HOURS: _hours, NAME: _name, CODE: _code, FIRST: _first, MENU: _menu
}  # fmt: skip


async def _next(handling: Handling, step: str) -> None:
    """The next question of those that concern this phone; asked for one thing only, that is all."""
    if not _is_whole(handling):
        return await _done(handling, "safe_contact.changed")
    careful = handling.conversation.contact_point.discreet
    order = (SAFE, OTHERS, HOURS, NAME, CODE if careful else FIRST)
    place = order.index(step) + 1 if step in order else len(order)
    if place < len(order):
        return await _ask(handling, order[place], whole=True)
    await _done(handling, "safe_contact.done")


async def _ask(handling: Handling, step: str, *, whole: bool) -> None:
    text_key, awaiting = ASKS[step]
    about = (SUBJECT, handling.conversation.contact_point.id)
    await handling.ask(text_key, awaiting, subject=about, keep={"step": step, "all": whole}, lasts=LASTS)


async def _done(handling: Handling, text_key: str) -> None:
    """What the person has changed is a new answer to whether it is safe."""
    contact = handling.conversation.contact_point
    if contact.safe_said_by != "text" or contact.safe_asked_at != handling.now:
        await _record(handling)
    await handling.answered()
    await handling.say(text_key)


async def _record(handling: Handling) -> None:
    contact = handling.conversation.contact_point
    await safe_contact_record.record(handling.hub, handling.session, _actor(handling), contact, "text")


def _before(step: str) -> str:
    order = (SAFE, OTHERS, HOURS, NAME, CODE)
    return order[max(0, order.index(step) - 1)] if step in order else NAME if step == FIRST else step


def _is_whole(handling: Handling) -> bool:
    return bool(handling.prompt and handling.prompt.facts["all"])


def _actor(handling: Handling) -> str:
    return f"person:{handling.person.id}"
