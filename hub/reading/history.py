"""What has been done about a person, from the audit, in words and newest first.

Who looked is for supervisors alone. Knows no screen.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.case_closing import CLOSED_FOR
from hub.marks import MARKS
from hub.no_contact import WHY
from hub.pausing import ENDED_FOR, PAUSED_FOR
from hub.reading.facts import FACTS, not_asked
from hub.reading.stream import names_of
from hub.reasons import REASONS
from hub.records import ids_of
from hub.store.tables import AuditEvent, Person, Worker
from hub.times import local, say_time
from hub.words import WorkerRole

PAGE = 50

# Beside the facts that the conversation shows.
_MORE = {
    "person_created": "Added",
    "person_merged": "Became one with another record of theirs, {was}",
    "told_apart": "Told apart from somebody with the same name",
    "person_changed": "Details changed: {fields}",
    "person_transferred": "Given to {to} by {from}",
    "messages_paused": "Messages paused: {reason}",
    "messages_resumed": "Messages go on again",
    "contact_ended": "Contact ended: {reason}",
    "contact_restored": "Contact started again",
    "language_changed": "Changed the language",
    "time_zone_set": "Time zone changed",
    "safe_window_set": "Safe hours changed",
    "safe_contact_recorded": "Said how their phone may be used",
    "safe_contact_refused": "Said that their phone is not safe",
    "safe_contact_silent": "Has not said whether their phone is safe",
    "address_doubted": "Somebody else may have their phone",
    "code_word_set": "Code word changed",
    "ask_first_set": "Said whether to ask first",
    "started": "Wants our texts again",
    "wrong_person": "Said that they are somebody else",
    "arrived": "Said that they have arrived",
    "praised": "Praised us",
    "running_late": "Said that they are running late",
    "case_opened": "Case opened",
    "case_closed": "Case closed: {reason}",
    "timeline_downloaded": "Downloaded the timeline of a case",
    "case_reopened": "Case opened again",
    "case_changed": "Case changed",
    "case_date_set": "A day of the case set",
    "appointment_changed": "Appointment changed",
    "meeting_set": "Address of the video call entered",
    "series_made": "Repeating appointments made",
    "series_changed": "Repeating appointments changed",
    "series_ended": "Repeating appointments ended",
    "note_added": "Note added",
    "understanding_corrected": "Said what a text meant",
    "message_cancelled": "Took a message back",
    "message_held": "Held a message back",
    "message_released": "Let a message go",
    "supporter_declined": "A supporter said no",
    "supporter_left": "A supporter left",
    "supporter_revoked": "A supporter’s part was ended by the person",
    "supporter_removed": "A supporter’s part was ended by a worker",
    "supporter_expired": "A supporter’s time was over",
    "supporter_no_contact": "A supporter is on the no-contact list: their part ended",
    "supporter_grown_up": "Is 18 now: a supporter’s part ended",
    "supporter_changed": "What a supporter may see was changed",
    "supporter_goes_on": "A supporter goes on as before",
    "supporter_held": "A supporter is held: the person is ending somebody’s part",
    "supporter_held_leaving": "Is held as a supporter: they are leaving somebody",
    "supporter_held_both": "A supporter is held: both are ending somebody’s part",
    "supporter_wished": "Wished for a supporter",
    "supporter_proposed": "Proposed a supporter",
    "supporter_checked": "Looked at a wish for a supporter, and agreed",
    "supporter_refused": "Looked at a wish for a supporter, and said no",
    "supporter_withdrawn": "Took an invitation of a supporter back",
    "thread_said": "Wrote to the person and their supporters",
    "thread_paused": "Talk of the supporters paused",
    "thread_resumed": "Talk of the supporters goes on",
    "thread_muted": "Muted the talk",
    "thread_unmuted": "Wants to hear the talk again",
    "no_contact_added": "No-contact list: somebody added. {reason}",
    "no_contact_ended": "No-contact list: an entry ended",
    "invitation_code_wrong": "A code of an invitation did not work",
    "mark_set": "Noted: {mark}",
    "mark_taken_out": "Taken out: {mark}",
    "check_in_needs": "Said what would help",
    "check_in_told": "Answered a question of the check-in",
    "tier_set": "Tier changed",
    "area_told": "Said in which area they are",
    "area_set": "Area for finding help changed",
    "restorative_coordinator": "Coordinator of restorative justice: {to}",
    "restorative_other_side": "What is known of the other side noted",
}
_VIEWS = {
    "person_viewed": "Looked at the person",
    "conversation_viewed": "Looked at the conversation",
    "proof_viewed": "Looked at a proof",
    "media_viewed": "Looked at a photo or file",
    "voice_played": "Listened to a voice message",
    "voice_saved": "Saved a voice message as it came",
    "statement_viewed": "Looked at a statement",
    "statement_downloaded": "Downloaded a statement",
    "case_viewed": "Looked at the case",
    "timeline_viewed": "Looked at the timeline of a case",
    "appointment_viewed": "Looked at an appointment",
    "check_in_viewed": "Looked at a check-in",
    "support_viewed": "Looked at rights and support",
    "supporters_viewed": "Looked at the supporters",
    "no_contact_viewed": "Looked at the no-contact list",
    "thread_viewed": "Looked at the talk of the supporters",
    "restorative_viewed": "Looked at restorative justice",
    "views_viewed": "Looked at views on a proposal",
    "survey_viewed": "Looked at survey answers",
}
_REASONS = {
    "messages_paused": PAUSED_FOR,
    "contact_ended": ENDED_FOR,
    "case_closed": CLOSED_FOR,
    "no_contact_added": WHY,
}
_FIELDS = {
    "name": "name",
    "preferred_name": "name in texts",
    "mobile": "number",
    "worker": "worker",
    "preferred_channel": "preferred way",
    "discreet": "careful wording",
    "safe_contact": "safe contact",
    "ask_first": "asked first",
    "code_word": "code word",
    "language": "language",
    "adult_from": "when they turn 18",
}


@dataclass(frozen=True, slots=True)
class Line:
    day: str
    time: str
    words: str
    who: str
    view: bool
    times: int = 1  # one after the other


@dataclass(frozen=True, slots=True)
class History:
    lines: list[Line]
    number: int
    pages: int
    views: bool  # those who looked are among them


async def history(session: AsyncSession, worker: Worker, person: Person, number: int) -> History:
    """One page. `number` starts at 1."""
    views = worker.role is WorkerRole.SUPERVISOR
    wanted = [*FACTS, *_MORE, *(_VIEWS if views else ())]
    theirs = AuditEvent.person_id.in_(await ids_of(session, person.id)), AuditEvent.what.in_(wanted)
    total = int(await session.scalar(select(func.count()).select_from(AuditEvent).where(*theirs)) or 0)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    newest = select(AuditEvent).where(*theirs).order_by(AuditEvent.id.desc())
    events = (await session.scalars(newest.limit(PAGE).offset((number - 1) * PAGE))).all()
    names = await names_of(session, {i for event in events for i in _workers(event)})
    zone = person.agency.time_zone
    lines = _once([_line(event, names, zone) for event in events])
    return History(lines, number, pages, views)


def _once(lines: Sequence[Line]) -> list[Line]:
    """Who looks at tab after tab has looked once, some times."""
    kept: list[Line] = []
    for line in lines:
        last = kept[-1] if kept else None
        if last and line.view and (last.day, last.words, last.who) == (line.day, line.words, line.who):
            kept[-1] = replace(last, times=last.times + 1)
        else:
            kept.append(line)
    return kept


def _workers(event: AuditEvent) -> list[int]:
    kind, _, number = event.actor.partition(":")
    named = [event.details.get(end) for end in ("from", "to")] if event.what == "person_transferred" else []
    return [*([int(number)] if kind == "worker" else []), *(i for i in named if isinstance(i, int))]


def _line(event: AuditEvent, names: Mapping[int, str], zone: str) -> Line:
    day = local(event.at, zone).date()
    return Line(
        day=f"{day:%A} {day.day} {day:%B %Y}",
        time=say_time(event.at, zone),
        words=_words(event, names),
        who=_who(event.actor, names),
        view=event.what in _VIEWS,
    )


def _words(event: AuditEvent, names: Mapping[int, str]) -> str:
    template = _MORE.get(event.what) or _VIEWS.get(event.what) or FACTS[event.what]
    if event.what == "not_understood":  # what they wrote stands in the conversation
        return "Could not be understood"
    reason = str(event.details.get("reason") or event.details.get("why", ""))
    known = _REASONS.get(event.what, {})
    fields = event.details.get("fields") or []
    facts = {
        "reason": known.get(reason) or (REASONS[reason].words if reason in REASONS else reason.replace("_", " ")),
        "fields": ", ".join(_FIELDS.get(field, field.replace("_", " ")) for field in fields),
        "facts": event.details.get("facts", ""),
        "to": names.get(event.details.get("to") or 0, "another worker"),
        "was": event.details.get("was", ""),
        "mark": MARKS[event.details["mark"]].words if event.details.get("mark") in MARKS else "",
        "why": not_asked(event.details.get("reasons", ())),
        "from": names.get(event.details.get("from") or 0, "nobody"),
    }
    return template.format_map(defaultdict(str, facts))


def _who(actor: str, names: Mapping[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "worker":
        return names.get(int(number), "A worker")
    return {"person": "The person", "key": "Case system", "hub": "Handrail", "terminal": "Administrator"}.get(
        kind, kind
    )
