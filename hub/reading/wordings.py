"""Every text that people read, as an agency's side says it: languages side by side, length, reading age, versions.

Texts are about nobody, so whoever may look sees all of them. Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.core import Hub
from hub.errors import NotFound
from hub.reading.text_uses import Use, uses
from hub.reading.wording import LANGUAGES
from hub.reading_age import reading_age
from hub.rewording import FIXED
from hub.sms import Count
from hub.states import TextState
from hub.store.tables import TextVersion, Worker
from hub.texts import DEFAULT_LANGUAGE, Template, Texts
from hub.times import say_when

# flows/<topic> → what the list calls it, in the order of the list.
TOPICS = {
    "appointments": "Appointments",
    "attendance": "Showing that they came",
    "check_ins": "Check-ins",
    "conditions": "Conditions and days of a case",
    "victims": "News and support for victims",
    "supporters": "People who stand by them",
    "surveys": "Surveys",
    "survey": "Questions of surveys",
    "person": "Contact, language and stopping",
    "human": "Asking again, and passing on to a person",
    "safety": "In danger",
    "small_talk": "Hello and thank you",
}
STATES = {
    TextState.PROPOSED: "Proposed",
    TextState.LIVE: "In use",
    TextState.REFUSED: "Refused",
    TextState.RETIRED: "Earlier wording",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in one language. `discreet` is empty where the text itself is careful."""

    code: str
    language: str
    text: str
    discreet: str
    size: Count
    discreet_size: Count
    age: int | None
    draft: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Version:
    id: int
    language: str
    text: str
    discreet: str
    state: TextState
    state_words: str
    proposed: str  # "Priya Shah on Mon 2 March at 10am: why"
    decided: str
    key: str


@dataclass(frozen=True, slots=True)
class Whole:
    key: str
    name: str
    topic: str
    spoken: Sequence[Spoken]
    uses: Sequence[Use]
    versions: Sequence[Version]
    may_be_reworded: bool


def name_of(key: str) -> str:
    """ "appointments.reminder_first" as the screens call it: "Reminder first"."""
    return key.partition(".")[2].replace("_", " ").replace(".", ": ").capitalize()


def topics(hub: Hub) -> dict[str, int]:
    """Topic → how many texts."""
    keys = [key.split(".")[0] for key in hub.flows.texts.languages[DEFAULT_LANGUAGE].templates]
    known = {topic: keys.count(topic) for topic in TOPICS if topic in keys}
    return known | {topic: keys.count(topic) for topic in sorted(set(keys) - TOPICS.keys())}


def listed(hub: Hub, worker: Worker, *, topic: str = "", words: str = "") -> list[tuple[str, list[Spoken]]]:
    """(key, languages side by side): of a topic, or all in which each of the words stands."""
    texts, wanted = _texts(hub, worker), words.casefold().split()
    found = []
    for key in texts.languages[DEFAULT_LANGUAGE].templates:
        if topic and key.split(".")[0] != topic:
            continue
        spoken = _spoken(hub, texts, key)
        said = " ".join([key, *(f"{one.text} {one.discreet}" for one in spoken)]).casefold()
        if all(word in said for word in wanted):
            found.append((key, spoken))
    return found


async def one(hub: Hub, session: AsyncSession, worker: Worker, key: str) -> Whole:
    """Raises `NotFound`."""
    if key not in hub.flows.texts.languages[DEFAULT_LANGUAGE].templates:
        raise NotFound
    topic = key.split(".")[0]
    return Whole(
        key=key,
        name=name_of(key),
        topic=TOPICS.get(topic, topic),
        spoken=_spoken(hub, _texts(hub, worker), key),
        uses=uses(hub, key),
        versions=await versions(session, worker, key=key),
        may_be_reworded=not key.startswith(FIXED),
    )


async def versions(
    session: AsyncSession, worker: Worker, *, key: str = "", state: TextState | None = None
) -> list[Version]:
    """Of the worker's agency and side, the newest first."""
    decider = aliased(Worker)
    wanted = (
        select(TextVersion, Worker.name, decider.name)
        .join(Worker, Worker.id == TextVersion.by_id)
        .outerjoin(decider, decider.id == TextVersion.decided_by_id)
        .where(TextVersion.agency_id == worker.team.agency_id, TextVersion.side == worker.team.side)
        .order_by(TextVersion.id.desc())
        .limit(100)
    )
    if key:
        wanted = wanted.where(TextVersion.key == key)
    if state:
        wanted = wanted.where(TextVersion.state == state)
    zone = worker.team.agency.time_zone
    return [_version(found, by, decided_by or "", zone) for found, by, decided_by in await session.execute(wanted)]


def spoken_as(hub: Hub, key: str, language: str, wording: Template) -> Spoken:
    """A wording with its figures: what the list shows, and what a worker sees while writing."""
    rules, known = hub.flows.text_rules, hub.flows.texts.languages[language]
    own = wording != known.templates.get(key)
    return Spoken(
        code=language,
        language=LANGUAGES.get(language, language),
        text=wording.text,
        discreet=wording.discreet if wording.discreet != wording.text else "",
        size=rules.size(wording.text),
        discreet_size=rules.size(wording.discreet),
        age=reading_age(wording.text, language),
        draft=key.split(".")[0] in known.drafts and not own,
        own=own,
    )


def _spoken(hub: Hub, texts: Texts, key: str) -> list[Spoken]:
    order = sorted(texts.languages, key=lambda code: (code != DEFAULT_LANGUAGE, code))
    found = ((code, texts.languages[code].templates.get(key)) for code in order)
    return [spoken_as(hub, key, code, template) for code, template in found if template]


def _texts(hub: Hub, worker: Worker) -> Texts:
    return hub.wording.over(hub.flows.texts, hub.flows.text_rules, worker.team.agency_id, worker.team.side)


def _version(found: TextVersion, by: str, decided_by: str, zone: str) -> Version:
    why, because = (f": {words}" if words else "" for words in (found.why, found.decided_why))
    decided = f"{decided_by} on {say_when(found.decided_at, zone)}{because}" if found.decided_at else ""
    return Version(
        id=found.id,
        language=LANGUAGES.get(found.language, found.language),
        text=found.text,
        discreet=found.discreet if found.discreet != found.text else "",
        state=found.state,
        state_words=STATES[found.state],
        proposed=f"{by} on {say_when(found.at, zone)}{why}",
        decided=decided,
        key=found.key,
    )
