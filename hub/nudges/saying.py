"""A nudge whose time has come, put into words: by the topic that it belongs to, or as its rule's text."""

import json
from datetime import datetime
from typing import Any

from hub import (
    check_ins,
    condition_words,
    proofs,
    return_checks,
    safe_contact_talk,
    tellings,
    update_talk,
    updates_told,
    video,
)
from hub.handling import Handling
from hub.manner import manner_of
from hub.nudges import to_supporters
from hub.nudges.rules import NudgeRule
from hub.nudges.subjects import Subject
from hub.store.tables import (
    Appointment,
    CaseDate,
    CheckIn,
    Condition,
    ContactPoint,
    Message,
    ReturnCheck,
    SurveyRun,
    Table,
    Telling,
    Update,
    UpdatePlan,
)
from hub.surveys import runs
from hub.texts import THEN, Rendered
from hub.times import say_day, say_when
from hub.upload_links import EXAMPLE, is_wanted, photo_link
from hub.words import Awaiting

TOO = "_too"  # ends the name of the text that says it after another one: without a greeting


async def say(
    handling: Handling, rule: NudgeRule, subject: Subject, about: tuple[str, int], expires_at: datetime
) -> None:
    """Queue the text and open its question. `about` is the subject's kind and id."""
    if rule.to_supporters:
        return await to_supporters.say(handling, rule, subject, expires_at)
    row = subject.row
    if await _said_by_its_topic(handling, rule, row, expires_at):
        return None
    if isinstance(row, Appointment) and rule.given == "proof_wanted":
        await proofs.ask(handling.hub, handling.session, row)
    facts = await _facts(handling, rule, subject)
    if rule.given == "proof_wanted":
        facts |= await photo_link(handling)
    if rule.awaiting is Awaiting.NOTHING:
        await handling.say(rule.text, priority=rule.priority, expires_at=expires_at, **facts)
    else:
        await handling.ask(
            rule.text, rule.awaiting, subject=about, priority=rule.priority, expires_at=expires_at, **facts
        )
    _remember(handling, row)


def _remember(handling: Handling, row: Table) -> None:
    """What moves when it is said."""
    if isinstance(row, Update):
        updates_told.carry(handling, row, heard=False)
    if isinstance(row, UpdatePlan):
        row.asked_at = handling.now


async def _said_by_its_topic(handling: Handling, rule: NudgeRule, row: Table, expires_at: datetime) -> bool:
    """What opens a talk of several questions."""
    match row:
        case CheckIn():
            await check_ins.on_asked(handling, row)
        case ReturnCheck():
            await return_checks.on_asked(handling, row, rule.text, expires_at)
        case ContactPoint():
            await safe_contact_talk.on_asked(handling, row, rule.text, expires_at)
        case SurveyRun():
            await runs.on_invited(handling, row)
        case Telling():
            await tellings.on_due(handling, row)
        case _:
            return False
    return True


async def would_say(handling: Handling, rule: NudgeRule, subject: Subject) -> Rendered:
    """What `say` would send as things stand: nothing is queued, and the link of a survey stands there as dots."""
    if rule.to_supporters:
        facts = handling.facts() | await to_supporters.facts_of(handling, rule, subject)
        return handling.texts.render(
            rule.text, handling.language, facts, **manner_of(handling.key, handling.conversation.contact_point)
        )
    if isinstance(subject.row, Telling):
        return tellings.begins_with(handling, subject.row)
    facts = handling.facts() | await _facts(handling, rule, subject)
    if rule.given == "proof_wanted" and is_wanted(handling):
        facts |= EXAMPLE
    if isinstance(subject.row, SurveyRun):
        facts |= runs.example_facts(handling.hub, subject.row)
    manner = manner_of(handling.key, handling.conversation.contact_point)
    return handling.texts.render(rule.text, handling.language, facts, **manner)


async def say_with(
    handling: Handling, rule: NudgeRule, subject: Subject, message: Message, expires_at: datetime
) -> bool:
    """Add the text to another nudge that has not left yet. False when the two cannot be one text.

    They cannot when they are of different purposes (consent is held for each), when a third is in it already, when
    the same fact, such as the day, differs between them, or when they are about two people.
    """
    if message.purpose is not rule.purpose or message.facts_sealed is None or not _only_says(rule, subject):
        return False
    if not await to_supporters.joins(handling, rule, subject, message):
        return False
    theirs: dict[str, str] = json.loads(handling.key.open(message.facts_sealed, "facts"))
    find = to_supporters.facts_of if rule.to_supporters else _facts
    ours = handling.facts() | await find(handling, rule, subject)
    if THEN in theirs or any(theirs.get(name, fact) != fact for name, fact in ours.items()):
        return False
    message.facts_sealed = handling.key.seal(json.dumps(theirs | ours | {THEN: f"{rule.text}{TOO}"}), "facts")
    message.expires_at = min(message.expires_at or expires_at, expires_at)
    await to_supporters.joined(handling, rule, message)
    return True


def _only_says(rule: NudgeRule, subject: Subject) -> bool:
    """Nothing but the text comes of it: no state that moves when it is said."""
    if rule.to_supporters:
        return True
    return not isinstance(subject.row, CheckIn | ReturnCheck | SurveyRun | ContactPoint | Telling | Update | UpdatePlan)


async def _facts(handling: Handling, rule: NudgeRule, subject: Subject) -> dict[str, Any]:
    row = subject.row
    if isinstance(row, Appointment):
        facts = handling.appointment_facts(row)
        return facts | video.facts(handling, row) if rule.given == "video" else facts
    if isinstance(row, Update):
        return await update_talk.facts_of(handling, row)
    zone = handling.agency.time_zone
    if isinstance(row, Condition):
        return condition_words.facts_of(handling, row)
    if isinstance(row, CaseDate):
        say_it = say_when if row.clock else say_day
        return {
            "on": say_it(subject.since[rule.given], zone, handling.language),
            "where": f", {row.place}" if row.place else "",
        }
    return {}
