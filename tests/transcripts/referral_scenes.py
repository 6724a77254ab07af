"""Transcripts of referrals: who was referred how, what a worker does about it, how the other of the two answers.

The one whom the transcript speaks with has been recognised by a worker, so that it can be replayed on every channel.
The other of the two is asked at a number that nobody has, as everybody else is.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.referrals import deciding, receipt
from hub.referrals.ages import GUARDIAN, YOUNG
from hub.referrals.said import Said, Somebody
from hub.states import Direction
from hub.store.tables import Agency, Conversation, Message, Person, Referral, Worker
from hub.times import local
from hub.words import Role

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ZONE = "Europe/London"
HERE, OTHER = "+447700900600", "+447700900601"  # of the one in the transcript, and of the other of the two


async def give_referral(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
    """`age` (years), `by` (a role), `safe` (of whoever is asked), `other_safe`, `told: risk`, `language`."""
    hub = replay.world.hub
    taken = await receipt.take(hub, session, await session.get_one(Agency, person.agency_id), said(replay, words))
    if replay.role is Role.SUPPORTER:
        taken.referral.guardian_id = person.id
    else:
        taken.referral.young_id = person.id
    await session.flush()


def said(replay: "Replay", words: dict[str, Any]) -> Said:
    today = local(replay.world.clock.now(), ZONE).date()
    is_guardian, age = replay.role is Role.SUPPORTER, words.get("age", 17)
    here, other = words.get("safe", "yes"), words.get("other_safe", "yes")
    young = Somebody("Jo Marsh" if is_guardian else "Sam Carter", OTHER if is_guardian else HERE, "")
    guardian = Somebody("Sam Carter" if is_guardian else "Kim Carter", HERE if is_guardian else OTHER, "", "parent")
    return Said(
        referrer_name="Ada Teacher",
        referrer_role=words.get("by", "teacher"),
        organisation="Northshire School",
        email="ada@school.example",
        referrer_phone="0300 000 0100",
        young=Somebody(young.name, young.phone, other if is_guardian else here),
        born=date(today.year - age, 1, 15),
        language=words.get("language", "en"),
        guardian=Somebody(guardian.name, guardian.phone, here if is_guardian else other, "parent")
        if age < 16
        else None,
        guardian_told=words.get("told", "yes") if age < 16 else "",
        why=("school", "friends"),
        why_words="Often late since the summer.",
        good_at="Football",
        safety="",
    )


async def work_on_referral(replay: "Replay", does: dict[str, Any]) -> None:
    async with replay.world.hub.store.transaction() as session:
        referral: Referral = (await session.scalars(select(Referral).order_by(Referral.id.desc()))).unique().first()  # type: ignore[assignment]
        worker = await session.get_one(Worker, replay.world.workers[replay.side])
        for act, value in does.items():
            await _do(replay, session, worker, referral, act, value)
    await replay.world.settle()


async def _do(
    replay: "Replay", session: AsyncSession, worker: Worker, referral: Referral, act: str, value: Any
) -> None:
    hub, today = replay.world.hub, local(replay.world.clock.now(), ZONE).date()
    match act:
        case "ask":
            await deciding.ask_now(hub, session, worker, referral)
        case "call_first":
            await deciding.call_first(hub, session, worker, referral)
        case "record":
            who, what = value["who"], value["is"]
            await deciding.record(hub, session, worker, referral, who, what, value.get("how", "phone"), today)
        case "alone":
            await deciding.decides_alone(hub, session, worker, referral, value)
        case "accept":
            await deciding.accept(hub, session, worker, referral)
        case "decline":
            await deciding.decline(hub, session, worker, referral, value, "Thank you. We cannot help just now.")
        case "withdraw":
            await receipt.withdraw(hub, session, referral)
        case _:
            raise AssertionError(f"nobody can {act} a referral")


async def other_writes(replay: "Replay", text: object) -> None:
    await replay.world.text(str(text), OTHER)


async def state_of_referral(replay: "Replay", session: AsyncSession, what: str) -> object:
    referral: Referral = await replay.last(session, Referral)
    match what:
        case "referral":
            return referral.state.value
        case "referral_waits":
            return referral.call_first
        case "emptied":
            return referral.emptied_at is not None
        case _:
            is_guardian = replay.role is Role.SUPPORTER
            return await _heard(session, referral, YOUNG if is_guardian else GUARDIAN)


async def _heard(session: AsyncSession, referral: Referral, who: str) -> list[str | None]:
    """The names of the texts that the other of the two has had, all of them."""
    other = referral.young_id if who == YOUNG else referral.guardian_id
    said = (
        select(Message.text_key)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == other, Message.direction == Direction.OUT)
        .order_by(Message.id)
    )
    return list(await session.scalars(said)) if other else []
