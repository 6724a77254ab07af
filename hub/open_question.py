"""The open question once more: its shorter text, the facts that this text needs, its buttons. Asks nothing by itself.

A question with a text `<name>_short` beside its own is asked with that one; every other by what it waits for:
`human.still_<awaiting>`.
"""

from datetime import datetime

from hub.handling import Handling
from hub.store.tables import Prompt
from hub.texts import DEFAULT_LANGUAGE
from hub.times import say_when


def short_text(handling: Handling, prompt: Prompt) -> str:
    """The name of the shorter text."""
    own, known = f"{prompt.text_key}_short", handling.hub.flows.texts.languages[DEFAULT_LANGUAGE].templates
    return own if own in known else f"human.still_{_kind(prompt)}"


def repair_text(prompt: Prompt | None) -> str:
    """The name of the text that says the possible answers in other words."""
    return f"human.again_{_kind(prompt) if prompt else 'nothing'}"


async def facts_of(handling: Handling, prompt: Prompt | None) -> dict[str, str]:
    """What the shorter text is filled in with; the times offered are numbered as they were."""
    if prompt is None or prompt.subject_kind != "appointment":
        return {}
    appointment = await handling.appointment()
    known = handling.appointment_facts(appointment) if appointment else {}
    return known | {"slots": ", ".join(f"{number} {time}" for number, time in enumerate(_times(handling, prompt), 1))}


def choices_of(handling: Handling, prompt: Prompt | None) -> list[dict[str, str]]:
    """The buttons that the question had."""
    if prompt is None:
        return []
    times = _times(handling, prompt)
    if times:
        return [{"reply": str(number), "label": time} for number, time in enumerate(times, 1)]
    template = handling.texts.template(prompt.text_key, handling.language)
    return [{"reply": choice.reply, "label": choice.label} for choice in template.choices]


def _kind(prompt: Prompt) -> str:
    """What is waited for; a list of times is a question of its own."""
    return "offered_time" if prompt.facts.get("slots") else prompt.awaiting.value


def _times(handling: Handling, prompt: Prompt) -> list[str]:
    zone = handling.agency.time_zone
    slots = [datetime.fromisoformat(slot) for slot in prompt.facts.get("slots", [])]
    return [say_when(slot, zone, handling.language) for slot in slots]
