"""What transcripts say around surveys: what is given, what a worker does, what is answered on a page, what is kept."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import marks, pausing
from hub.people import add_contact, conversation_on
from hub.store.tables import ContactPoint, Line, Person, SurveyRun, Worker
from hub.surveys import answers, inviting, on_pages, publishing, runs
from hub.surveys.exclusion_rules import Per, Quota
from hub.words import ChannelKind, Side
from tests.transcripts.props import ADDRESSES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

# The other channel of somebody who has two.
ELSEWHERE = {
    ChannelKind.SMS: ChannelKind.TELEGRAM,
    ChannelKind.TELEGRAM: ChannelKind.WEBCHAT,
    ChannelKind.WEBCHAT: ChannelKind.SMS,
}


async def around_a_survey(replay: "Replay", session: AsyncSession, person: Person, given: dict[str, Any]) -> None:
    """`also: true`: they have another number or app too. `full: true`: enough people have been asked."""
    if given.get("also"):
        await _another_way(replay, session, person)
    if given.get("full"):
        world, quota = replay.world, Quota(1, None, timedelta(days=30), Per.AGENCY)
        full = replace(world.hub.flows.exclusions, quotas=dict.fromkeys(world.hub.flows.surveys, quota))
        world.hub = replace(world.hub, flows=replace(world.hub.flows, exclusions=full))
        somebody, _ = await world.person(session, role=replay.role, name="Kit Moor", address="+447700900303")
        survey = next(name for name, each in world.hub.flows.surveys.items() if each.side is person.side)
        await runs.invite(world.hub, session, somebody, survey)


async def _another_way(replay: "Replay", session: AsyncSession, person: Person) -> None:
    channel, hub = ELSEWHERE[replay.channel], replay.world.hub
    said = f"in_person:{replay.world.workers[replay.side]}" if person.side is Side.VICTIMS else ""
    contact = await add_contact(
        hub, session, person, channel, ADDRESSES[channel], preferred=False, discreet=False, safe_by=said
    )
    line = await session.scalar(select(Line).where(Line.side == person.side, Line.channel == channel))
    assert line
    replay.conversation_ids.append((await conversation_on(session, person, line, contact)).id)


async def on_the_page(replay: "Replay", does: dict[str, Any]) -> None:
    """`answer` or `skip` the open question, or `question` by its name; `send` at the end."""
    hub = replay.world.hub
    async with hub.store.transaction() as session:
        run: SurveyRun = await replay.last(session, SurveyRun)
        where = await runs.progress(hub, session, run)
        name = does.get("question") or (where.question.id if where.question else "")
        if "send" in does:
            await on_pages.finish(hub, session, run)
        elif "skip" in does:
            await on_pages.skip(hub, session, run, name)
        else:
            assert await on_pages.take(hub, session, run, name, str(does["answer"]))
    await replay.world.settle()


async def survey_work(replay: "Replay", session: AsyncSession, worker: Worker, act: str, value: Any) -> None:
    """What a worker does: `value` is a survey, marks by name with their day, or a number of days."""
    hub, actor = replay.world.hub, f"worker:{worker.id}"
    person = await session.get_one(Person, replay.person_id)
    now = hub.clock.now()
    match act:
        case "invite":
            await inviting.invite(hub, session, actor, person, value)
        case "mark":
            wanted = {name: date.fromisoformat(str(day)) if day else None for name, day in value.items()}
            await marks.set_marks(hub, session, actor, person, wanted)
        case "pause":
            await pausing.pause(hub, session, actor, person, now + timedelta(days=value), "ill")
        case "end_contact":
            await pausing.end(hub, session, actor, person, value)
        case "stop_asking":
            await publishing.set_published(hub, session, worker, value, published=False)
        case "speak_of_safe_contact":
            for contact in await session.scalars(select(ContactPoint).where(ContactPoint.person_id == person.id)):
                contact.safe_asked_at = now


async def survey_state(replay: "Replay", session: AsyncSession, what: str) -> object:
    """`runs`: how many there are; `answers`: what counts, by question; `earlier`: what was said before, and why not."""
    if what == "runs":
        of_theirs = select(SurveyRun.id).where(SurveyRun.person_id == replay.person_id)
        return len((await session.scalars(of_theirs)).all())
    run: SurveyRun = await replay.last(session, SurveyRun)
    if what == "earlier":
        before = await answers.earlier_of(session, run)
        return [f"{each.question} {_said(each)} {each.replaced_by}" for each in before]
    given = await answers.answers_of(session, run)
    return {name: _said(each) for name, each in given.items()}


def _said(each: Any) -> str:
    return str(each.code or ("(words)" if each.words_sealed else "(skipped)"))
