"""A circle in a transcript: several people on several channels, each with a phone of their own, who talk."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.ports import Media
from hub.reading.threads import posts as posts_of
from hub.states import EscalationState
from hub.store.tables import Conversation, Escalation, Person, ThreadMember, Worker
from hub.threads import members, posts
from hub.threads.standing import thread_for, thread_of
from hub.words import ChannelKind, PostTo, Relation, Role, Sees, Side
from tests.transcripts.props import photo
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ME, PERSON = "me", "person"
SURNAMES = ("Hart", "Pritchard", "Okafor", "Lindqvist", "Quaye", "Romero")  # that nobody must read


@dataclass
class Phone:
    """Of one of them. `seen`: how many texts a step has looked at."""

    address: str
    channel: ChannelKind
    person_id: int
    seen: int = 0


@dataclass
class Circle:
    """`phones` by the names that steps use."""

    owner_id: int = 0
    phones: dict[str, Phone] = field(default_factory=dict)


async def give_thread(replay: "Replay", session: AsyncSession, me: Person, words: dict[str, Any]) -> None:
    """`members`: of the circle around whoever writes; where a supporter writes, `around`: by whom they stand."""
    circle = replay.circle
    mine = Phone(replay.address, replay.channel, me.id)
    circle.phones[ME] = mine
    owners = {PERSON: me} if me.role is Role.SUPERVISED else {}
    circle.phones |= dict.fromkeys(owners, mine)
    for name, about in (words.get("around") or {}).items():
        owners[name] = await _somebody(replay, session, name, about or {}, Role.SUPERVISED)
        await _let_in(replay, session, owners[name], me, words.get(ME) or {})
    circle.owner_id = next(iter(owners.values())).id
    for name, about in (words.get("members") or {}).items():
        supporter = await _somebody(replay, session, name, about, Role.SUPPORTER)
        await _let_in(replay, session, owners[about.get("around", next(iter(owners)))], supporter, about)


async def _somebody(replay: "Replay", session: AsyncSession, name: str, about: dict[str, Any], role: Role) -> Person:
    number = len(replay.circle.phones)
    channel = ChannelKind(about.get("channel", "sms"))
    address = f"+4477009004{number:02}" if channel is ChannelKind.SMS else f"9004{number:02}"
    person, _ = await replay.world.person(
        session,
        role=role,
        name=about.get("name", f"{name.capitalize()} {SURNAMES[number % len(SURNAMES)]}"),
        channel=channel,
        address=address,
        language=about.get("language", "en"),
        discreet=about.get("discreet", False),
        side=Side.SUPERVISION,
    )
    person.time_zone = about.get("time_zone")
    replay.circle.phones[name] = Phone(address, channel, person.id)
    return person


async def _let_in(
    replay: "Replay", session: AsyncSession, owner: Person, supporter: Person, about: dict[str, Any]
) -> None:
    hub = replay.world.hub
    thread = await thread_for(session, owner, hub.clock.now())
    sees, relation = Sees(about.get("sees", "chat")), Relation(about.get("relation", "family"))
    await members.join(hub, session, thread, supporter, sees=sees, relation=relation)


async def writes(replay: "Replay", step: dict[str, Any]) -> bool:
    """Whether somebody of the circle writes in this step."""
    name = next((name for name in replay.circle.phones if name in step and name != ME), None)
    if name is None:
        return False
    phone, words = replay.circle.phones[name], step[name]
    said = words if isinstance(words, dict) else {"text": words}
    media = (Media(photo(said["photo"]), "image/jpeg", said["photo"]),) if "photo" in said else ()
    line = LINES[Side.SUPERVISION, phone.channel]
    text = str(said.get("text", ""))
    await replay.world.simulator.text(phone.address, line, text, channel=phone.channel, media=media)
    await replay.world.settle()
    return True


def check_heard(replay: "Replay", step: dict[str, Any], where: str) -> None:
    """What each phone has received since the last step, all of it and in its order; "…" at the end: it begins so."""
    for name, phone in replay.circle.phones.items():
        heard = replay.world.heard(phone.address)[phone.seen :]
        if name in (step.get("heard") or {}):
            expected = step["heard"][name]
            same = len(heard) == len(expected) and all(map(_is, heard, expected))
            assert same, f"{where}: {name} heard {heard}, not {expected}"
        for word in step.get("unheard", []):
            assert not any(word.lower() in text.lower() for text in heard), f"{where}: {name} heard {heard}"
    for phone in replay.circle.phones.values():
        phone.seen = len(replay.world.heard(phone.address))


def _is(heard: str, expected: str) -> bool:
    return heard.startswith(expected[:-1]) if expected.endswith("…") else heard == expected


async def check_reasons(replay: "Replay", session: AsyncSession, step: dict[str, Any], where: str) -> None:
    """`escalations_of`: all open reasons of others than the main writer."""
    for name, expected in (step.get("escalations_of") or {}).items():
        wanted = (
            select(Escalation.reason)
            .join(Conversation, Conversation.id == Escalation.conversation_id)
            .where(
                Conversation.person_id == replay.circle.phones[name].person_id,
                Escalation.state != EscalationState.CLOSED,
            )
        )
        found = sorted(await session.scalars(wanted))
        assert found == expected, f"{where}: {name}: {found}"


async def unread_state(replay: "Replay", session: AsyncSession) -> list[str]:
    """Whose conversations wait for a worker's eye."""
    waits = set(await session.scalars(select(Conversation.person_id).where(Conversation.unread)))
    return sorted(name for name, phone in replay.circle.phones.items() if phone.person_id in waits and name != ME)


async def posts_state(replay: "Replay", session: AsyncSession) -> list[str]:
    """As the worker's page has them: "Mum: ok", "Jo to worker: …", "Priya to Mum: …", "(Mum: …)" while paused."""
    thread = await thread_of(session, replay.circle.owner_id)
    assert thread
    found = []
    for said in await posts_of(replay.world.hub, session, thread):
        to = {PostTo.ALL: "", PostTo.WORKER: " to worker", PostTo.ONE: f" to {said.only_to}"}[said.to]
        line = f"{said.author}{to}: {said.words}"
        found.append(f"({line})" if said.to is PostTo.ALL and not said.relayed else line)
    return found


async def work_on_thread(replay: "Replay", session: AsyncSession, act: str, value: Any) -> bool:
    """`circle_say: words`, or `{to: mum, words: …}`; `circle_pause`, `circle_resume`, `circle_end: mum`."""
    hub = replay.world.hub
    if not act.startswith("circle_"):
        return False
    worker = await session.get_one(Worker, replay.world.workers[Side.SUPERVISION])
    thread = await thread_of(session, replay.circle.owner_id)
    assert thread
    match act:
        case "circle_say" if isinstance(value, dict):
            to = await session.get_one(Person, replay.circle.phones[value["to"]].person_id)
            await posts.say(hub, session, worker, thread, value["words"], only_to=to)
        case "circle_say":
            await posts.say(hub, session, worker, thread, value)
        case "circle_pause":
            await posts.pause(hub, session, worker, thread)
        case "circle_resume":
            await posts.resume(hub, session, worker, thread)
        case "circle_end":
            member = await session.get_one(ThreadMember, (thread.id, replay.circle.phones[value].person_id))
            await members.end(hub, session, f"worker:{worker.id}", member, "removed")
        case _:
            return False
    return True
