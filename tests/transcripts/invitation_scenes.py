"""Transcripts around a circle of supporters: who stands by whom, codes that are out, another phone and what it hears.

Other phones are on another channel than the one that is replayed, each with an address of its own.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import no_contact
from hub.people import name_of
from hub.store.tables import Conversation, Invitation, Person, Thread, ThreadMember
from hub.threads import codes, invitations
from hub.threads.standing import members_of
from hub.times import local
from hub.words import ChannelKind, Relation, Role, Sees, Side
from tests.circles import stand_by
from tests.transcripts.props import ADDRESSES
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

CODE = re.compile(r"\b\d{4} \d{4}\b")
NEXT = {  # the channel on which a supporter writes, by the one that is replayed
    ChannelKind.SMS: ChannelKind.TELEGRAM,
    ChannelKind.TELEGRAM: ChannelKind.WEBCHAT,
    ChannelKind.WEBCHAT: ChannelKind.SMS,
}
PHONES = {
    ChannelKind.SMS: "+44770090040{}",
    ChannelKind.TELEGRAM: "90040{}",
    ChannelKind.WEBCHAT: "token-40{}",
}
PEERS = "+44770090050{}"  # those by whom somebody stands
Given = dict[str, Any]


async def give_circle(
    replay: "Replay", session: AsyncSession, person: Person, conversation: Conversation, given: Given
) -> None:
    """`unknown`, `adult_in` (days), `circle`, `stands_by`, `code_for`, `no_contact`."""
    hub, now = replay.world.hub, replay.world.clock.now()
    if given.get("unknown"):
        person.known, person.role, person.name_sealed, person.worker_id = False, Role.SUPERVISED, None, None
    if "adult_in" in given:
        person.adult_from = local(now, "Europe/London").date() + timedelta(days=given["adult_in"])
    for number, one in enumerate(given.get("circle", ()), 1):
        await _stands_by(replay, session, person, number, one)
    for number, name in enumerate(given.get("stands_by", ())):
        other, _ = await replay.world.person(session, name=name, address=PEERS.format(number))
        await stand_by(hub, session, other, person, sees=Sees.CHAT, relation=Relation.MENTOR)
    if "supporter" in given:
        await _give_support(replay, session, person, given["supporter"])
    if "code_for" in given:
        await _give_code(replay, session, given["code_for"])
    if "no_contact" in given:
        await _bar(replay, session, person, given["no_contact"])
    await session.flush()


async def _stands_by(replay: "Replay", session: AsyncSession, person: Person, number: int, one: Given) -> None:
    channel = NEXT[replay.channel]
    supporter, conversation = await replay.world.person(
        session, role=Role.SUPPORTER, side=person.side, name=one["name"], channel=channel,
        address=PHONES[channel].format(number),
    )  # fmt: skip
    conversation.contact_point.verified_at = replay.world.clock.now()
    member = await stand_by(
        replay.world.hub, session, person, supporter,
        sees=Sees(one.get("sees", "dates")), relation=Relation(one.get("relation", "friend")),
    )  # fmt: skip
    if "days" in one:
        member.ends_at = replay.world.clock.now() + timedelta(days=one["days"])


async def _give_support(replay: "Replay", session: AsyncSession, supporter: Person, words: Given) -> None:
    """They stand by Alex, or have a code for it: `accepted: false`. Alex has an `appointment`."""
    if not words.get("accepted"):
        alex = await _give_code(replay, session, {"sees": words.get("sees", "dates")})
    else:
        alex, _ = await replay.world.person(session, name="Alex Reed", address=PEERS.format(9))
        await stand_by(replay.world.hub, session, alex, supporter, sees=Sees(words.get("sees", "dates")))
    if "appointment" in words:
        await replay.give_appointment(session, alex, words["appointment"])


async def _give_code(replay: "Replay", session: AsyncSession, words: Given) -> Person:
    """Alex has wished for somebody: the code is out."""
    known = dict(words)
    alex, _ = await replay.world.person(
        session, name="Alex Reed", address=PEERS.format(9), language=known.pop("of", "en")
    )
    numbers = known.pop("not", [])
    if numbers:
        worker = replay.world.workers[Side.SUPERVISION]
        await no_contact.add(replay.world.hub, session, worker, alex, name="", numbers=numbers, why="order")
    wished = await invitations.wish(
        replay.world.hub, session, alex, f"person:{alex.id}",
        name=known.get("name", "Jo"), relation=Relation(known.get("relation", "friend")),
        sees=Sees(known.get("sees", "dates")), months=known.get("months"), agreed_how="text",
    )  # fmt: skip
    replay.invitation_code = codes.shown(wished.code) if wished.code else ""
    return alex


async def _bar(replay: "Replay", session: AsyncSession, person: Person, words: Given) -> None:
    """`name`; `phone: 1`, the first of the other phones."""
    numbers = [PHONES[ChannelKind.SMS].format(words["phone"])] if "phone" in words else []
    worker = replay.world.workers[replay.side]
    await no_contact.add(
        replay.world.hub, session, worker, person, name=words.get("name", ""), numbers=numbers, why="condition"
    )


# --- what happens ---------------------------------------------------------------------------------


async def supporter_writes(replay: "Replay", said: str | Given) -> None:
    """From another phone: `text`, or `code: invitation`; `phone: 2`, `on: sms`, `line: victims` where it matters."""
    words: Given = {"text": said} if isinstance(said, str) else said
    channel = ChannelKind(words.get("on", NEXT[replay.channel]))
    side = Side(words.get("line", Side.SUPERVISION))
    text = said_code(replay, words) if "code" in words else str(words["text"])
    address = ADDRESSES[channel] if words.get("phone") == "theirs" else PHONES[channel].format(words.get("phone", 1))
    before = len(replay.world.heard(address))
    await replay.world.simulator.text(address, LINES[side, channel], text, channel=channel)
    await replay.world.settle()
    replay.supporter_heard = replay.world.heard(address)[before:]


def said_code(replay: "Replay", words: Given) -> str:
    """The code that was said last, with what stands around it: `as: "JOIN {}"`."""
    texts = [text.text for address in ADDRESSES.values() for text in replay.world.simulator.phones.received(address)]
    found = [code for text in texts for code in CODE.findall(text)]
    code = replay.invitation_code or (found[-1] if found else "")
    assert code, "no code has been said"
    if words["code"] == "old":
        code = found[0]
    return str(words.get("as", "{}")).format(code, code.replace(" ", ""), f"{code[:4]}-{code[-4:]}")


async def by_worker(replay: "Replay", words: Given) -> None:
    """A worker enters a wish: `agreed: spoken`, or they are asked."""
    hub, worker = replay.world.hub, replay.world.workers[replay.side]
    async with hub.store.transaction() as session:
        person = await session.get_one(Person, replay.person_id)
        await invitations.wish(
            hub, session, person, f"worker:{worker}", worker_id=worker,
            name=words.get("name", "Jo"), relation=Relation(words.get("relation", "friend")),
            sees=Sees(words.get("sees", "dates")), months=words.get("months"), agreed_how=words.get("agreed", ""),
            guardian_how=words.get("guardian", ""), under_18=words.get("under_18", False),
        )  # fmt: skip
    await replay.world.settle()


async def look_at(replay: "Replay", words: Given) -> None:
    """A worker looks: `agreed`, `guardian: spoken`."""
    hub, worker = replay.world.hub, replay.world.workers[Side.SUPERVISION]
    async with hub.store.transaction() as session:
        found = await session.scalar(select(Invitation).order_by(Invitation.id.desc()).limit(1))
        assert found, "there is no invitation"
        await invitations.look_at(
            hub, session, worker, found, agreed=words["agreed"], guardian_how=words.get("guardian", "")
        )
    await replay.world.settle()


async def bar_now(replay: "Replay", words: Given) -> None:
    async with replay.world.hub.store.transaction() as session:
        await _bar(replay, session, await session.get_one(Person, replay.person_id), words)
    await replay.world.settle()


STEPS: dict[str, Callable[["Replay", Any], Awaitable[None]]] = {
    "supporter": supporter_writes,
    "proposes": by_worker,
    "looks": look_at,
    "bars": bar_now,
}


# --- what must be so then -------------------------------------------------------------------------


def supporter_heard(replay: "Replay", parts: list[str] | None, where: str) -> None:
    """Of what the other phone heard since it wrote; an empty list: nothing at all."""
    if parts is None:
        return
    heard = " | ".join(replay.supporter_heard)
    assert parts or not heard, f"{where}: {heard!r}"
    for part in parts:
        assert part in heard, f"{where}: {part!r} is not in {heard!r}"


async def _circle(replay: "Replay", session: AsyncSession) -> object:
    """Who stands by the person, and what each sees; of a supporter, who stands by whom it is about."""
    person_id = replay.person_id
    if replay.role is Role.SUPPORTER or not await _has_thread(session, person_id):
        threads = (await session.scalars(select(Thread.person_id).order_by(Thread.id))).all()
        person_id = threads[0] if threads else person_id
    members = await members_of(session, person_id, replay.world.clock.now())
    return [f"{name_of(replay.world.hub, each.supporter).split(' ')[0]} {each.sees}" for each in members]


async def _has_thread(session: AsyncSession, person_id: int) -> bool:
    return await session.scalar(select(Thread.id).where(Thread.person_id == person_id)) is not None


async def _invitation(_replay: "Replay", session: AsyncSession) -> object:
    """The state of the newest."""
    found = await session.scalar(select(Invitation).order_by(Invitation.id.desc()).limit(1))
    return found.state.value if found else "none"


async def _checks(_replay: "Replay", session: AsyncSession) -> object:
    found = await session.scalar(select(Invitation).order_by(Invitation.id.desc()).limit(1))
    return list(found.checks) if found else []


async def _ended_for(_replay: "Replay", session: AsyncSession) -> object:
    wanted = select(ThreadMember.ended_for).order_by(ThreadMember.thread_id, ThreadMember.person_id)
    return list(await session.scalars(wanted))


async def _role(replay: "Replay", session: AsyncSession) -> object:
    person = await session.get_one(Person, replay.person_id)
    return person.role.value if person.known else "unknown"


STATES: dict[str, Callable[["Replay", AsyncSession], Awaitable[object]]] = {
    "circle": _circle,
    "invitation": _invitation,
    "why_checked": _checks,
    "ended_for": _ended_for,
    "role": _role,
}
