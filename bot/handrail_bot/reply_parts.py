"""Finds a number, a code, a time or a language inside a longer text. Must not decide what the text wants.

A time is left as it was written ("nxt tues about 3"): the hub knows the date of today and reads it there.
"""

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from handrail_bot.part import Part

NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
NUMBER = re.compile(
    rf"(?<![\w:.£])(10|\d|{'|'.join(NUMBER_WORDS)})(?![\w:£%]|\.\d)(?! ?(?:am|pm|min|hour|o ?clock))",
    re.IGNORECASE,
)
ORDINAL = re.compile(rf"\b(?:({'|'.join(ORDINALS)})|([1-9])(?:st|nd|rd|th))\b", re.IGNORECASE)
OUT_OF = re.compile(r"out of (?:10|ten|5|five)\b|/ ?(?:10|5)\b", re.IGNORECASE)
CODE = re.compile(r"(?<!\w)(?=(?:\w*\d){2})[A-Za-z0-9]{4,8}(?!\w)")

DAY = (
    r"(?:mon|tues?|wed(?:s|nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:days?)?|to?da?y|2day|tonight|2nite"
    r"|week ?ends?|t(?:o|om+)?m+or+ow|tomoz|tomos|tmrw|2mor(?:o|row)|2mrw"
    r"|dydd \w+|yfory|heddiw|noson|bore|prynhawn"
)
MONTH = (
    r"\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|\d{1,2}(?:st|nd|rd|th)|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?"
)
HOUR = (
    r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)|\d{1,2}[:.]\d\d"
    r"|(?:at|after|before|about|around|by|till?|past) \d{1,2}"
    r"|half (?:past )?\w+|quarter (?:to|past) \w+|noon|midday|mornin\w*|afternoon|arvo|evening|lunch(?:time)?"
    r"|\d+ ?(?:mins?|minutes?|hrs?|hours?)|\w+ o ?clock"
)
WHEN = r"(?:next|nxt|this|every|any|first|end of|in|at|on|about|around|after|before|late|early)"
TIME = re.compile(rf"(?<!\w)(?:{WHEN} )*(?:{DAY}|{MONTH}|{HOUR}|(?:next|nxt) (?:week|wk|month))(?!\w)", re.IGNORECASE)

LANGUAGES = {
    "en": r"english|saesneg|angielsk\w*",
    "cy": r"welsh|cymraeg|gymraeg|nghymraeg",
    "pl": r"polish|polsk\w*",
    "ur-roman": r"urdu",
    "ro": r"romanian|rom[aâ]n[aă]\w*",
}


def number_in(text: str) -> str | None:
    """The number 0–10 of a text that has exactly one: "id say 7", "the second one", but not "3 or 4"."""
    ordinals = ORDINAL.findall(text)
    if len(ordinals) == 1:  # before the cardinals: "the second one" has both
        word, digit = ordinals[0]
        return digit or str(ORDINALS.index(word.lower()) + 1)
    found = [word.lower() for word in NUMBER.findall(OUT_OF.sub("", text))]
    if len(found) != 1:
        return None
    return str(NUMBER_WORDS.index(found[0])) if found[0] in NUMBER_WORDS else found[0]


def time_in(text: str) -> str | None:
    """From the first word of time to the last one, as written."""
    found = list(TIME.finditer(text))
    return text[found[0].start() : found[-1].end()].strip() if found else None


def language_in(text: str) -> str | None:
    named = [code for code, words in LANGUAGES.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


def code_in(text: str) -> str | None:
    found = CODE.search(text)
    return found.group().upper() if found else None


READERS = {"number": number_in, "time": time_in, "language": language_in, "code": code_in}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReplyParts(Part):
    """Adds what the text holds; a command takes from it what its response asks for."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            entities = message.get("entities", [])
            known = {entity["entity"] for entity in entities}
            message.set("entities", entities + self._read(message, known), add_to_output=True)
        return messages

    @staticmethod
    def _read(message: Message, known: set[str]) -> list[dict[str, Any]]:
        found = {name: read(message.get("text") or "") for name, read in READERS.items() if name not in known}
        name_the_option(message, found.get("number"))
        return [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "ReplyParts"}
            for name, value in found.items()
            if value
        ]


def name_the_option(message: Message, number: str | None) -> None:
    """The classifier learns one intent for all numbers; rules know 1 to 9 as option_1 to option_9."""
    intent = message.get("intent") or {}
    if intent.get("name") == "number" and number and 1 <= int(number) <= 9:
        message.set("intent", {**intent, "name": f"option_{number}"}, add_to_output=True)
