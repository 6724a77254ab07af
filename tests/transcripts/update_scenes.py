"""Transcripts of what is owed to victims: what is given, what a worker does, who was named, what must be so then."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_dates, case_events, nominations, update_plans, updates_told
from hub.nudges.planner import replan
from hub.store.tables import Case, Conversation, Message, Nomination, Person, Update, UpdatePlan, Worker
from hub.times import local
from hub.words import ChannelKind, Role, Side
from integrations.channels.simulator.faults import NO_FAULTS, Faults
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

ZONE = "Europe/London"
CONTACTS = {ChannelKind.SMS: "+447700900303", ChannelKind.TELEGRAM: "900303", ChannelKind.WEBCHAT: "token-303"}


async def given_updates(replay: "Replay", session: AsyncSession, person: Person, given: dict[str, Any]) -> None:
    """`enhanced`, `case_date`, `no_signal`, and the `contact` whom they have named."""
    hub = replay.world.hub
    if replay.case_id and replay.side is Side.VICTIMS:
        plan = await _plan(replay, session)  # as the tick makes it, seconds after a case is known
        if given.get("case") != {}:  # a case that is under way: how often, they have been asked before
            plan.asked_at = replay.world.clock.now()
            await session.flush()
            await replan(hub, session, "update_plan", plan.case_id)
    if "enhanced" in given:
        await update_plans.set_enhanced(hub, session, "hub", await _plan(replay, session), given["enhanced"])
    if "case_date" in given:
        day = local(replay.world.clock.now(), ZONE).date() + timedelta(days=given["case_date"]["in_days"])
        case = await replay.last(session, Case)
        await case_dates.set_date(hub, session, "hub", case, given["case_date"]["kind"], day)
    if given.get("no_signal"):
        replay.world.simulator.set_faults(Faults(lost=1.0))
    if "contact" in given:
        await _name(replay, session, person, given["contact"])


async def contact_writes(replay: "Replay", text: str) -> None:
    """Whoever was named writes."""
    line = LINES[Side.VICTIMS, replay.channel]
    await replay.world.simulator.text(CONTACTS[replay.channel], line, text, channel=replay.channel)
    await replay.world.settle()


async def work_on_updates(replay: "Replay", session: AsyncSession, act: str, value: Any) -> None:  # noqa: C901  # a list
    """What a worker can do about news."""
    hub, worker = replay.world.hub, await session.get_one(Worker, replay.world.workers[replay.side])
    actor, now = f"worker:{worker.id}", replay.world.clock.now()
    match act:
        case "news":
            known = dict(value)
            happened = now - timedelta(days=known.pop("days_ago", 0))
            case, told = await replay.last(session, Case), {"reason": "", "happened_at": happened} | known
            await case_events.record_event(hub, session, actor, case, **told)
        case "told":
            await updates_told.by_worker(hub, session, worker, await _owed(session), value, now)
        case "send_again":
            await case_events.send_again(hub, session, actor, await _owed(session))
        case "no_news":
            await case_events.say_no_news(hub, session, actor, await _owed(session))
        case "unwanted":
            await update_plans.set_wanted(hub, session, actor, await _plan(replay, session), wanted=False)
        case "name":
            await _name(replay, session, await session.get_one(Person, replay.person_id), value)
        case "unname":
            await nominations.end(hub, session, actor, await replay.last(session, Nomination))
        case "signal":
            replay.world.simulator.set_faults(NO_FAULTS)
        case _:
            raise AssertionError(f"a worker cannot {act}")


async def state_of_updates(replay: "Replay", session: AsyncSession, what: str) -> object:
    match what:
        case "updates":  # all of them, in order: what of, and what became of it
            rows = (await session.scalars(select(Update).order_by(Update.id))).all()
            return [f"{row.event.milestone if row.event else row.kind} {row.state.value}" for row in rows]
        case "owed_by":
            return [f"{row.due_on}" for row in await session.scalars(_all_owed())]
        case "rhythm":
            plan = await session.get_one(UpdatePlan, replay.case_id)
            return "never" if plan.unwanted_at else plan.every_days
        case "contact":
            named: Nomination | None = await session.scalar(select(Nomination).order_by(Nomination.id.desc()).limit(1))
            return named.state.value if named else "none"
        case _:  # the names of all texts that the contact has had
            return list(await session.scalars(_to_contact()))


async def _name(replay: "Replay", session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
    contact, conversation = await replay.world.person(
        session,
        role=Role.SUPPORTER,
        side=Side.VICTIMS,
        name="Mo Carter",
        channel=replay.channel,
        address=CONTACTS[replay.channel],
        discreet=words.get("discreet", False),
    )
    conversation.contact_point.safe_asked_at = replay.world.clock.now()
    await nominations.name(
        replay.world.hub,
        session,
        "hub",
        person,
        contact,
        scope=words.get("hears", nominations.EVERYTHING),
        instead=words.get("instead", False),
        agreed_how=words.get("agreed", ""),
    )


async def _plan(replay: "Replay", session: AsyncSession) -> UpdatePlan:
    return await update_plans.plan_of(replay.world.hub, session, await replay.last(session, Case))


async def _owed(session: AsyncSession) -> Update:
    """The one that presses most."""
    found: Update | None = await session.scalar(_all_owed().limit(1))
    assert found, "nothing is owed"
    return found


def _all_owed() -> Any:
    return select(Update).where(Update.state == "owed").order_by(Update.due_at, Update.id)


def _to_contact() -> Any:
    contact = select(Nomination.contact_id)
    talks = select(Conversation.id).where(Conversation.person_id.in_(contact))
    return (
        select(Message.text_key)
        .where(Message.conversation_id.in_(talks), Message.direction == "out", Message.state != "cancelled")
        .order_by(Message.id)
    )
