"""The person and our texts: stopping, language, how and when we write, who we are, the wrong person.

STOP is obeyed at once and said once; everything else about how to reach somebody is checked by a human.
"""

from hub.commands.registry import carries_out
from hub.commands.surveys import answer_yes
from hub.handling import Handling
from hub.promises import promise
from hub.words import Awaiting

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
    """Nothing goes out any more but the one text that says so; the provider may have said it already."""
    if handling.conversation.contact_point.stopped_at:
        return
    handling.conversation.contact_point.stopped_at = handling.now
    handling.record("stopped", f"conversation:{handling.conversation.id}")
    await handling.escalate("stopped", detail=_wrote(handling))
    await handling.answered()
    if entities.get("provider_replied") != "yes":
        await handling.say("person.stopped")


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
    if entities.get("provider_replied") != "yes":
        await handling.say("person.started")


@carries_out("help")
async def help_(handling: Handling, entities: dict[str, str]) -> None:
    """A person and a number, always; the open question stays open."""
    if entities.get("provider_replied") != "yes":
        await handling.say("person.help")


@carries_out("who_is_this")
async def who_is_this(handling: Handling, _entities: dict[str, str]) -> None:
    await handling.say("person.who_is_this")


@carries_out("wrong_person")
async def wrong_person(handling: Handling, _entities: dict[str, str]) -> None:
    """Somebody else holds this number: one word of regret, then silence, before anything else is told to
    them."""
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
    await handling.say("person.language_changed")


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


def _wrote(handling: Handling) -> str:
    """CANCEL and END are STOP to the provider, but may have been meant for the appointment: the worker is
    told."""
    first = handling.text.split()[:1]
    word = first[0].casefold().strip(".!,") if first else ""
    return f"wrote_{word}" if word in {"cancel", "end", "quit"} else ""
