"""The person and our texts: stopping, language, how and when we write, who we are, the wrong person.

STOP is obeyed at once and said once; the wish to hear less, in other words, is asked about. Everything else about how
to reach somebody is checked by a human.
"""

from hub import safe_contact_doubt, safe_contact_talk, settings_links
from hub.commands.answers import answer_yes
from hub.commands.registry import carries_out
from hub.commands.surveys import refuse_surveys
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.safe_contact import forbidden
from hub.states import SurveyState
from hub.surveys import runs
from hub.words import Awaiting, Side

ALL = "1"  # of the answers to person.stop_which

LANGUAGES = {
    "en": ("en", "english", "saesneg"),
    "cy": ("cy", "welsh", "cymraeg", "gymraeg"),
    "pl": ("pl", "polish", "polski", "polsku"),
    "ro": ("ro", "romanian", "romana", "română"),
    "ur": ("ur", "urdu", "اردو"),
    "pa": ("pa", "punjabi", "panjabi", "ਪੰਜਾਬੀ"),
}


@carries_out("stop_messages")
async def stop_messages(handling: Handling, entities: dict[str, str]) -> None:
    """The provider's own words stop all at once; said in other words, we ask which texts and tell the worker."""
    if handling.conversation.contact_point.stopped_at:
        return
    if entities.get("provider_replied") == "yes" or handling.hub.flows.keywords.stops_at_once(handling.text):
        await stop_all(handling, entities)
    elif _asked_which(handling):
        await _stop_chosen(handling, entities)
    else:
        await handling.escalate("wants_fewer_texts")
        await handling.ask("person.stop_which", Awaiting.STOP_SCOPE)


async def _stop_chosen(handling: Handling, entities: dict[str, str]) -> None:
    match entities.get("choice", ALL):  # whoever says it again means all of them
        case "1":
            await stop_all(handling, entities)
        case "2":
            await stop_surveys(handling)
        case "3":
            await handling.answered()
            await handling.say("person.nothing_stopped")
        case _:
            await repair(handling)


async def stop_all(handling: Handling, entities: dict[str, str]) -> None:
    """Nothing goes out any more but the one text that says so; the provider may have said it already."""
    handling.conversation.contact_point.stopped_at = handling.now
    handling.record("stopped", f"conversation:{handling.conversation.id}")
    await handling.escalate("stopped_by_mistake" if _may_mean_the_appointment(handling) else "stopped")
    await handling.answered()
    if entities.get("provider_replied") != "yes" and not forbidden(handling.conversation.contact_point):
        await handling.say("person.stopped")


async def stop_surveys(handling: Handling) -> None:
    run = await runs.open_run(handling.session, handling.person)
    if run:
        await runs.set_state(handling.hub, handling.session, run, SurveyState.DECLINED)
    await refuse_surveys(handling)
    handling.record("stopped_surveys", f"conversation:{handling.conversation.id}")
    await handling.answered()
    await handling.say("person.surveys_stopped")


@carries_out("start_messages")
async def start_messages(handling: Handling, entities: dict[str, str]) -> None:
    """START undoes STOP. On an invitation that says "1 to start", it means that instead."""
    contact = handling.conversation.contact_point
    prompt = handling.prompt
    if not contact.stopped_at and prompt and prompt.subject_kind == "survey_run":
        return await answer_yes(handling, entities)
    if contact.stopped_at:
        contact.stopped_at = None
        handling.record("started", f"conversation:{handling.conversation.id}")
    if entities.get("provider_replied") != "yes" and not forbidden(contact):
        await handling.say("person.started")


@carries_out("help")
async def help_(handling: Handling, entities: dict[str, str]) -> None:
    """A person and a number, always; the open question stays open."""
    if entities.get("provider_replied") != "yes":
        await handling.say("person.help")


@carries_out("who_is_this")
async def who_is_this(handling: Handling, _entities: dict[str, str]) -> None:
    """To a victim's phone nobody says who we are: whoever asks may be the one who must not know."""
    if handling.person.side is Side.VICTIMS:
        return await safe_contact_doubt.doubt(handling)
    await handling.say("person.who_is_this")


@carries_out("wrong_person")
async def wrong_person(handling: Handling, _entities: dict[str, str]) -> None:
    """Somebody else holds this number: one word of regret, then silence, before anything else is told to
    them."""
    if handling.person.side is Side.VICTIMS:
        return await safe_contact_doubt.doubt(handling)
    await handling.answered()
    await handling.hand_over("wrong_person")
    if not handling.conversation.contact_point.stopped_at:
        await handling.say("person.wrong_person")
        handling.conversation.contact_point.stopped_at = handling.now
    handling.record("wrong_person", f"conversation:{handling.conversation.id}")


@carries_out("change_language")
async def change_language(handling: Handling, entities: dict[str, str]) -> None:
    """To a language that every text exists in, at once; for another one, a human answers."""
    wanted = _language(entities.get("language", "")) or _language(handling.text)
    if not wanted:
        return await handling.ask("person.language_ask", Awaiting.LANGUAGE)
    if handling.prompt and handling.prompt.awaiting is Awaiting.LANGUAGE:
        await handling.answered()
    if wanted not in handling.hub.flows.texts.languages:
        by = await promise(handling, "contact_change", detail=f"language_{wanted}")
        return await handling.say("person.language_unknown", language=LANGUAGES[wanted][1].title(), answer_by=by)
    handling.person.language = wanted
    handling.record("language_changed", f"person:{handling.person.id}", language=wanted)
    await handling.say("person.language_changed", language=wanted)  # said again in another one, it is another text


@carries_out("change_hours")
async def change_hours(handling: Handling, _entities: dict[str, str]) -> None:
    await _change(handling, "hours", "person.change_hours")


@carries_out("change_channel")
async def change_channel(handling: Handling, _entities: dict[str, str]) -> None:
    await _change(handling, "channel", "person.change_channel")


@carries_out("change_number")
async def change_number(handling: Handling, _entities: dict[str, str]) -> None:
    """Never changed by a text alone: whoever holds the phone could have written it."""
    await _change(handling, "number", "person.change_number")


@carries_out("change_settings")
async def change_settings(handling: Handling, _entities: dict[str, str]) -> None:
    """A link to their own page, sent to where they wrote from; a phone that others may read gets none. Victims get a
    menu of numbers, which works on every phone and without a page."""
    if handling.person.side is Side.VICTIMS:
        return await safe_contact_talk.open_menu(handling)
    if handling.conversation.contact_point.discreet:
        await handling.escalate("contact_change", detail="settings")
        return await handling.say("person.settings_link", link="")
    link = await settings_links.make(handling.hub, handling.session, handling.conversation)
    handling.record("settings_link_made", f"conversation:{handling.conversation.id}")
    await handling.say("person.settings_link", link=link)


@carries_out("ask_privacy")
async def ask_privacy(handling: Handling, _entities: dict[str, str]) -> None:
    by = await promise(handling, "privacy_question")
    await handling.say("person.privacy", answer_by=by)


async def _change(handling: Handling, what: str, text_key: str) -> None:
    by = await promise(handling, "contact_change", detail=what)
    await handling.say(text_key, answer_by=by)


def _language(text: str) -> str:
    """The code of the language that a text names; empty when it names none."""
    words = text.casefold().replace("?", " ").replace(".", " ").split()
    return next((code for code, names in LANGUAGES.items() if any(name in words for name in names)), "")


def _asked_which(handling: Handling) -> bool:
    return handling.prompt is not None and handling.prompt.awaiting is Awaiting.STOP_SCOPE


def _may_mean_the_appointment(handling: Handling) -> bool:
    """CANCEL and END are STOP to the provider, but may have been meant for the appointment: the worker looks."""
    words = handling.text.casefold().replace(".", " ").replace(",", " ").replace("!", " ").split()
    return bool({"cancel", "end", "quit"} & set(words))
